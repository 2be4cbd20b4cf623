/** Layers as operations: activations against Keras, and what the modes of a layer do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gradients } from '../../../src/compiler/graph/autodiff.ts';
import { builder } from '../../../src/compiler/graph/build.ts';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { activate } from '../../../src/compiler/graph/lower/activations.ts';
import type { LowerContext } from '../../../src/compiler/graph/lower/context.ts';
import { lowerNetwork } from '../../../src/compiler/graph/lower/network.ts';
import { lowerLayer } from '../../../src/compiler/graph/lower/table.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { BATCH } from '../../../src/compiler/graph/types.ts';
import type { Value } from '../../../src/compiler/graph/types.ts';
import type { ActivationWord, LayerArgsByWord, Program } from '../../../src/compiler/model/program.ts';
import type { ProgramSpec } from './program.ts';
import { makeProgram } from './program.ts';

interface Goldens {
  readonly x: readonly number[];
  readonly weights: readonly number[];
  readonly cases: Readonly<Record<ActivationWord, { readonly y: readonly number[]; readonly slope: readonly number[] }>>;
}

const goldens = JSON.parse(readFileSync(join(import.meta.dirname, '../../goldens/activations.json'), 'utf8')) as Goldens;

const program = (layers: ProgramSpec['layers'], input = [1, 1, 5]): Program => makeProgram({ input, layers, labels: 'values', count: 1, loss: { kind: 'mse' } });

function context(mode: LowerContext['mode'], of: Program): { context: LowerContext; updates: Map<string, Value> } {
  const g = builder();
  const types = new Map(of.layers.flatMap((layer) => layer.variables).map(({ name, shape }) => [name, shape]));
  const updates = new Map<string, Value>();
  const random = { key: g.input('key', { dtype: 'int32', shape: [2] }), step: g.input('step', { dtype: 'int32', shape: [] }) };
  const variable = (name: string): Value => g.variable(name, { dtype: 'float32', shape: types.get(name)! });
  return { context: { g, mode, variable, random: mode === 'train' ? random : null, poolFirst: false, update: (name, value) => updates.set(name, value), penalty: () => undefined }, updates };
}

function expectNumbers(got: ArrayLike<number>, wanted: readonly number[], tolerance = 1e-12): void {
  expect(got.length).toBe(wanted.length);
  wanted.forEach((value, i) => expect(Math.abs(got[i] - value), `element ${i}: ${got[i]}, not ${value}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value))));
}

describe('activations are Keras’s', () => {
  const args: Partial<LayerArgsByWord> = { leaky_relu: { negative_slope: 0.25 }, elu: { alpha: 0.5 } };
  it.each(Object.keys(goldens.cases) as ActivationWord[])('%s', (word) => {
    const { y, slope } = goldens.cases[word];
    for (const shape of [[BATCH, 5], [BATCH, 1, 1, 5]]) {
      const of = program([[word, args[word]] as ProgramSpec['layers'][number]], [5]);
      const { context: c } = context('inference', of);
      const x = c.g.input('x', { dtype: 'float32', shape });
      const out = lowerLayer(c, of.layers[0], x);
      const total = c.g.reduce('sum', c.g.mul(out, c.g.input('weights', { dtype: 'float32', shape })), shape.map((_, i) => i));
      const given = (data: readonly number[]) => ndarray([4, ...shape.slice(1)], data);
      const results = interpret([out, ...gradients(c.g, total, [x])], { x: given(goldens.x), weights: given(goldens.weights) });
      // TensorFlow's gelu takes √2 through float32.
      const tolerance = word === 'gelu' ? 1e-8 : 1e-12;
      expectNumbers(results[0].data, y, tolerance);
      expectNumbers(results[1].data, slope, tolerance);
    }
  });

  it('as options they have the numbers of Keras’s functions', () => {
    const g = builder();
    const x = g.input('x', { dtype: 'float32', shape: [BATCH, 1] });
    const values = interpret([activate(g, 'leaky_relu', x), activate(g, 'elu', x), activate(g, null, x)], { x: ndarray([1, 1], [-1]) });
    expectNumbers(values.map((value) => value.data[0]), [-0.2, Math.expm1(-1), -1]);
  });
});

describe('batch_norm', () => {
  const of = program([['batch_norm', { momentum: 0.9, epsilon: 0.01 }]], [1, 2, 1]);
  const variables = new Map([
    ['batch_norm_1/gamma', ndarray([1], [2])], ['batch_norm_1/beta', ndarray([1], [1])],
    ['batch_norm_1/moving_mean', ndarray([1], [10])], ['batch_norm_1/moving_variance', ndarray([1], [4])],
  ]);
  const x = ndarray([2, 1, 2, 1], [1, 3, 5, 7]);

  it('normalises by the batch and moves its statistics with the biased variance', () => {
    const { context: c, updates } = context('train', of);
    const out = lowerLayer(c, of.layers[0], c.g.input('x', { dtype: 'float32', shape: [BATCH, 1, 2, 1] }));
    const [y, mean, variance] = interpret([out, updates.get('batch_norm_1/moving_mean')!, updates.get('batch_norm_1/moving_variance')!], { x }, variables);
    expectNumbers(y.data, [-3, -1, 1, 3].map((d) => (2 * d) / Math.sqrt(5.01) + 1));
    expectNumbers(mean.data, [10 * 0.9 + 4 * 0.1]);
    expectNumbers(variance.data, [4 * 0.9 + 5 * 0.1]);
  });

  it('predicts by the moving statistics and leaves them', () => {
    const { context: c, updates } = context('inference', of);
    const out = lowerLayer(c, of.layers[0], c.g.input('x', { dtype: 'float32', shape: [BATCH, 1, 2, 1] }));
    expectNumbers(interpret([out], { x }, variables)[0].data, [1, 3, 5, 7].map((v) => (2 * (v - 10)) / Math.sqrt(4.01) + 1));
    expect(updates.size).toBe(0);
  });
});

describe('dropout', () => {
  it('drops its share, divides the rest by the keep rate, and does nothing when predicting or at rate 0', () => {
    const of = program([['dropout', { rate: 0.25, bits: 8, threshold: 64, keep: 0.75 }], ['dropout', { rate: 0, bits: 8, threshold: 0, keep: 1 }]]);
    const { context: c } = context('train', of);
    const x = c.g.input('x', { dtype: 'float32', shape: [BATCH, 100] });
    const out = lowerLayer(c, of.layers[0], x);
    const feeds = { x: ndarray([100, 100], Array.from({ length: 10_000 }, () => 3)), key: ndarray([2], [1, 2], 'int32'), step: ndarray([], [1], 'int32') };
    const { data } = interpret([out], feeds)[0];
    expect(new Set(data)).toEqual(new Set([0, 4]));
    // Within four standard deviations of 2500.
    expect(Math.abs(data.filter((v) => v === 0).length - 2500)).toBeLessThan(4 * Math.sqrt(10_000 * 0.25 * 0.75));
    expect(lowerLayer(c, of.layers[1], x)).toBe(x);
    const { context: quiet } = context('inference', of);
    const y = quiet.g.input('x', { dtype: 'float32', shape: [BATCH, 100] });
    expect(lowerLayer(quiet, of.layers[0], y)).toBe(y);
  });
});

describe('the head', () => {
  const dense: ProgramSpec['layers'][number] = ['dense', { units: 2 }];
  it.each<[string, ProgramSpec['layers'], string | null]>([
    ['a softmax layer', [['flatten'], dense, ['softmax']], 'softmax'],
    ['a sigmoid option', [['flatten'], ['dense', { units: 2, activation: 'sigmoid' }]], 'sigmoid'],
    ['no activation', [['flatten'], dense], null],
    ['another activation', [['flatten'], dense, ['tanh']], null],
    ['something after the softmax', [['flatten'], dense, ['softmax'], ['flatten']], null],
  ])('%s', (_, layers, activation) => {
    const of = program(layers);
    const { context: c } = context('inference', of);
    const { output, head } = lowerNetwork(c, of, c.g.input('x', { dtype: 'float32', shape: [BATCH, 1, 1, 5] }));
    expect(head?.activation ?? null).toBe(activation);
    if (head) expect(output.node.inputs[0]).toBe(head.logits);
    if (head) expect(head.logits.node.op).toBe('biasAdd');
  });
});
