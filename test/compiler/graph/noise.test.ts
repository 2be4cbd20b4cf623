/** Layers of noise: nothing while predicting, the right distribution while training, the same numbers for the same step. */
import { describe, expect, it } from 'vitest';
import { builder } from '../../../src/compiler/graph/build.ts';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { lowerLayer } from '../../../src/compiler/graph/lower/table.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { BATCH } from '../../../src/compiler/graph/types.ts';
import { makeProgram } from './program.ts';
import type { ProgramSpec } from './program.ts';

const count = 8000;

function through(layer: ProgramSpec['layers'][number], mode: 'train' | 'inference', shape: readonly number[], value: (i: number) => number, step = 1): Float64Array {
  const program = makeProgram({ input: shape.slice(1), layers: [layer], labels: 'values', count: 1, loss: { kind: 'mse' } });
  const g = builder();
  const random = { key: g.input('key', { dtype: 'int32', shape: [2] }), step: g.input('step', { dtype: 'int32', shape: [] }) };
  const unused = (): never => {
    throw new Error('no variables');
  };
  const x = g.input('x', { dtype: 'float32', shape: [BATCH, ...shape.slice(1)] });
  const y = lowerLayer({ g, mode, variable: unused, random: mode === 'train' ? random : null, poolFirst: false, update: unused, penalty: unused }, program.layers[0], x);
  const size = shape.reduce((a, b) => a * b, 1);
  const feeds = { x: ndarray(shape, Array.from({ length: size }, (_, i) => value(i))), key: ndarray([2], [7, 9], 'int32'), step: ndarray([], [step], 'int32') };
  return interpret([y], feeds)[0].data;
}

const moments = (values: Float64Array) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, std: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
};

describe('noise', () => {
  it.each([['gaussian_noise', { stddev: 0.5 }], ['gaussian_dropout', { rate: 0.2 }], ['spatial_dropout', undefined]] as const)('%s does nothing while predicting', (word, args) => {
    const given = (i: number): number => i / 7;
    expect([...through([word, args] as ProgramSpec['layers'][number], 'inference', [2, 3, 3, 2], given)]).toEqual(Array.from({ length: 36 }, (_, i) => given(i)));
  });

  it('gaussian_noise adds normal numbers', () => {
    const values = through(['gaussian_noise', { stddev: 0.5 }], 'train', [4, count / 4], () => 3);
    const { mean, std } = moments(values);
    expect(mean).toBeCloseTo(3, 1);
    expect(std).toBeCloseTo(0.5, 1);
    // About 68 % lie within one deviation.
    expect(values.filter((v) => Math.abs(v - 3) < 0.5).length / count).toBeCloseTo(0.683, 1);
  });

  it('gaussian_dropout multiplies by normal numbers around 1 of deviation √(rate / (1 − rate))', () => {
    const { mean, std } = moments(through(['gaussian_dropout', { rate: 0.2 }], 'train', [4, count / 4], () => 2));
    expect(mean).toBeCloseTo(2, 1);
    expect(std).toBeCloseTo(2 * 0.5, 1);
  });

  it('dropout draws once along the dimensions of its mask that are 1', () => {
    const drops = { rate: 0.25, bits: 8, threshold: 64, keep: 0.75, seed: null } as const;
    const spatial = through(['spatial_dropout', drops], 'train', [3, 2, 2, 20], () => 3);
    expect(through(['dropout', { ...drops, noise_shape: [1, 1, -1] }], 'train', [3, 2, 2, 20], () => 3)).toEqual(spatial);
    expect(through(['dropout', { ...drops, noise_shape: [2, -1, 20] }], 'train', [3, 2, 2, 20], () => 3)).toEqual(through(['dropout', { ...drops, noise_shape: null }], 'train', [3, 2, 2, 20], () => 3));
    // One draw a row of each picture.
    const rows = through(['dropout', { ...drops, noise_shape: [2, 1, 1] }], 'train', [100, 2, 5, 4], () => 3);
    const ofRow = Array.from({ length: 200 }, (_, i) => new Set(rows.slice(i * 20, (i + 1) * 20)));
    expect(ofRow.every((values) => values.size === 1)).toBe(true);
    expect(ofRow.filter((values) => values.has(0)).length / 200).toBeCloseTo(0.25, 1);
  });

  it('a layer’s own seed decides its draws, whatever that of the run is', () => {
    const noise = (seed: number | null, step = 1): Float64Array => through(['gaussian_noise', { stddev: 1, seed }], 'train', [2, 10], () => 0, step);
    expect(noise(5)).toEqual(noise(5));
    expect(noise(5)).not.toEqual(noise(null));
    expect(noise(5)).not.toEqual(noise(6));
    expect(noise(5)).not.toEqual(noise(5, 2));
    const seeded = through(['dropout', { rate: 0.5, bits: 8, threshold: 128, keep: 0.5, noise_shape: null, seed: 5 }], 'train', [2, 50], () => 1);
    expect(seeded).not.toEqual(through(['dropout', { rate: 0.5, bits: 8, threshold: 128, keep: 0.5, noise_shape: null, seed: null }], 'train', [2, 50], () => 1));
  });

  it('spatial_dropout drops whole channels and enlarges the others', () => {
    const values = through(['spatial_dropout', { rate: 0.25, bits: 8, threshold: 64, keep: 0.75 }], 'train', [50, 2, 2, 20], () => 3);
    const ofChannel = (n: number, c: number): number[] => [0, 1, 2, 3].map((place) => values[(n * 4 + place) * 20 + c]);
    let dropped = 0;
    for (let n = 0; n < 50; n++)
      for (let c = 0; c < 20; c++) {
        const [first, ...rest] = ofChannel(n, c);
        expect(rest.every((v) => v === first)).toBe(true);
        expect([0, 4]).toContain(Math.round(first * 1e9) / 1e9);
        if (first === 0) dropped++;
      }
    expect(dropped / 1000).toBeCloseTo(0.25, 1);
  });

  it('draws the same for the same step, and other numbers for another', () => {
    const at = (step: number) => [...through(['gaussian_noise', { stddev: 1 }], 'train', [1, 20], () => 0, step)];
    expect(at(5)).toEqual(at(5));
    expect(at(5)).not.toEqual(at(6));
  });
});
