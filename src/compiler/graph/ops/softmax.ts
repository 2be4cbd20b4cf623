/** Softmax and its cross-entropies, fused from the logits: TensorFlow's SoftmaxCrossEntropyWithLogits and its sparse form. */
import type { NDArray } from '../ndarray.ts';
import { ndarray } from '../ndarray.ts';
import type { Value } from '../types.ts';
import type { GradientContext, OpDefinition } from './definition.ts';
import { channelsOf, expectInputs, expectShape, fail, float } from './definition.ts';

/** log softmax along the last axis. */
function logProbabilities(x: NDArray): Float64Array {
  const c = x.shape.at(-1)!;
  const out = new Float64Array(x.data.length);
  for (let start = 0; start < out.length; start += c) {
    const row = x.data.subarray(start, start + c);
    const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const normalizer = Math.log(row.reduce((sum, v) => sum + Math.exp(v - top), 0));
    row.forEach((v, i) => {
      out[start + i] = v - top - normalizer;
    });
  }
  return out;
}

export const softmax: OpDefinition<'softmax'> = {
  infer(inputs) {
    expectInputs('softmax', inputs, [['float']]);
    channelsOf('softmax', inputs[0]);
    return [inputs[0]];
  },
  gradient({ g, dy, outputs: [y] }) {
    const total = g.reduce('sum', g.mul(dy, y), [y.shape.length - 1], true);
    return [g.mul(g.sub(dy, total), y)];
  },
  evaluate: ([x]) => [ndarray(x.shape, logProbabilities(x).map(Math.exp))],
};

export const logSoftmax: OpDefinition<'logSoftmax'> = {
  infer(inputs) {
    expectInputs('logSoftmax', inputs, [['float']]);
    channelsOf('logSoftmax', inputs[0]);
    return [inputs[0]];
  },
  gradient({ g, dy, outputs: [y] }) {
    const total = g.reduce('sum', dy, [y.shape.length - 1], true);
    return [g.sub(dy, g.mul(g.unary('exp', y), total))];
  },
  evaluate: ([x]) => [ndarray(x.shape, logProbabilities(x))],
};

/** The forward kernel already made the gradient by the logits. */
function byBackprop<K extends 'softmaxCrossEntropy' | 'sparseSoftmaxCrossEntropy'>({ g, dys: [dy, dbackprop], inputs: [logits], outputs: [, backprop] }: GradientContext<K>): (Value | null)[] {
  if (dbackprop || !dy) fail('a loss depends on the backprop of a cross-entropy');
  return [g.mul(g.reshape(dy, [logits.shape[0], 1]), backprop), null];
}

export const softmaxCrossEntropy: OpDefinition<'softmaxCrossEntropy'> = {
  infer(inputs) {
    expectInputs('softmaxCrossEntropy', inputs, [['float32', 2], ['float32', 2]]);
    expectShape('softmaxCrossEntropy', 'the targets', inputs[1], inputs[0].shape);
    return [float(inputs[0].shape.slice(0, 1)), float(inputs[0].shape)];
  },
  gradient: byBackprop,
  evaluate([logits, targets]) {
    const [n, c] = logits.shape;
    const logs = logProbabilities(logits);
    const loss = ndarray([n]);
    const total = new Float64Array(n);
    targets.data.forEach((target, i) => {
      const row = Math.floor(i / c);
      // 0 · −∞ is 0: a class without target adds nothing.
      if (target !== 0) loss.data[row] -= target * logs[i];
      total[row] += target;
    });
    return [loss, ndarray([n, c], targets.data.map((target, i) => Math.exp(logs[i]) * total[Math.floor(i / c)] - target))];
  },
};

export const sparseSoftmaxCrossEntropy: OpDefinition<'sparseSoftmaxCrossEntropy'> = {
  infer(inputs) {
    expectInputs('sparseSoftmaxCrossEntropy', inputs, [['float32', 2], ['int32', 1]]);
    expectShape('sparseSoftmaxCrossEntropy', 'the labels', inputs[1], inputs[0].shape.slice(0, 1));
    return [float(inputs[0].shape.slice(0, 1)), float(inputs[0].shape)];
  },
  gradient: byBackprop,
  evaluate([logits, labels]) {
    const [n, c] = logits.shape;
    const logs = logProbabilities(logits);
    const loss = ndarray([n], labels.data.map((label, row) => -logs[row * c + label]));
    return [loss, ndarray([n, c], logs.map((v, i) => Math.exp(v) - (labels.data[Math.floor(i / c)] === i % c ? 1 : 0)))];
  },
};
