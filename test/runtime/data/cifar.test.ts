import { describe, expect, it } from 'vitest';
import type { DataSource } from '../../../src/compiler/model/program.ts';
import { fillBatch, openDataset, probe } from '../../../src/runtime/data/index.ts';
import { writeNpy } from '../../../src/runtime/files/npy.ts';
import { optionsFor, origin, planOf, problemsOf, temporaryFolder, textOf, write } from './support.ts';

const image = { height: 32, width: 32, channels: 3 as const };
/** Records whose planes are red = r, green = 100 + the row, blue = 200. */
const batch = (...records: { readonly labels: readonly number[]; readonly red: number }[]): Buffer =>
  Buffer.concat(records.map(({ labels, red }) => Buffer.from([...labels, ...Array.from({ length: 3072 }, (_, i) => (i < 1024 ? red : i < 2048 ? 100 + ((i - 1024) >> 5) : 200))])));
const source = (labels: 'fine' | 'coarse' = 'fine'): DataSource => ({ kind: 'cifar', path: 'c', labels, origin });

describe('cifar', () => {
  it('reads CIFAR-10: batches in their order, planes to pixels, names', async () => {
    const base = temporaryFolder();
    write(base, {
      'c/data_batch_10.bin': batch({ labels: [2], red: 3 }),
      'c/data_batch_2.bin': batch({ labels: [0], red: 1 }, { labels: [9], red: 2 }),
      'c/test_batch.bin': batch({ labels: [4], red: 9 }),
      'c/batches.meta.txt': 'airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n',
      'c/readme.html': 'x',
    });
    const plan = planOf(source(), { image });
    const dataset = await openDataset(plan, optionsFor(base));
    expect(await probe(plan, optionsFor(base))).toEqual(dataset.facts);
    expect(dataset.facts).toMatchObject({ labelKind: 'sparse', count: 4, sampleShape: [32, 32, 3], perClass: [1, 0, 1, 0, 1, 0, 0, 0, 0, 1], parts: { test: true, validation: false } });
    expect(dataset.classes.slice(0, 3)).toEqual(['airplane', 'automobile', 'bird']);
    const { x, y } = fillBatch(dataset, [2, 1]);
    expect([...y.data]).toEqual([2, 9]);
    expect([...x.data.subarray(0, 6), ...x.data.subarray(32 * 3, 32 * 3 + 3)]).toEqual([3, 100, 200, 3, 100, 200, 3, 101, 200]);
    expect(dataset.describe(3)).toBe('test[0]');
  });

  it('reads CIFAR-100, fine or coarse', async () => {
    const base = temporaryFolder();
    write(base, { 'c/train.bin': batch({ labels: [3, 77], red: 1 }, { labels: [19, 0], red: 2 }) });
    expect(await probe(planOf(source(), { image }), optionsFor(base))).toMatchObject({ count: 2, classes: { length: 100, 77: '77' }, parts: { test: false } });
    const coarse = await openDataset(planOf(source('coarse'), { image }), optionsFor(base));
    expect(coarse.classes).toHaveLength(20);
    expect([...fillBatch(coarse, [0, 1]).y.data]).toEqual([3, 19]);
  });

  it.each<[string, Record<string, string | Uint8Array>, string]>([
    ['the Python version', { 'c/data_batch_1': 'x', 'c/batches.meta': 'x' }, 'CNN4092 "c" holds the Python version of CIFAR'],
    ['the folder above', { 'c/cifar-10-batches-bin/data_batch_1.bin': 'x' }, 'they are in "c/cifar-10-batches-bin"'],
    ['nothing of the kind', { 'c/x.txt': 'x' }, 'CNN4092 "c" has no binary batches of CIFAR'],
    ['a batch cut off', { 'c/data_batch_1.bin': batch({ labels: [1], red: 1 }).subarray(0, 3000) }, 'CNN4065 "c/data_batch_1.bin" cannot be used: it should hold records of 3,073 bytes, and its 3,000 bytes are not whole records'],
    ['an empty batch', { 'c/data_batch_1.bin': '' }, 'CNN4065'],
    ['a label that is none', { 'c/data_batch_1.bin': batch({ labels: [1], red: 1 }, { labels: [10], red: 1 }) }, 'CNN4070 the label of record 1 of data_batch_1.bin is 10, but with 10 classes labels go from 0 to 9'],
    ['an archive', { c: 'x' }, 'CNN4051'],
  ])('%s', async (_, files, want) => {
    const base = temporaryFolder();
    write(base, files);
    expect(textOf((await problemsOf(probe(planOf(source(), { image }), optionsFor(base))))[0])).toContain(want);
  });
});

describe('npy', () => {
  const npy: DataSource = { kind: 'npy', images: 'x.npy', labels: 'y.npy', testImages: 'tx.npy', testLabels: 'ty.npy', origin };
  const plan = planOf(npy, { image: { height: 2, width: 2, channels: 1 } });
  const good = { 'x.npy': writeNpy([3, 2, 2], Uint8Array.from({ length: 12 }, (_, i) => i)), 'y.npy': writeNpy([3], Int32Array.of(0, 1, 1)), 'tx.npy': writeNpy([1, 2, 2], Uint8Array.of(9, 9, 9, 9)), 'ty.npy': writeNpy([1], Int32Array.of(0)) };

  it('is read as npz is', async () => {
    const base = temporaryFolder();
    write(base, good);
    const dataset = await openDataset(plan, optionsFor(base));
    expect(await probe(plan, optionsFor(base))).toEqual(dataset.facts);
    expect(dataset.facts).toMatchObject({ labelKind: 'sparse', count: 4, sampleShape: [2, 2, 1], perClass: [2, 2], parts: { test: true } });
    expect([...fillBatch(dataset, [1]).x.data]).toEqual([4, 5, 6, 7]);
    expect(dataset.describe(3)).toBe('tx.npy[0]');
  });

  it.each<[string, Record<string, string | Uint8Array>, string]>([
    ['no array', { 'x.npy': 'hello world' }, 'CNN4065 "x.npy" cannot be used: it is not a NumPy array'],
    ['cut off', { 'y.npy': good['y.npy'].subarray(0, 130) }, 'CNN4065 "y.npy" cannot be used: it should hold 12 bytes of numbers and holds 2'],
    ['lengths', { 'y.npy': writeNpy([2], Int32Array.of(0, 1)) }, 'CNN4068 x.npy has 3 pictures, but y.npy has 2 labels'],
  ])('%s', async (_, files, want) => {
    const base = temporaryFolder();
    write(base, { ...good, ...files });
    expect(textOf((await problemsOf(openDataset(plan, optionsFor(base))))[0])).toContain(want);
  });
});
