/** Every layer word's meaning as operations. A missing word is a compile error. */
import { asLayer } from '../../model/program.ts';
import type { ActivationWord, Layer, LayerOf, LayerWord } from '../../model/program.ts';
import type { Value } from '../types.ts';
import { activations } from './activations.ts';
import { lowerBatchNorm } from './batch_norm.ts';
import type { LowerContext } from './context.ts';
import { lowerConv } from './conv.ts';
import { lowerDense } from './dense.ts';
import { lowerDropout } from './dropout.ts';
import { lowerFlatten } from './flatten.ts';
import { lowerGlobalAvgPool, lowerGlobalPool } from './global_pool.ts';
import { lowerAvgPool, lowerPool } from './pool.ts';

export type LowerLayer<W extends LayerWord> = (context: LowerContext, layer: LayerOf<W>, x: Value) => Value;

const activation = <W extends ActivationWord>(word: W): LowerLayer<W> => ({ g }, layer, x) => activations[word](g, x, layer.args);

export const lowering: { readonly [W in LayerWord]: LowerLayer<W> } = {
  conv: lowerConv,
  dense: lowerDense,
  pool: lowerPool,
  avg_pool: lowerAvgPool,
  global_avg_pool: lowerGlobalAvgPool,
  global_pool: lowerGlobalPool,
  batch_norm: lowerBatchNorm,
  dropout: lowerDropout,
  flatten: lowerFlatten,
  relu: activation('relu'),
  relu6: activation('relu6'),
  leaky_relu: activation('leaky_relu'),
  elu: activation('elu'),
  selu: activation('selu'),
  gelu: activation('gelu'),
  silu: activation('silu'),
  hard_sigmoid: activation('hard_sigmoid'),
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
