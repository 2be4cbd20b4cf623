/** A training graph whose only work is its updates: each optimizer's step, an exchange, a counter. */
import { builder } from '../../../../src/compiler/graph/build.ts';
import type { GraphVariable, TensorType, TrainingGraph, Value } from '../../../../src/compiler/graph/types.ts';

const shape: TensorType = { dtype: 'float32', shape: [6] };

/** `average`: keep a running mean of the weights after the step, so that the step's result is used twice. */
export function stepGraph({ average }: { average: boolean }): TrainingGraph {
  const g = builder();
  const names = ['adam/w', 'adam/m', 'adam/v', 'sgd/w', 'momentum/w', 'momentum/m', 'swap/a', 'swap/b', 'sum', ...(average ? ['mean'] : [])];
  const v = Object.fromEntries(names.map((name) => [name, g.variable(name, shape)]));
  const counter = g.variable('counter', { dtype: 'int32', shape: [] });
  const x = g.input('x', { dtype: 'float32', shape: [-1, 6] });
  const rate = g.input('lr', { dtype: 'float32', shape: [] });
  const step = g.input('step', { dtype: 'int32', shape: [] });
  // The gradient depends on the weights, and so does an output that nothing else needs.
  const slope = (w: Value): Value => g.reduce('mean', g.mul(x, g.add(w, g.scalar(0.5))), [0]);
  const [w1, m1, v1] = g.adamUpdate(v['adam/w'], v['adam/m'], v['adam/v'], slope(v['adam/w']), rate, g.cast(step, 'float32'), { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
  const [w2, m2] = g.momentumUpdate(v['momentum/w'], v['momentum/m'], slope(v['momentum/w']), rate, { momentum: 0.9, nesterov: true });
  const updates = [
    { variable: 'adam/w', value: w1 },
    { variable: 'adam/m', value: m1 },
    { variable: 'adam/v', value: v1 },
    { variable: 'sgd/w', value: g.sgdUpdate(v['sgd/w'], slope(v['sgd/w']), rate) },
    { variable: 'momentum/w', value: w2 },
    { variable: 'momentum/m', value: m2 },
    { variable: 'swap/a', value: v['swap/b'] },
    { variable: 'swap/b', value: v['swap/a'] },
    { variable: 'sum', value: g.add(v['adam/w'], g.add(v['sgd/w'], v['swap/a'])) },
    { variable: 'counter', value: g.cast(g.add(g.cast(counter, 'float32'), g.scalar(1)), 'int32') },
    ...(average ? [{ variable: 'mean', value: g.add(g.mul(v.mean, g.scalar(0.9)), g.mul(w1, g.scalar(0.1))) }] : []),
  ];
  const old = g.mul(v['adam/w'], g.scalar(2));
  const variables: GraphVariable[] = [...names.map((name): GraphVariable => ({ name, type: shape, role: 'weight' })), { name: 'counter', type: { dtype: 'int32', shape: [] }, role: 'statistic' }];
  return {
    variables,
    train: { name: 'train', inputs: [x, rate, step], outputs: { old, swap: v['swap/a'], count: counter, finite: g.compare('less', old, g.scalar(1e9)) }, updates },
    evaluate: { name: 'evaluate', inputs: [x], outputs: { sums: slope(v['adam/w']) }, updates: [] },
    predict: { name: 'predict', inputs: [], outputs: { y: v.sum }, updates: [] },
  };
}
