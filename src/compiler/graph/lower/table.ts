/** Every layer word's meaning as operations. A missing word is a compile error. */
import { asLayer } from '../../model/program.ts';
import type { ActivationWord, Layer, LayerOf, LayerWord } from '../../model/program.ts';
import type { Value } from '../types.ts';
import { activations } from './activations.ts';
import { lowerBatchNorm } from './batch_norm.ts';
import type { LowerContext } from './context.ts';
import { lowerConv, lowerConvTranspose, lowerDepthwiseConv, lowerSeparableConv } from './conv.ts';
import { lowerDense } from './dense.ts';
import { lowerDropout, lowerSpatialDropout } from './dropout.ts';
import { lowerGlobalAvgPool, lowerGlobalPool } from './global_pool.ts';
import { lowerGaussianDropout, lowerGaussianNoise } from './noise.ts';
import { lowerGroupNorm, lowerLayerNorm } from './norm.ts';
import { lowerAvgPool, lowerPool } from './pool.ts';
import { lowerPrelu, lowerRescale } from './prelu.ts';
import { lowerPermute, lowerReshape } from './shape.ts';
import { lowerCropping, lowerUpsample, lowerZeroPad } from './sides.ts';

export type LowerLayer<W extends LayerWord> = (context: LowerContext, layer: LayerOf<W>, x: Value) => Value;

const activation = <W extends ActivationWord>(word: W): LowerLayer<W> => ({ g }, layer, x) => activations[word](g, x, layer.args);

export const lowering: { readonly [W in LayerWord]: LowerLayer<W> } = {
  conv: lowerConv,
  depthwise_conv: lowerDepthwiseConv,
  separable_conv: lowerSeparableConv,
  conv_transpose: lowerConvTranspose,
  dense: lowerDense,
  pool: lowerPool,
  avg_pool: lowerAvgPool,
  global_avg_pool: lowerGlobalAvgPool,
  global_pool: lowerGlobalPool,
  zero_pad: lowerZeroPad,
  cropping: lowerCropping,
  upsample: lowerUpsample,
  batch_norm: lowerBatchNorm,
  layer_norm: lowerLayerNorm,
  group_norm: lowerGroupNorm,
  dropout: lowerDropout,
  spatial_dropout: lowerSpatialDropout,
  gaussian_dropout: lowerGaussianDropout,
  gaussian_noise: lowerGaussianNoise,
  flatten: lowerReshape,
  reshape: lowerReshape,
  permute: lowerPermute,
  rescale: lowerRescale,
  prelu: lowerPrelu,
  relu: activation('relu'),
  relu6: activation('relu6'),
  leaky_relu: activation('leaky_relu'),
  elu: activation('elu'),
  selu: activation('selu'),
  gelu: activation('gelu'),
  silu: activation('silu'),
  mish: activation('mish'),
  hard_sigmoid: activation('hard_sigmoid'),
  hard_silu: activation('hard_silu'),
  sigmoid: activation('sigmoid'),
  tanh: activation('tanh'),
  softplus: activation('softplus'),
  softsign: activation('softsign'),
  softmax: activation('softmax'),
};

/** One layer; its operations carry the layer's name. */
export function lowerLayer(context: LowerContext, layer: Layer, x: Value): Value {
  return context.g.scoped(layer.name, () => lowerWord(context, layer, layer.word, x));
}

const lowerWord = <W extends LayerWord>(context: LowerContext, layer: Layer, word: W, x: Value): Value => lowering[word](context, asLayer(layer, word), x);
