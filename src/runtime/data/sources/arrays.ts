/** What npz and idx share: pictures as one array, labels as another, a second pair for the test part. */
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import type { DataFacts, DataPlan } from '../../../compiler/model/program.ts';
import type { Span } from '../../../compiler/source/source.ts';
import type { NpyArray, NpyDType } from '../../files/npy.ts';
import type { Found, LabelSet, Pixels } from '../found.ts';
import { countPerClass } from '../found.ts';
import { interpretLabels, joinLabels, refuseNonFinite } from '../labels.ts';

/** One part's arrays; `x` has its header only when probing. */
export interface ArrayPart {
  readonly xName: string;
  readonly yName: string;
  readonly x: { readonly dtype: NpyDType; readonly shape: readonly number[]; readonly data?: NpyArray['data'] };
  readonly y: NpyArray;
}

type Sample = readonly [number, number, number];

/** Shapes, counts and labels of one or two parts. Throws DiagnosticError: CNN4054, CNN4062, CNN4067 to CNN4072. */
function checkParts(train: ArrayPart, test: ArrayPart | null, plan: DataPlan, span: Span): { labels: LabelSet; sample: Sample; type: 'uint8' | 'float32' } {
  const sample = sampleShape(train, span);
  const type = pixelType(train, span);
  let labels = labelsOf(train, plan, span);
  if (test) {
    const other = sampleShape(test, span);
    if (other.join() !== sample.join() || pixelType(test, span) !== type) {
      throw new DiagnosticError([diagnostic('CNN4067', span, { name: test.xName, shape: test.x.shape, dtype: test.x.dtype, want: `like ${train.xName}: ${train.x.dtype} (N, ${train.x.shape.slice(1).join(', ')})` })]);
    }
    // The test part must be understood as the training part was: all its rows may happen to be one-hot.
    labels = joinLabels(labels, labelsOf(test, { ...plan, labels: labels.kind, classes: plan.classes }, span), span);
  }
  if (labels.kind !== 'values' && labels.kind !== 'multilabel' && labels.classes.length < 2) {
    throw new DiagnosticError([diagnostic('CNN4054', span, { name: labels.classes[0] ?? '0', beside: null })]);
  }
  return { labels, sample, type };
}

function labelsOf(part: ArrayPart, plan: DataPlan, span: Span): LabelSet {
  const [pictures] = part.x.shape;
  const [count] = part.y.shape;
  if (pictures === 0) throw new DiagnosticError([diagnostic('CNN4062', span, { part: part.xName === 'x_test' ? 'test' : 'train', fraction: null, count: 0 })]);
  const labels = interpretLabels(part.y, part.yName, { kind: plan.labels, classes: plan.classes, span });
  if (pictures !== count) throw new DiagnosticError([diagnostic('CNN4068', span, { x: part.xName, y: part.yName, pictures, labels: count ?? 0 })]);
  return labels;
}

function sampleShape({ x, xName }: ArrayPart, span: Span): Sample {
  const [, height, width, channels = 1] = x.shape;
  const fits = (x.shape.length === 3 || x.shape.length === 4) && height > 0 && width > 0 && (channels === 1 || channels === 3);
  if (!fits) throw new DiagnosticError([diagnostic('CNN4067', span, { name: xName, shape: x.shape, dtype: x.dtype, want: '(N, height, width) or (N, height, width, channels) with 1 or 3 channels' })]);
  return [height, width, channels];
}

function pixelType({ x, xName }: ArrayPart, span: Span): 'uint8' | 'float32' {
  if (x.dtype === 'uint8' || x.dtype === 'bool') return 'uint8';
  if (x.dtype === 'float32' || x.dtype === 'float64') return 'float32';
  throw new DiagnosticError([diagnostic('CNN4067', span, { name: xName, shape: x.shape, dtype: x.dtype, want: 'uint8 (0 to 255) or float32' })]);
}

export function factsOfArrays(train: ArrayPart, test: ArrayPart | null, plan: DataPlan, span: Span): DataFacts {
  const { labels, sample, type } = checkParts(train, test, plan, span);
  const count = train.x.shape[0] + (test?.x.shape[0] ?? 0);
  return { labelKind: labels.kind, classes: labels.classes, sampleShape: sample, pixelType: type, count, perClass: countPerClass(labels), parts: { test: test !== null, validation: false } };
}

export function foundInArrays(train: ArrayPart, test: ArrayPart | null, plan: DataPlan, span: Span): Found {
  const { labels, sample, type } = checkParts(train, test, plan, span);
  const trainCount = train.x.shape[0];
  const count = trainCount + (test?.x.shape[0] ?? 0);
  const describe = (index: number): string => (index < trainCount ? `${train.xName}[${index}]` : `${test?.xName}[${index - trainCount}]`);
  const pixels = type === 'uint8' ? { kind: type, shape: sample, data: joinBytes(train, test) } : { kind: type, shape: sample, data: joinFloats(train, test) };
  if (pixels.kind === 'float32') {
    const size = sample[0] * sample[1] * sample[2];
    refuseNonFinite(pixels.data, (i) => placeIn(describe(Math.floor(i / size)), i % size, sample), span);
  }
  return {
    count,
    labels,
    weights: null,
    part: Uint8Array.from({ length: count }, (_, i) => (i < trainCount ? 0 : 2)),
    brings: { test: test !== null, validation: false },
    pixels: pixels satisfies Pixels,
    orderPerClass: false,
    describe,
    warnings: [],
  };
}

const placeIn = (sample: string, at: number, [, width, channels]: Sample): string =>
  `${sample.slice(0, -1)}, ${Math.floor(at / (width * channels))}, ${Math.floor(at / channels) % width}${channels > 1 ? `, ${at % channels}` : ''}]`;

function joinBytes(train: ArrayPart, test: ArrayPart | null): Uint8Array {
  const first = train.x.data as Uint8Array;
  if (!test) return first;
  const second = test.x.data as Uint8Array;
  const data = new Uint8Array(first.length + second.length);
  data.set(first);
  data.set(second, first.length);
  return data;
}

function joinFloats(train: ArrayPart, test: ArrayPart | null): Float32Array {
  const first = train.x.data ?? [];
  const second = test?.x.data ?? [];
  const data = new Float32Array(first.length + second.length);
  data.set(first);
  data.set(second, first.length);
  return data;
}
