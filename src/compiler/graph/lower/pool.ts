/** `pool` and `avg_pool`: Keras's MaxPooling2D and AveragePooling2D, which does not count padding. */
import type { LayerArgsByWord, LayerOf } from '../../model/program.ts';
import { poolFirst } from '../rewrite/pool-first.ts';
import type { Value, WindowAttrs } from '../types.ts';
import type { LowerContext } from './context.ts';

export function lowerPool({ g, poolFirst: rewrite }: LowerContext, layer: LayerOf<'pool'>, x: Value): Value {
  const pooled = g.maxPool(x, windowOf(layer.args));
  return rewrite ? poolFirst(g, pooled) : pooled;
}

export const lowerAvgPool = ({ g }: LowerContext, layer: LayerOf<'avg_pool'>, x: Value): Value => g.avgPool(x, windowOf(layer.args));

const windowOf = ({ size, stride, padding }: LayerArgsByWord['pool']): WindowAttrs => ({ size, stride, padding });
