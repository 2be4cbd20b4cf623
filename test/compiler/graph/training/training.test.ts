/** The training graph: what goes in and comes out, what changes, and gradients of whole networks against finite differences. */
import { given } from '../../../../src/compiler/vocabulary/given.ts';
import { optimizers } from '../../../../src/compiler/vocabulary/index.ts';
import { describe, expect, it } from 'vitest';
import { initialSlots, initialWeights } from '../../../../src/compiler/graph/initial.ts';
import { interpretFunction } from '../../../../src/compiler/graph/interpret.ts';
import type { NDArray } from '../../../../src/compiler/graph/ndarray.ts';
import { ndarray, sizeOf } from '../../../../src/compiler/graph/ndarray.ts';
import { draws, Purpose } from '../../../../src/compiler/graph/philox.ts';
import { buildGradients, buildTraining, variablesOf } from '../../../../src/compiler/graph/training.ts';
import type { GraphFunction, TrainingGraph } from '../../../../src/compiler/graph/types.ts';
import { verifyGraph } from '../../../../src/compiler/graph/verify.ts';
import type { Program } from '../../../../src/compiler/model/program.ts';
import type { ProgramSpec } from '../program.ts';
import { makeProgram } from '../program.ts';

const crossEntropy = { kind: 'categorical_crossentropy', from_logits: false, label_smoothing: 0 } as const;
const accuracy = { kind: 'accuracy', name: 'accuracy', form: 'categorical', threshold: 0.5 } as const;
const adam = { kind: 'adam', lr: 0.01, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, amsgrad: false } as const;

const small: ProgramSpec = {
  input: [6, 6, 1],
  layers: [['conv', { filters: 2, bias: false }], ['batch_norm'], ['relu'], ['pool'], ['dropout'], ['flatten'], ['dense', { units: 3 }], ['softmax']],
  labels: 'categorical', count: 3, loss: crossEntropy, optimizer: adam, metrics: [accuracy],
  preprocess: { scale: 1 / 255 },
};

const inputs = (fn: GraphFunction): string[] => fn.inputs.map((value) => ('name' in value.node.attrs ? String(value.node.attrs.name) : '?'));

function startOf(graph: TrainingGraph, program: Program, seed = 1): Map<string, NDArray> {
  const values = { ...initialWeights(program, seed), ...initialSlots(graph) };
  return new Map(graph.variables.map(({ name, type }) => [name, ndarray(type.shape, values[name] ?? Array.from({ length: sizeOf(type.shape) }, () => 0.5))]));
}

function batchOf(program: Program, count: number, seed = 5): Record<string, NDArray> {
  const random = draws(seed, Purpose.synthetic);
  const size = count * sizeOf(program.input);
  return {
    x: ndarray([count, ...program.input], Array.from({ length: size }, () => random.below(256)), 'uint8'),
    y: ndarray([count], Array.from({ length: count }, () => random.below(program.labels.count)), 'int32'),
    key: ndarray([2], [3, 4], 'int32'),
    step: ndarray([], [1], 'int32'),
    lr: ndarray([], [0.01]),
  };
}

describe('what goes in and comes out', () => {
  it('is what the contract says', () => {
    const graph = buildTraining(makeProgram(small));
    expect(inputs(graph.train)).toEqual(['x', 'y', 'key', 'step', 'lr']);
    expect(inputs(graph.evaluate)).toEqual(['x', 'y']);
    expect(inputs(graph.predict)).toEqual(['x']);
    expect(graph.train.outputs.sums.shape).toEqual([2]);
    expect(graph.train.outputs.finite.shape).toEqual([]);
    expect(graph.evaluate.outputs.sums.shape).toEqual([2]);
    expect(graph.predict.outputs.y.shape).toEqual([-1, 3]);
    expect(graph.train.inputs[0].dtype).toBe('uint8');
    expect(buildTraining(makeProgram(small), { pixels: 'float32' }).train.inputs[0].dtype).toBe('float32');
    verifyGraph(graph);
  });

  it('takes transforms where the program warps, and only then', () => {
    const graph = buildTraining(makeProgram({ ...small, augment: { horizontalFlip: true } }));
    expect(inputs(graph.train)).toEqual(['x', 'y', 'transforms', 'key', 'step', 'lr']);
    expect(inputs(graph.evaluate)).toEqual(['x', 'y']);
  });

  it('lists weights, slots and statistics', () => {
    const program = makeProgram({ ...small, preprocess: { featurewiseCenter: true } });
    expect(variablesOf(program).map(({ name, role }) => `${role} ${name}`)).toEqual([
      'weight conv_1/kernel', 'weight batch_norm_1/gamma', 'weight batch_norm_1/beta', 'weight batch_norm_1/moving_mean', 'weight batch_norm_1/moving_variance',
      'weight dense_1/kernel', 'weight dense_1/bias',
      'slot adam/m/conv_1/kernel', 'slot adam/v/conv_1/kernel', 'slot adam/m/batch_norm_1/gamma', 'slot adam/v/batch_norm_1/gamma',
      'slot adam/m/batch_norm_1/beta', 'slot adam/v/batch_norm_1/beta', 'slot adam/m/dense_1/kernel', 'slot adam/v/dense_1/kernel',
      'slot adam/m/dense_1/bias', 'slot adam/v/dense_1/bias', 'statistic preprocess/mean',
    ]);
  });

  it.each([
    [{ kind: 'sgd', lr: 0.1, momentum: 0, nesterov: false }, []],
    [{ kind: 'sgd', lr: 0.1, momentum: 0.9, nesterov: true }, ['sgd/momentum']],
    [{ kind: 'rmsprop', lr: 0.1, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false }, ['rmsprop/velocity']],
    [{ kind: 'rmsprop', lr: 0.1, rho: 0.9, momentum: 0.5, epsilon: 1e-7, centered: true }, ['rmsprop/velocity', 'rmsprop/momentum', 'rmsprop/average_gradient']],
    [adam, ['adam/m', 'adam/v']],
  ] as const)('slots of %j', (optimizer, slots) => {
    const program = makeProgram({ ...small, layers: [['flatten'], ['dense', { units: 3, bias: false }], ['softmax']], optimizer });
    const graph = buildTraining(program);
    expect(graph.variables.filter((v) => v.role === 'slot').map((v) => v.name)).toEqual(slots.map((slot) => `${slot}/dense_1/kernel`));
    expect(graph.train.updates.map((update) => update.variable).sort()).toEqual(graph.variables.map((v) => v.name).sort());
  });
});

describe('a step', () => {
  it('changes every weight and slot, and no statistic', () => {
    const program = makeProgram({ ...small, preprocess: { scale: 1 / 255, featurewiseCenter: true } });
    const graph = buildTraining(program);
    const before = startOf(graph, program);
    const { updates } = interpretFunction(graph.train, batchOf(program, 4), before);
    expect([...updates.keys()].sort()).toEqual(graph.variables.filter((v) => v.role !== 'statistic').map((v) => v.name).sort());
    for (const [name, value] of updates) expect(value.data, name).not.toEqual(before.get(name)!.data);
    expect(graph.evaluate.updates).toEqual([]);
    expect(graph.predict.updates).toEqual([]);
  });

  it('takes the mean over the samples that are there: a batch twice over gives the same gradients', () => {
    const program = makeProgram({ ...small, layers: small.layers.filter(([word]) => word !== 'dropout' && word !== 'batch_norm') });
    const fn = buildGradients(program);
    const graph = buildTraining(program);
    const variables = startOf(graph, program);
    const once = batchOf(program, 3);
    const twice = { ...once, x: ndarray([6, ...program.input], [...once.x.data, ...once.x.data], 'uint8'), y: ndarray([6], [...once.y.data, ...once.y.data], 'int32') };
    const a = interpretFunction(fn, once, variables).outputs;
    const b = interpretFunction(fn, twice, variables).outputs;
    for (const name of Object.keys(a)) a[name].data.forEach((value, i) => expect(b[name].data[i], name).toBeCloseTo(value, 12));
  });

  it('gives the same numbers whether max-pools move or not', () => {
    const program = makeProgram({ ...small, layers: [['conv', { filters: 3, activation: 'relu' }], ['pool'], ['flatten'], ['dense', { units: 3 }], ['softmax']] });
    const [on, off] = [true, false].map((poolFirst) => buildTraining(program, { rewrites: { poolFirst } }));
    const variables = startOf(on, program);
    const results = [on, off].map((graph) => interpretFunction(graph.train, batchOf(program, 4), variables));
    expect(results[0].outputs.sums.data).toEqual(results[1].outputs.sums.data);
    for (const [name, value] of results[0].updates) value.data.forEach((x, i) => expect(results[1].updates.get(name)!.data[i], name).toBeCloseTo(x, 12));
    expect(on.train).not.toEqual(off.train);
  });

  it('drops out by key and step, each layer by its own stream, and only in training', () => {
    const program = makeProgram({ ...small, layers: [['dropout'], ['dropout'], ['flatten'], ['dense', { units: 3 }], ['softmax']] });
    const graph = buildTraining(program);
    const variables = startOf(graph, program);
    const feeds = batchOf(program, 2);
    const loss = (more: Record<string, NDArray>): number => interpretFunction(graph.train, { ...feeds, ...more }, variables).outputs.sums.data[0];
    expect(loss({})).toBe(loss({}));
    expect(loss({ step: ndarray([], [2], 'int32') })).not.toBe(loss({}));
    expect(loss({ key: ndarray([2], [5, 4], 'int32') })).not.toBe(loss({}));
    const streams = new Set<number>();
    const visit = (value: GraphFunction['inputs'][number]): void => {
      if ('stream' in value.node.attrs) streams.add(value.node.attrs.stream as number);
      value.node.inputs.forEach(visit);
    };
    visit(graph.train.outputs.sums);
    expect([...streams].sort()).toEqual([1, 2]);
    streams.clear();
    visit(graph.evaluate.outputs.sums);
    expect(streams.size).toBe(0);
  });

  it('says where the loss is not finite, and keeps the metrics apart from it', () => {
    const program = makeProgram({ ...small, layers: [['flatten'], ['dense', { units: 3 }]], loss: { kind: 'mse' } });
    const graph = buildTraining(program);
    const variables = startOf(graph, program);
    const feeds = batchOf(program, 4);
    expect([...interpretFunction(graph.train, feeds, variables).outputs.finite.data]).toEqual([1]);
    for (const bad of [NaN, Infinity, 1e300]) {
      variables.set('dense_1/bias', ndarray([3], [bad, 0, 0]));
      const { outputs } = interpretFunction(graph.train, feeds, variables);
      expect([...outputs.finite.data], String(bad)).toEqual([0]);
      expect(Number.isFinite(outputs.sums.data[1]), String(bad)).toBe(true);
    }
  });
});

describe('predictions of networks that train on logits', () => {
  it.each([
    ['categorical_crossentropy', 'categorical', 3, (sum: number) => expect(sum).toBeCloseTo(1, 12)],
    ['binary_crossentropy', 'multilabel', 3, (sum: number) => expect(sum).not.toBeCloseTo(1, 3)],
  ] as const)('%s gets its activation', (kind, labels, count, check) => {
    const program = makeProgram({ ...small, layers: [['flatten'], ['dense', { units: count }]], labels, count, loss: { kind, from_logits: true, label_smoothing: 0 }, metrics: [] });
    const graph = buildTraining(program);
    const { y } = interpretFunction(graph.predict, batchOf(program, 1), startOf(graph, program)).outputs;
    expect(y.data.every((p) => p > 0 && p < 1)).toBe(true);
    check(y.data.reduce((a, b) => a + b, 0));
  });

  it('after a head they are not activated twice', () => {
    const of = (fromLogits: boolean): Float64Array => {
      const program = makeProgram({ ...small, loss: { ...crossEntropy, from_logits: fromLogits } });
      const graph = buildTraining(program);
      return interpretFunction(graph.predict, batchOf(program, 2), startOf(graph, program)).outputs.y.data;
    };
    expect(of(true)).toEqual(of(false));
  });
});

describe('gradients of whole networks are the slopes of the loss', () => {
  const dropout: ProgramSpec['layers'][number] = ['dropout', { rate: 0.25, bits: 8, threshold: 64, keep: 0.75 }];
  // Smooth activations: finite differences would meet the corners of relu.
  it.each<[string, Partial<ProgramSpec>]>([
    ['convolutions, batch norm, dropout', { layers: [['conv', { filters: 2, padding: 'same', stride: [2, 2] }], ['batch_norm'], ['tanh'], dropout, ['avg_pool', { stride: [1, 1] }], ['flatten'], ['dense', { units: 3 }], ['softmax']] }],
    ['every smooth activation', { layers: [['flatten'], ...(['gelu', 'silu', 'softplus', 'softsign', 'sigmoid', 'selu'] as const).flatMap((word): ProgramSpec['layers'] => [['dense', { units: 3 }], [word]]), ['dense', { units: 3 }], ['softmax']] }],
    ['a softmax in the middle', { layers: [['conv', { filters: 3, activation: 'softmax' }], ['global_avg_pool'], ['dense', { units: 3, activation: 'softmax' }]] }],
    ['probabilities that no head made', { layers: [['conv', { filters: 3, activation: 'softmax' }], ['global_avg_pool']] }],
    ['samplewise preprocessing and mse', { layers: [['flatten'], ['dense', { units: 3, activation: 'elu' }]], loss: { kind: 'mse' }, preprocess: { samplewiseCenter: true, samplewiseStd: true } }],
  ])('%s', (_, spec) => {
    const program = makeProgram({ ...small, ...spec });
    const fn = buildGradients(program);
    const variables = startOf(buildTraining(program), program);
    const feeds = batchOf(program, 3);
    const lossAt = (name: string, data: Float64Array): number =>
      interpretFunction({ ...fn, outputs: { loss: fn.outputs.loss } }, feeds, new Map(variables).set(name, ndarray(variables.get(name)!.shape, data))).outputs.loss.data[0];
    const { outputs } = interpretFunction(fn, feeds, variables);
    for (const [name, { data }] of variables) {
      if (!(`grad/${name}` in outputs)) continue;
      for (const i of new Set([0, data.length >> 1, data.length - 1])) {
        const moved = (by: number): number => lossAt(name, data.map((value, at) => (at === i ? value + by : value)));
        const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        expect(Math.abs(outputs[`grad/${name}`].data[i] - slope), `${name}[${i}]`).toBeLessThan(1e-8);
      }
    }
    expect(Object.keys(outputs).length).toBe(1 + program.layers.flatMap((layer) => layer.variables).filter((v) => v.trainable).length);
  });
});

describe('the memory of optimizers', () => {
  it.each(Object.values(optimizers).flatMap((word) => [{}, ...(word.params.some((p) => p.name === 'amsgrad') ? [{ amsgrad: true }] : []), ...(word.params.some((p) => p.name === 'momentum') ? [{ momentum: 0.5 }] : [])].map((values) => [word, values] as const)))(
    '$word is what the summary says',
    (word, values) => {
      const optimizer = word.build(given(word, new Map(Object.entries(values))));
      const program = makeProgram({ ...small, optimizer, around: { ema: { momentum: 0.9, overwrite_frequency: null } } });
      const slots = buildTraining(program).variables.filter((v) => v.role === 'slot' && v.type.shape.length > 0);
      const trained = program.layers.flatMap((layer) => layer.variables).filter((v) => v.trainable);
      const numbers = (shapes: readonly (readonly number[])[]): number => shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
      expect(numbers(slots.map((v) => v.type.shape))).toBe((word.slots(optimizer) + 1) * numbers(trained.map((v) => v.shape)));
    },
  );
});
