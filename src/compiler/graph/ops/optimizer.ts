/** One step of an optimizer for one variable, with the arithmetic of Keras 3 (keras/src/optimizers/{adam,sgd}.py). */
import { ndarray } from '../ndarray.ts';
import type { DType, TensorType } from '../types.ts';
import type { OpDefinition } from './definition.ts';
import { expectInputs, expectShape } from './definition.ts';

/** The first `count` inputs are tensors of one shape, then scalars. */
function expectStep(op: string, inputs: readonly TensorType[], count: number, scalars: readonly DType[]): void {
  expectInputs(op, inputs, [...Array.from({ length: count }, () => ['float32'] as const), ...scalars.map((dtype) => [dtype, 0] as const)]);
  for (let i = 1; i < count; i++) expectShape(op, `input ${i}`, inputs[i], inputs[0].shape);
}

export const adamUpdate: OpDefinition<'adamUpdate'> = {
  infer(inputs) {
    expectStep('adamUpdate', inputs, 4, ['float32', 'float32']);
    return [inputs[0], inputs[0], inputs[0]];
  },
  gradient: 'none',
  evaluate([w, m, v, gradient, rate, step], { beta1, beta2, epsilon }) {
    const t = step.data[0];
    const alpha = (rate.data[0] * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
    const m1 = m.data.map((x, i) => x + (gradient.data[i] - x) * (1 - beta1));
    const v1 = v.data.map((x, i) => x + (gradient.data[i] ** 2 - x) * (1 - beta2));
    const w1 = w.data.map((x, i) => x - (alpha * m1[i]) / (Math.sqrt(v1[i]) + epsilon));
    return [ndarray(w.shape, w1), ndarray(w.shape, m1), ndarray(w.shape, v1)];
  },
};

export const sgdUpdate: OpDefinition<'sgdUpdate'> = {
  infer(inputs) {
    expectStep('sgdUpdate', inputs, 2, ['float32']);
    return [inputs[0]];
  },
  gradient: 'none',
  evaluate: ([w, gradient, rate]) => [ndarray(w.shape, w.data.map((x, i) => x - rate.data[0] * gradient.data[i]))],
};

export const momentumUpdate: OpDefinition<'momentumUpdate'> = {
  infer(inputs) {
    expectStep('momentumUpdate', inputs, 3, ['float32']);
    return [inputs[0], inputs[0]];
  },
  gradient: 'none',
  evaluate([w, m, gradient, rate], { momentum, nesterov }) {
    const change = gradient.data.map((g) => rate.data[0] * g);
    const m1 = m.data.map((x, i) => momentum * x - change[i]);
    const w1 = w.data.map((x, i) => x + (nesterov ? momentum * m1[i] - change[i] : m1[i]));
    return [ndarray(w.shape, w1), ndarray(w.shape, m1)];
  },
};
