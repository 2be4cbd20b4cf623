/** Batch normalisation over all axes but the last (Ioffe and Szegedy 2015). The variance is the biased one, as in Keras 3. */
import type { NDArray } from '../ndarray.ts';
import { ndarray } from '../ndarray.ts';
import type { TensorType, Value } from '../types.ts';
import type { GradientContext, OpDefinition } from './definition.ts';
import { channelsOf, expectInputs, expectShape, fail } from './definition.ts';

/** Checks x [..,C] and that the rest are [C]; gives the type [C]. */
function perChannel(op: string, x: TensorType, rest: readonly TensorType[]): TensorType {
  const shape = [channelsOf(op, x)];
  for (const type of rest) expectShape(op, 'a parameter', type, shape);
  return { dtype: 'float32', shape };
}

/** Sums over all but the last axis. */
function channelSums(x: NDArray, f: (v: number, channel: number, i: number) => number): Float64Array {
  const sums = new Float64Array(x.shape.at(-1)!);
  x.data.forEach((v, i) => {
    sums[i % sums.length] += f(v, i % sums.length, i);
  });
  return sums;
}

function normalize(x: NDArray, gamma: NDArray, beta: NDArray, mean: Float64Array, variance: Float64Array, epsilon: number): NDArray {
  const c = mean.length;
  return ndarray(x.shape, x.data.map((v, i) => ((v - mean[i % c]) / Math.sqrt(variance[i % c] + epsilon)) * gamma.data[i % c] + beta.data[i % c]));
}

export const batchNormTrain: OpDefinition<'batchNormTrain'> = {
  infer(inputs) {
    expectInputs('batchNormTrain', inputs, [['float'], ['float32', 1], ['float32', 1]]);
    const channels = perChannel('batchNormTrain', inputs[0], inputs.slice(1));
    return [inputs[0], channels, channels];
  },
  gradient({ g, dys: [dy, dmean, dvariance], inputs: [x, gamma], outputs: [, mean, variance], attrs: { epsilon } }) {
    // They are there for the moving statistics, which no loss depends on.
    if (dmean || dvariance || !dy) fail('a loss depends on the statistics of batchNormTrain');
    const { dx, dgamma, dbeta } = g.batchNormTrainGrad(dy, x, gamma, mean, variance, epsilon);
    return [dx, dgamma, dbeta];
  },
  evaluate([x, gamma, beta], { epsilon }) {
    const c = gamma.data.length;
    const count = x.data.length / c;
    const mean = channelSums(x, (v) => v / count);
    const variance = channelSums(x, (v, channel) => (v - mean[channel]) ** 2 / count);
    return [normalize(x, gamma, beta, mean, variance, epsilon), ndarray([c], mean), ndarray([c], variance)];
  },
};

export const batchNormTrainGrad: OpDefinition<'batchNormTrainGrad'> = {
  infer(inputs) {
    expectInputs('batchNormTrainGrad', inputs, [['float'], ['float'], ['float32', 1], ['float32', 1], ['float32', 1]]);
    expectShape('batchNormTrainGrad', 'dy', inputs[0], inputs[1].shape);
    const channels = perChannel('batchNormTrainGrad', inputs[1], inputs.slice(2));
    return [inputs[1], channels, channels];
  },
  gradient: 'none',
  evaluate([dy, x, gamma, mean, variance], { epsilon }) {
    const c = gamma.data.length;
    const count = x.data.length / c;
    const inverse = variance.data.map((v) => 1 / Math.sqrt(v + epsilon));
    const hat = x.data.map((v, i) => (v - mean.data[i % c]) * inverse[i % c]);
    const dbeta = channelSums(dy, (d) => d);
    const dgamma = channelSums(dy, (d, _, i) => d * hat[i]);
    const dx = dy.data.map((d, i) => gamma.data[i % c] * inverse[i % c] * (d - dbeta[i % c] / count - (hat[i] * dgamma[i % c]) / count));
    return [ndarray(x.shape, dx), ndarray([c], dgamma), ndarray([c], dbeta)];
  },
};

function inferenceGradient({ g, dy, inputs: [x, gamma, , mean, variance], attrs: { epsilon }, needs }: GradientContext<'batchNormInference'>): (Value | null)[] {
  const inverse = g.unary('rsqrt', g.add(variance, g.scalar(epsilon)));
  const scale = g.mul(gamma, inverse);
  const wanted = (i: number, make: () => Value): Value | null => (needs[i] ? make() : null);
  // Statistics and scales are float32, whatever x is.
  const wide = g.cast(dy, 'float32');
  const weighted = (): Value => g.biasAddGrad(g.mul(wide, g.sub(g.cast(x, 'float32'), mean)));
  return [
    wanted(0, () => g.cast(g.mul(wide, scale), x.dtype)),
    wanted(1, () => g.mul(weighted(), inverse)),
    wanted(2, () => g.biasAddGrad(wide)),
    wanted(3, () => g.unary('neg', g.mul(g.biasAddGrad(wide), scale))),
    wanted(4, () => g.mul(g.mul(weighted(), g.scalar(-0.5)), g.mul(scale, g.unary('square', inverse)))),
  ];
}

export const batchNormInference: OpDefinition<'batchNormInference'> = {
  infer(inputs) {
    expectInputs('batchNormInference', inputs, [['float'], ['float32', 1], ['float32', 1], ['float32', 1], ['float32', 1]]);
    perChannel('batchNormInference', inputs[0], inputs.slice(1));
    return [inputs[0]];
  },
  gradient: inferenceGradient,
  evaluate: ([x, gamma, beta, mean, variance], { epsilon }) => [normalize(x, gamma, beta, mean.data, variance.data, epsilon)],
};
