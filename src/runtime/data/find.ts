/** From a source to what it holds. */
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { DataFacts, DataPlan, DataSource } from '../../compiler/model/program.ts';
import { fileSpan } from '../../compiler/source/source.ts';
import type { Span } from '../../compiler/source/source.ts';
import type { OpenOptions, Probe } from './dataset.ts';
import type { Found } from './found.ts';
import { countPerClass } from './found.ts';
import { factsOfArrays, foundInArrays } from './sources/arrays.ts';
import type { ArrayPart } from './sources/arrays.ts';
import { readCifarParts } from './sources/cifar.ts';
import { scanCsv } from './sources/csv.ts';
import { scanFolder } from './sources/folder.ts';
import { readIdxParts } from './sources/idx.ts';
import { readNpyParts } from './sources/npy.ts';
import { readNpzParts } from './sources/npz.ts';
import { drawAll, factsOfSynthetic } from './sources/synthetic.ts';

export const spanOf = (source: DataSource): Span => (source.kind === 'none' ? fileSpan('') : source.origin);

const nothing = (what: string): DiagnosticError => new DiagnosticError([diagnostic('CNN4077', fileSpan(''), { what })]);

/** Names, headers, labels and counts; no pictures are decoded. Rejects with DiagnosticError. */
export const probe: Probe = async (plan, options) => {
  const { source } = plan;
  switch (source.kind) {
    case 'folder':
      return factsOf(scanFolder(source, plan, options.base));
    case 'csv':
      return factsOf(scanCsv(source, plan, options.base));
    case 'npz':
    case 'npy':
    case 'cifar':
    case 'idx': {
      const { train, test, classes } = readArrays(source, options.base, true);
      return factsOfArrays(train, test, { ...plan, classes: plan.classes ?? classes }, source.origin);
    }
    case 'synthetic':
      return factsOfSynthetic(source, plan);
    case 'none':
      throw nothing('look at');
  }
};

/** All of a source but the pixels of files. Throws DiagnosticError. */
export function find(plan: DataPlan, options: OpenOptions): Found {
  const { source } = plan;
  switch (source.kind) {
    case 'folder':
      return scanFolder(source, plan, options.base);
    case 'csv':
      return scanCsv(source, plan, options.base);
    case 'npz':
    case 'npy':
    case 'cifar':
    case 'idx': {
      const { train, test, classes } = readArrays(source, options.base, false);
      return foundInArrays(train, test, { ...plan, classes: plan.classes ?? classes }, source.origin);
    }
    case 'synthetic':
      return drawAll(source, plan, options.signal);
    case 'none':
      throw nothing('open');
  }
}

interface Arrays {
  readonly train: ArrayPart;
  readonly test: ArrayPart | null;
  /** Names that the source brings. */
  readonly classes: readonly string[] | null;
}

function readArrays(source: Extract<DataSource, { kind: 'npz' | 'npy' | 'idx' | 'cifar' }>, base: string, headersOnly: boolean): Arrays {
  switch (source.kind) {
    case 'npz':
      return { ...readNpzParts(source, base, headersOnly), classes: null };
    case 'npy':
      return { ...readNpyParts(source, base, headersOnly), classes: null };
    case 'idx':
      return { ...readIdxParts(source, base, headersOnly), classes: null };
    case 'cifar':
      return readCifarParts(source, base, headersOnly);
  }
}

export function factsOf({ count, labels, brings, pixels }: Found): DataFacts {
  return {
    labelKind: labels.kind,
    classes: labels.classes,
    sampleShape: pixels.kind === 'files' ? null : pixels.shape,
    pixelType: pixels.kind === 'float32' ? 'float32' : 'uint8',
    count,
    perClass: countPerClass(labels),
    parts: brings,
  };
}

/** The samples at `indices`, in that order. Pixels of arrays are copied. */
export function subset(found: Found, indices: readonly number[]): Found {
  if (indices.length === found.count) return found;
  const { labels, pixels } = found;
  const pick = <T extends Uint8Array | Float32Array | Int32Array>(data: T, width: number, make: (n: number) => T): T => {
    const out = make(indices.length * width);
    indices.forEach((i, to) => out.set(data.subarray(i * width, (i + 1) * width), to * width));
    return out;
  };
  const size = pixels.kind === 'files' ? 0 : pixels.shape[0] * pixels.shape[1] * pixels.shape[2];
  return {
    ...found,
    count: indices.length,
    labels: { ...labels, values: labels.values instanceof Int32Array ? pick(labels.values, labels.width, (n) => new Int32Array(n)) : pick(labels.values, labels.width, (n) => new Float32Array(n)) },
    weights: found.weights && Float32Array.from(indices, (i) => (found.weights as Float32Array)[i]),
    ...(found.groups ? { groups: indices.map((i) => (found.groups as readonly string[])[i]) } : {}),
    part: pick(found.part, 1, (n) => new Uint8Array(n)),
    pixels:
      pixels.kind === 'files'
        ? { ...pixels, paths: indices.map((i) => pixels.paths[i]) }
        : pixels.kind === 'uint8'
          ? { ...pixels, data: pick(pixels.data, size, (n) => new Uint8Array(n)) }
          : { ...pixels, data: pick(pixels.data, size, (n) => new Float32Array(n)) },
    describe: (index) => found.describe(indices[index]),
  };
}
