/** Twenty 4x4 pictures in memory: class 0 is bright above, class 1 below; 12 train, 4 validation, 4 test. */
import type { Program } from '../../src/compiler/model/program.ts';
import { draws, Purpose } from '../../src/compiler/graph/philox.ts';
import type { Dataset } from '../../src/runtime/data/dataset.ts';

export function memoryDataset(_program: Program, count = 20): Dataset {
  const random = draws(1, Purpose.synthetic);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  const pixels = Uint8Array.from({ length: count * 16 }, (_, i) => {
    const bright = (i % 16 < 8) === (labels[Math.floor(i / 16)] === 0);
    return (bright ? 150 : 20) + random.below(80);
  });
  const test = Math.floor(count * 0.2);
  const part = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);
  return {
    facts: { labelKind: 'sparse', classes: ['a', 'b'], sampleShape: [4, 4, 1], pixelType: 'uint8', count, perClass: [count / 2, count / 2], parts: { test: false, validation: false } },
    shape: [4, 4, 1],
    pixelType: 'uint8',
    classes: ['a', 'b'],
    parts: { train: part(0, count - 2 * test), validation: part(count - 2 * test, count - test), test: part(count - test, count) },
    labels,
    labelWidth: 1,
    weights: null,
    hash: 'data-hash',
    read: (index, target, at) => target.set(pixels.subarray(index * 16, index * 16 + 16), at),
    describe: (index) => `x[${index}]`,
    warnings: [],
    close: () => undefined,
  };
}
