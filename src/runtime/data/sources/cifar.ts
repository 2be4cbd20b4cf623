/**
 * The binary version of CIFAR-10 and CIFAR-100 (Krizhevsky 2009; https://www.cs.toronto.edu/~kriz/cifar.html): records of one label
 * byte (CIFAR-100: coarse, then fine) and 3072 bytes, the planes red, green, blue of a 32x32 picture, row by row.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import type { DataSource } from '../../../compiler/model/program.ts';
import { asDiagnostic, locate } from '../locate.ts';
import type { ArrayPart } from './arrays.ts';

type Cifar = Extract<DataSource, { kind: 'cifar' }>;

const side = 32;
const plane = side * side;
/** A batch has 10,000 records, CIFAR-100's training file 50,000. */
const mostRecords = 1_000_000;

interface Version {
  readonly train: RegExp;
  readonly test: string;
  /** Bytes before the pixels, and which of them is the label. */
  readonly labels: number;
  readonly at: number;
  readonly classes: number;
  readonly names: string;
}

const ten: Version = { train: /^data_batch_\d+\.bin$/, test: 'test_batch.bin', labels: 1, at: 0, classes: 10, names: 'batches.meta.txt' };
const hundred = (labels: Cifar['labels']): Version =>
  labels === 'coarse'
    ? { train: /^train\.bin$/, test: 'test.bin', labels: 2, at: 0, classes: 20, names: 'coarse_label_names.txt' }
    : { train: /^train\.bin$/, test: 'test.bin', labels: 2, at: 1, classes: 100, names: 'fine_label_names.txt' };

export interface CifarParts {
  readonly train: ArrayPart;
  readonly test: ArrayPart | null;
  readonly classes: readonly string[];
}

/** Throws DiagnosticError: CNN4050 to CNN4052, CNN4065, CNN4070, CNN4092. @param headersOnly leaves the pictures where they are */
export function readCifarParts(source: Cifar, base: string, headersOnly: boolean): CifarParts {
  const { origin: span, path } = source;
  const folder = locate(path, base, 'folder', span);
  const files = withSystem(folder, path, 'folder', () => readdirSync(folder), source);
  const version = [ten, hundred(source.labels)].find(({ train }) => files.some((name) => train.test(name)));
  if (!version) throw new DiagnosticError([diagnostic('CNN4092', span, { path, python: files.some((name) => /^(data_batch_1|train)$/.test(name)), inside: files.filter((name) => existsSync(join(folder, name, 'data_batch_1.bin')) || existsSync(join(folder, name, 'train.bin'))) })]);
  const batches = files.filter((name) => version.train.test(name)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return {
    train: partOf('train', batches, version, folder, source, headersOnly),
    test: files.includes(version.test) ? partOf('test', [version.test], version, folder, source, headersOnly) : null,
    classes: namesOf(folder, files, version) ?? Array.from({ length: version.classes }, (_, i) => String(i)),
  };
}

function partOf(name: string, files: readonly string[], version: Version, folder: string, source: Cifar, headersOnly: boolean): ArrayPart {
  const record = version.labels + 3 * plane;
  const sizes = files.map((file) => withSystem(join(folder, file), join(source.path, file), 'file', () => statSync(join(folder, file)).size, source));
  sizes.forEach((size, i) => {
    if (size === 0 || size % record !== 0 || size / record > mostRecords) {
      throw new DiagnosticError([diagnostic('CNN4065', source.origin, { path: join(source.path, files[i]), reason: `it should hold records of ${record.toLocaleString('en-US')} bytes, and its ${size.toLocaleString('en-US')} bytes are not whole records` })]);
    }
  });
  const count = sizes.reduce((sum, size) => sum + size / record, 0);
  const labels = new Uint8Array(count);
  const pixels = headersOnly ? null : new Uint8Array(count * 3 * plane);
  let n = 0;
  for (const file of files) {
    const bytes = withSystem(join(folder, file), join(source.path, file), 'file', () => readFileSync(join(folder, file)), source);
    for (let at = 0; at + record <= bytes.length && n < count; at += record, n++) {
      labels[n] = bytes[at + version.at];
      if (labels[n] >= version.classes) throw new DiagnosticError([diagnostic('CNN4070', source.origin, { place: `the label of record ${at / record} of ${file}`, value: labels[n], classes: version.classes })]);
      if (pixels) interleave(bytes, at + version.labels, pixels, n * 3 * plane);
    }
  }
  return { xName: name, yName: `the labels of ${name}`, x: { dtype: 'uint8', shape: [count, side, side, 3], ...(pixels ? { data: pixels } : {}) }, y: { dtype: 'uint8', shape: [count], data: labels } };
}

/** Planes to pixels. */
function interleave(from: Uint8Array, at: number, to: Uint8Array, out: number): void {
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) to[out + 3 * i + c] = from[at + c * plane + i];
}

/** null: there is no such file, or it does not name them all. */
function namesOf(folder: string, files: readonly string[], { names, classes }: Version): readonly string[] | null {
  if (!files.includes(names)) return null;
  const list = readFileSync(join(folder, names), 'utf8').split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '');
  return list.length === classes && new Set(list).size === classes ? list : null;
}

function withSystem<T>(located: string, path: string, what: 'file' | 'folder', work: () => T, { origin }: Cifar): T {
  try {
    return work();
  } catch (error) {
    throw asDiagnostic(error, path, located, what, origin);
  }
}
