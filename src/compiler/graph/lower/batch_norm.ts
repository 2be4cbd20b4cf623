/**
 * `batch_norm`: Keras's BatchNormalization over the last axis. Training normalises by the batch and moves the statistics,
 * m' = m·momentum + batch·(1 − momentum), with the biased variance as in Keras 3; inference uses the moving statistics, as does a layer that is not trained.
 */
import type { LayerOf } from '../../model/program.ts';
import type { Value } from '../types.ts';
import type { LowerContext } from './context.ts';

export function lowerBatchNorm({ g, mode, variable, update }: LowerContext, { name, args }: LayerOf<'batch_norm'>, x: Value): Value {
  const channels = x.shape[x.shape.length - 1];
  const fixed = (value: number): Value => g.constant(Array.from({ length: channels }, () => value), [channels]);
  const gamma = args.scale ? variable(`${name}/gamma`) : fixed(1);
  const beta = args.center ? variable(`${name}/beta`) : fixed(0);
  const movingMean = variable(`${name}/moving_mean`);
  const movingVariance = variable(`${name}/moving_variance`);
  if (mode === 'inference' || !args.trainable) return g.batchNormInference(x, gamma, beta, movingMean, movingVariance, args.epsilon);

  const { y, mean, variance } = g.batchNormTrain(x, gamma, beta, args.epsilon);
  const moved = (old: Value, batch: Value): Value => g.add(g.mul(old, g.scalar(args.momentum)), g.mul(batch, g.scalar(1 - args.momentum)));
  update(`${name}/moving_mean`, moved(movingMean, mean));
  update(`${name}/moving_variance`, moved(movingVariance, variance));
  return y;
}
