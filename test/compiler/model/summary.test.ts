/** The summary's JSON shape, its table, memory and receptive fields. */
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { receptiveFields, summarise } from '../../../src/compiler/model/summary.ts';
import { bytes, count, duration } from '../../../src/compiler/model/units.ts';
import { throughEnlarging } from '../../../src/compiler/shape/receptive.ts';

const text = `model Small
input 16x16x1
classes 3
network <
  repeat 2 < conv 4; batch_norm; pool 2 >
  flatten
  dense classes
>
compile { optimizer sgd momentum=.9 }
fit { batch 8 }`;
const program = compile(text, { path: 'small.cnn' }).program!;

/** A layer's row in JSON. */
const layer = (index: number, name: string, output: readonly number[], params: number, trainable: number, macs: number, field: number | null, inferred = false) =>
  ({ index, name, word: name.replace(/_\d+$/, ''), output, params, trainable, macs, receptiveField: field === null ? null : [field, field], inferred });

it('has the shape of docs/cli.md', () => {
  const memory = { weights: 271 * 4, optimizer: 255 * 4, activations: (784 + 784 + 196 + 100 + 100 + 16 + 16 + 3 + 3) * 8 * 4, batch: 256 * 8 * 4 };
  expect(summarise(program)).toEqual({
    schema: 1,
    model: 'Small',
    input: [16, 16, 1],
    layers: [
      layer(0, 'conv_1', [14, 14, 4], 40, 40, 14 * 14 * 4 * 9, 3),
      layer(1, 'batch_norm_1', [14, 14, 4], 16, 8, 784, 3),
      layer(2, 'pool_1', [7, 7, 4], 0, 0, 0, 4),
      layer(3, 'conv_2', [5, 5, 4], 148, 148, 5 * 5 * 4 * 9 * 4, 8),
      layer(4, 'batch_norm_2', [5, 5, 4], 16, 8, 100, 8),
      layer(5, 'pool_2', [2, 2, 4], 0, 0, 0, 10),
      layer(6, 'flatten_1', [16], 0, 0, 0, null),
      layer(7, 'dense_1', [3], 51, 51, 48, null),
      layer(8, 'softmax_1', [3], 0, 0, 0, null, true),
    ],
    params: { total: 271, trainable: 255, nonTrainable: 16 },
    macs: 7056 + 784 + 3600 + 100 + 48,
    memory: { ...memory, training: null, engines: [] },
    batchSize: 8,
    stepTime: null,
    tree: [
      { kind: 'repeat', count: 2, iterations: [[0, 1, 2], [3, 4, 5]].map((indices) => indices.map((index) => ({ kind: 'layer', layer: index }))) },
      ...[6, 7, 8].map((index) => ({ kind: 'layer', layer: index })),
    ],
  });
});

it('estimates a step from what was measured', () => {
  const { macs, memory, stepTime } = summarise(program, { engine: 'x', macsPerSecond: 1e6, bytesPerSecond: 1e6, overhead: 2 });
  expect(stepTime).toBeCloseTo(2 + (macs * 8) / 1e3 + memory.activations / 1e3, 6);
});

it('counts what residuals and branches put out as memory, and keeps the tree', () => {
  const composed = compile('input 8x8x3\nclasses 2\ncell keep < conv 3 same >\nnetwork < residual < keep >; branch < > < conv 3 same > merge=concat; flatten; dense classes >\nfit { batch 1 }', { path: 'x.cnn' }).program!;
  const { memory, tree } = summarise(composed);
  expect(memory.activations).toBe(4 * (64 * (3 + 3 + 3 + 6 + 6) + 2 + 2));
  expect(tree.slice(0, 2)).toEqual([
    { kind: 'residual', cell: [{ kind: 'call', name: 'keep', text: 'keep', cell: [{ kind: 'layer', layer: 0 }] }], shortcut: [], output: [8, 8, 3] },
    { kind: 'branch', merge: 'concat', cells: [[], [{ kind: 'layer', layer: 1 }]], output: [8, 8, 6] },
  ]);
});

it('counts slots as the optimizer keeps them', () => {
  const optimizer = (written: string) => summarise(compile(text.replace('sgd momentum=.9', written), { path: 'x.cnn' }).program!).memory.optimizer / (255 * 4);
  expect(['sgd', 'sgd momentum=.9', 'adam', 'rmsprop', 'rmsprop momentum=.5 centered'].map(optimizer)).toEqual([0, 1, 2, 1, 3]);
});

it('knows how much each layer sees', () => {
  expect(receptiveFields(program)).toEqual([[3, 3], [3, 3], [4, 4], [8, 8], [8, 8], [10, 10], null, null, null]);
});

it('grows smaller fields where the image is enlarged', () => {
  expect(throughEnlarging({ size: [5, 5], jump: [4, 4] }, [2, 2])).toEqual({ size: [5, 5], jump: [2, 2] });
  expect(throughEnlarging({ size: [5, 5], jump: [4, 4] }, [2, 2], [4, 3])).toEqual({ size: [9, 9], jump: [2, 2] });
});

it.each([
  [999, '999 B'],
  [1500, '1.5 kB'],
  [240_000_000, '240 MB'],
  [3_210_000_000, '3.2 GB'],
])('%i bytes', (n, text) => expect(bytes(n)).toBe(text));

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1.00 k'],
  [36_928, '36.9 k'],
  [99_950, '100 k'],
  [999_499, '999 k'],
  [999_500, '1.00 M'],
  [15_470_264_320, '15.5 G'],
])('%i as a count', (n, text) => expect(count(n)).toBe(text));

it.each([
  [3.24, '3.2 ms'],
  [240.4, '240 ms'],
  [1540, '1.5 s'],
  [99_000, '99 s'],
  [138_000, '2.3 min'],
])('%f milliseconds', (n, text) => expect(duration(n)).toBe(text));
