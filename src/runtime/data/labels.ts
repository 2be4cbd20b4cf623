/**
 * What an array `y` means. By itself: whole numbers are classes, one-hot rows are classes, several ones in a row are labels of a
 * multi-label set, other floats are values. `labels …` in the program states it, and then y has to agree.
 */
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { LabelKind } from '../../compiler/model/program.ts';
import type { Span } from '../../compiler/source/source.ts';
import type { NpyArray } from '../files/npy.ts';
import type { LabelSet } from './found.ts';

interface Wanted {
  readonly kind: LabelKind | 'auto';
  readonly classes: readonly string[] | null;
  readonly span: Span;
}

/** More classes than this are taken for a mistake: a head of that width could not be trained. */
const mostClasses = 100_000;

/**
 * @param y (N) or (N, K); (N, 1) whole numbers are classes as in CIFAR's files. @param name for messages: `y`.
 * Throws DiagnosticError: CNN4067, CNN4069 to CNN4072, CNN4081.
 */
export function interpretLabels(y: NpyArray, name: string, wanted: Wanted): LabelSet {
  const { span } = wanted;
  if (y.shape.length < 1 || y.shape.length > 2 || y.shape[1] === 0) throw wrong('CNN4067', span, { name, shape: y.shape, dtype: y.dtype, want: '(N) or (N, K)' });
  refuseNonFinite(y.data, (i) => placeOf(name, y.shape, i), span);
  const kind = wanted.kind === 'auto' ? kindOf(y) : wanted.kind;
  switch (kind) {
    case 'categorical':
    case 'sparse':
      return isColumn(y) ? fromIntegers(y, name, kind, wanted) : fromOneHot(y, name, kind, wanted);
    case 'binary':
      return binary(y, name, wanted);
    case 'multilabel':
      return multilabel(y, name, wanted);
    case 'values':
      return values(y, wanted);
  }
}

const wrong = <C extends Parameters<typeof diagnostic>[0]>(code: C, span: Span, facts: Parameters<typeof diagnostic<C>>[2]): DiagnosticError => new DiagnosticError([diagnostic(code, span, facts)]);
const isColumn = (y: NpyArray): boolean => y.shape.length === 1 || y.shape[1] === 1;
const isWhole = (y: NpyArray): boolean => y.dtype !== 'float32' && y.dtype !== 'float64';
const placeOf = (name: string, shape: readonly number[], i: number): string => (shape.length === 1 ? `${name}[${i}]` : `${name}[${Math.floor(i / shape[1])}, ${i % shape[1]}]`);

function kindOf(y: NpyArray): LabelKind {
  if (isColumn(y)) return isWhole(y) ? 'sparse' : 'values';
  if (firstNot01(y) >= 0) return 'values';
  return firstNotOneHot(y) < 0 ? 'categorical' : 'multilabel';
}

const firstNot01 = (y: NpyArray): number => y.data.findIndex((v) => v !== 0 && v !== 1);

/** The first row that is not one 1 among zeros, or −1. */
function firstNotOneHot({ data, shape: [count, width] }: NpyArray): number {
  for (let row = 0; row < count; row++) {
    let ones = 0;
    for (let k = 0; k < width; k++) {
      const v = data[row * width + k];
      if (v === 1) ones++;
      else if (v !== 0) return row;
    }
    if (ones !== 1) return row;
  }
  return -1;
}

/** Throws CNN4069 at the first NaN or infinity. */
export function refuseNonFinite(data: NpyArray['data'], place: (index: number) => string, span: Span): void {
  if (!(data instanceof Float32Array) && !(data instanceof Float64Array)) return;
  let first = -1;
  let count = 0;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    if (count++ === 0) first = i;
  }
  if (count > 0) throw wrong('CNN4069', span, { place: place(first), value: data[first], count });
}

function fromIntegers(y: NpyArray, name: string, kind: 'categorical' | 'sparse', { classes, span }: Wanted): LabelSet {
  let most = -1;
  for (let i = 0; i < y.data.length; i++) {
    const v = y.data[i];
    if (v < 0 || !Number.isInteger(v) || v >= (classes?.length ?? mostClasses)) throw wrong('CNN4070', span, { place: placeOf(name, y.shape, i), value: v, classes: classes?.length ?? mostClasses });
    if (v > most) most = v;
  }
  return { kind, classes: classes ?? numbered(most + 1), values: Int32Array.from(y.data), width: 1 };
}

function fromOneHot(y: NpyArray, name: string, kind: 'categorical' | 'sparse', wanted: Wanted): LabelSet {
  const { data, shape: [count, width] } = y;
  const row = firstNotOneHot(y);
  if (row >= 0) {
    const use = firstNot01(y) < 0 ? 'multilabel' : 'values';
    throw wrong('CNN4071', wanted.span, { place: `${name}[${row}]`, is: `is ${showRow(data, row, width)}`, asked: wanted.kind, want: 'one 1 in each row', use });
  }
  const labels = new Int32Array(count);
  for (let i = 0; i < data.length; i++) if (data[i] === 1) labels[Math.floor(i / width)] = i % width;
  return { kind, classes: named(width, name, wanted), values: labels, width: 1 };
}

function binary(y: NpyArray, name: string, { classes, span }: Wanted): LabelSet {
  if (!isColumn(y)) throw wrong('CNN4071', span, { place: name, is: `has ${y.shape[1]} in each row`, asked: 'binary', want: 'one 0 or 1 for each picture', use: kindOf(y) });
  const not = firstNot01(y);
  if (not >= 0) throw wrong('CNN4071', span, { place: placeOf(name, y.shape, not), is: `is ${y.data[not]}`, asked: 'binary', want: '0 or 1', use: isWhole(y) ? 'sparse' : 'values' });
  if (classes && classes.length !== 2) throw wrong('CNN4081', span, { classes: classes.length });
  return { kind: 'binary', classes: classes ?? numbered(2), values: Float32Array.from(y.data), width: 1 };
}

function multilabel(y: NpyArray, name: string, wanted: Wanted): LabelSet {
  const width = y.shape[1] ?? 1;
  const not = firstNot01(y);
  if (not >= 0) throw wrong('CNN4071', wanted.span, { place: placeOf(name, y.shape, not), is: `is ${y.data[not]}`, asked: 'multilabel', want: 'zeros and ones', use: isColumn(y) && isWhole(y) ? 'sparse' : 'values' });
  return { kind: 'multilabel', classes: named(width, name, wanted), values: Float32Array.from(y.data), width };
}

function values(y: NpyArray, wanted: Wanted): LabelSet {
  const width = y.shape[1] ?? 1;
  const names = wanted.classes ? named(width, 'y', wanted) : width === 1 ? ['value'] : numbered(width).map((number) => `value_${number}`);
  return { kind: 'values', classes: names, values: Float32Array.from(y.data), width };
}

const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => String(i));

function named(width: number, name: string, { classes, span }: Wanted): readonly string[] {
  if (classes && classes.length !== width) throw wrong('CNN4072', span, { listed: classes.length, found: width, where: `a row of ${name}` });
  return classes ?? numbered(width);
}

function showRow(data: NpyArray['data'], row: number, width: number): string {
  const shown = Array.from({ length: Math.min(width, 8) }, (_, k) => data[row * width + k]);
  return `[${shown.join(', ')}${width > 8 ? ', …' : ''}]`;
}

/** The classes of two sets that are one data set: the larger numbering, unless the program names them. */
export function joinLabels(a: LabelSet, b: LabelSet, span: Span): LabelSet {
  if (a.kind !== b.kind || a.width !== b.width) {
    throw wrong('CNN4071', span, { place: 'y_test', is: `is ${b.kind}`, asked: a.kind, want: `the same in both parts`, use: null });
  }
  const values = a.values instanceof Int32Array ? new Int32Array(a.values.length + b.values.length) : new Float32Array(a.values.length + b.values.length);
  values.set(a.values);
  values.set(b.values, a.values.length);
  return { ...a, classes: a.classes.length >= b.classes.length ? a.classes : b.classes, values };
}
