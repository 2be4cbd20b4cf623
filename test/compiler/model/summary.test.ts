/** The summary's JSON shape, its table, memory and receptive fields. */
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { receptiveFields, summarise, trainingMemory } from '../../../src/compiler/model/summary.ts';
import { bytes, summaryTable } from '../../../src/compiler/model/table.ts';

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

it('has the shape of docs/cli.md', () => {
  expect(summarise(program)).toEqual({
    schema: 1,
    model: 'Small',
    input: [16, 16, 1],
    layers: [
      { index: 0, name: 'conv_1', word: 'conv', output: [14, 14, 4], params: 40, trainable: 40, macs: 14 * 14 * 4 * 9 },
      { index: 1, name: 'batch_norm_1', word: 'batch_norm', output: [14, 14, 4], params: 16, trainable: 8, macs: 784 },
      { index: 2, name: 'pool_1', word: 'pool', output: [7, 7, 4], params: 0, trainable: 0, macs: 0 },
      { index: 3, name: 'conv_2', word: 'conv', output: [5, 5, 4], params: 148, trainable: 148, macs: 5 * 5 * 4 * 9 * 4 },
      { index: 4, name: 'batch_norm_2', word: 'batch_norm', output: [5, 5, 4], params: 16, trainable: 8, macs: 100 },
      { index: 5, name: 'pool_2', word: 'pool', output: [2, 2, 4], params: 0, trainable: 0, macs: 0 },
      { index: 6, name: 'flatten_1', word: 'flatten', output: [16], params: 0, trainable: 0, macs: 0 },
      { index: 7, name: 'dense_1', word: 'dense', output: [3], params: 51, trainable: 51, macs: 48 },
      { index: 8, name: 'softmax_1', word: 'softmax', output: [3], params: 0, trainable: 0, macs: 0 },
    ],
    params: { total: 271, trainable: 255, nonTrainable: 16 },
    macs: 7056 + 784 + 3600 + 100 + 48,
    memory: { weights: 271 * 4, optimizer: 255 * 4, activations: (784 + 784 + 196 + 100 + 100 + 16 + 16 + 3 + 3) * 8 * 4, batch: 256 * 8 * 4 },
  });
});

it('counts slots as the optimizer keeps them', () => {
  const optimizer = (written: string) => summarise(compile(text.replace('sgd momentum=.9', written), { path: 'x.cnn' }).program!).memory.optimizer / (255 * 4);
  expect(['sgd', 'sgd momentum=.9', 'adam', 'rmsprop', 'rmsprop momentum=.5 centered'].map(optimizer)).toEqual([0, 1, 2, 1, 3]);
});

it('knows how much each layer sees', () => {
  expect(receptiveFields(program)).toEqual([[3, 3], [3, 3], [4, 4], [8, 8], [8, 8], [10, 10], null, null, null]);
});

it('is a table', () => {
  expect(summaryTable(program)).toBe(`Small  16x16x1 → 3 classes

layer                                output   parameters  multiply-adds  sees
repeat 2
  1 conv_1                           14x14x4          40          7,056  3x3
    batch_norm_1                     14x14x4          16            784  3x3
    pool_1                           7x7x4             –              –  4x4
  2 conv_2                           5x5x4           148          3,600  8x8
    batch_norm_2                     5x5x4            16            100  8x8
    pool_2                           2x2x4             –              –  10x10
flatten_1                            16                –              –
dense_1                              3                51             48
softmax_1 (follows from the labels)  3                 –              –

parameters     271, of which 255 are trained
multiply-adds  11,588 a picture
memory         about ${bytes(trainingMemory(summarise(program)))} while training with batches of 8: weights 1.1 kB, optimizer 1.0 kB, layers 64 kB, pictures 8.2 kB, and gradients
`);
});

it.each([
  [999, '999 B'],
  [1500, '1.5 kB'],
  [240_000_000, '240 MB'],
  [3_210_000_000, '3.2 GB'],
])('%i bytes', (n, text) => expect(bytes(n)).toBe(text));
