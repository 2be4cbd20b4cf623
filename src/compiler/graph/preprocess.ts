/**
 * What happens to pixels before the network, in the fixed order of the language: warp (training) → scale → offset →
 * samplewise centre → samplewise std → featurewise → given mean and std → ZCA. The formulas are those of Keras's
 * ImageDataGenerator.standardize: a samplewise statistic is one number per image (over height, width and channels), a
 * featurewise one is per channel; spreads are of the population and get 1e-6 added before dividing.
 */
import type { Augment, Preprocess, Shape } from '../model/program.ts';
import type { Builder } from './build.ts';
import { BATCH } from './types.ts';
import type { GraphVariable, Value } from './types.ts';

/** Added to every standard deviation that is divided by, as Keras does. */
export const STD_EPSILON = 1e-6;

const MEAN = 'preprocess/mean';
const STD = 'preprocess/std';
const ZCA = 'preprocess/zca';

/**
 * The statistics that the training part must give: float32 [C] of images preprocessed up to the featurewise steps, and the whitening
 * matrix [HWC, HWC] of what comes out of those.
 */
export function statisticsOf(preprocess: Preprocess, input: Shape): readonly GraphVariable[] {
  const channels = input[input.length - 1];
  const size = input.reduce((product, n) => product * n, 1);
  const statistic = (name: string, ...shape: readonly number[]): GraphVariable => ({ name, type: { dtype: 'float32', shape }, role: 'statistic' });
  return [
    ...(preprocess.featurewiseCenter ? [statistic(MEAN, channels)] : []),
    ...(preprocess.featurewiseStd ? [statistic(STD, channels)] : []),
    ...(preprocess.zca ? [statistic(ZCA, size, size)] : []),
  ];
}

/** Images uint8 or float32 [N,H,W,C] as they come → float32 as they are, for `warpImages` and `preprocessImages`. */
export const decodeImages = (g: Builder, x: Value): Value => g.cast(x, 'float32');

/** Rotation, shifts, zoom and flips as one projective map per image; pixels are still 0..255, and so is the fill value. */
export function warpImages(g: Builder, images: Value, transforms: Value, augment: Augment): Value {
  return g.warp(images, transforms, { interpolation: 'bilinear', fill: augment.fill.mode, fillValue: augment.fill.value });
}

/** @param variable the value of a statistic by its name */
export function preprocessImages(g: Builder, images: Value, preprocess: Preprocess, variable: (name: string) => Value): Value {
  const { scale, offset, samplewiseCenter, samplewiseStd, featurewiseCenter, featurewiseStd, meanStd } = preprocess;
  let x = images;
  if (scale !== 1) x = g.mul(x, g.scalar(scale));
  if (offset !== 0) x = g.add(x, g.scalar(offset));
  if (samplewiseCenter || samplewiseStd) {
    const mean = g.reduce('mean', x, IMAGE_AXES, true);
    const variance = g.reduce('mean', g.squaredDifference(x, mean), IMAGE_AXES, true);
    if (samplewiseCenter) x = g.sub(x, mean);
    if (samplewiseStd) x = g.div(x, g.add(g.unary('sqrt', variance), g.scalar(STD_EPSILON)));
  }
  if (featurewiseCenter) x = g.sub(x, variable(MEAN));
  if (featurewiseStd) x = g.div(x, g.add(variable(STD), g.scalar(STD_EPSILON)));
  if (meanStd) {
    x = g.sub(x, g.constant(meanStd.mean, [meanStd.mean.length]));
    x = g.div(x, g.constant(meanStd.std.map((std) => std + STD_EPSILON), [meanStd.std.length]));
  }
  if (preprocess.zca) {
    const [, ...image] = x.shape;
    const row = image.reduce((product, n) => product * n, 1);
    x = g.reshape(g.matmul(g.reshape(x, [BATCH, row]), variable(ZCA)), [BATCH, ...image]);
  }
  return x;
}

const IMAGE_AXES = [1, 2, 3];

/**
 * One image on the host, in float64, up to but without the featurewise steps: what featurewise statistics are taken of.
 * @param pixels row-major [H,W,C], as they come @param out of the same length
 */
export function preprocessForStatistics(preprocess: Preprocess, pixels: Uint8Array | Float32Array, _channels: number, out: Float64Array): void {
  const { scale, offset, samplewiseCenter, samplewiseStd } = preprocess;
  const count = pixels.length;
  for (let i = 0; i < count; i++) out[i] = pixels[i] * scale + offset;
  if (!samplewiseCenter && !samplewiseStd) return;

  let sum = 0;
  for (let i = 0; i < count; i++) sum += out[i];
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (out[i] - mean) * (out[i] - mean);
  const centre = samplewiseCenter ? mean : 0;
  const spread = samplewiseStd ? Math.sqrt(squares / count) + STD_EPSILON : 1;
  for (let i = 0; i < count; i++) out[i] = (out[i] - centre) / spread;
}
