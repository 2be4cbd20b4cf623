/** Every layer by its word; a word without a definition does not compile. */
import type { LayerWord } from '../../model/program.ts';
import type { LayerDefinition } from '../types.ts';
import { conv } from './conv.ts';
import { convTranspose } from './conv-transpose.ts';
import { depthwiseConv, separableConv } from './depthwise.ts';
import { dense } from './dense.ts';
import { averagePool, pool } from './pool.ts';
import { globalAveragePool, globalMaxPool } from './global-pool.ts';
import { batchNorm } from './batch-norm.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { gaussianDropout, gaussianNoise, spatialDropout } from './noise.ts';
import { groupNorm, layerNorm } from './norm.ts';
import { prelu } from './prelu.ts';
import { rescale } from './rescale.ts';
import { permute, reshape } from './reshape.ts';
import { cropping, upsample, zeroPad } from './sides.ts';
import { activationLayers } from './activations.ts';

export const layers: { readonly [W in LayerWord]: LayerDefinition<W> } = {
  conv,
  depthwise_conv: depthwiseConv,
  separable_conv: separableConv,
  conv_transpose: convTranspose,
  dense,
  pool,
  avg_pool: averagePool,
  global_avg_pool: globalAveragePool,
  global_pool: globalMaxPool,
  zero_pad: zeroPad,
  cropping,
  upsample,
  batch_norm: batchNorm,
  layer_norm: layerNorm,
  group_norm: groupNorm,
  dropout,
  spatial_dropout: spatialDropout,
  gaussian_dropout: gaussianDropout,
  gaussian_noise: gaussianNoise,
  flatten,
  reshape,
  permute,
  rescale,
  prelu,
  ...activationLayers,
};
