/**
 * `precision mixed_bfloat16`: what of a network computes in 16 bits. Keras's policy of that name (keras/src/layers/layer.py,
 * AutocastScope): layers compute in bfloat16, with their variables cast to it where they are used; variables themselves, and so
 * their gradients, the optimizer, the loss and the metrics are float32. Keras's exceptions are here too: normalisations keep their
 * variables and statistics in float32, and layer_norm and group_norm all of their arithmetic (batch_norm's is one operation,
 * whose kernel sums in float32). Two things are float32 that Keras leaves to its user: the softmax or sigmoid at the end of the
 * network (its guide says to), and what activities add to the loss.
 */
import type { Layer, LayerWord, Program } from '../model/program.ts';
import type { LowerContext } from './lower/context.ts';
import { lowerLayer } from './lower/table.ts';
import type { FloatType, Value } from './types.ts';

const ownVariables: ReadonlySet<LayerWord> = new Set<LayerWord>(['batch_norm', 'layer_norm', 'group_norm']);
const ownArithmetic: ReadonlySet<LayerWord> = new Set<LayerWord>(['layer_norm', 'group_norm']);

/** What layers give to each other. */
export const computeType = ({ compile }: Pick<Program, 'compile'>): FloatType => (compile.precision === 'mixed_bfloat16' ? 'bfloat16' : 'float32');

/** A layer in the precision of what it is given: x and the result have the same type. */
export function lowerInPrecision(context: LowerContext, layer: Layer, x: Value): Value {
  const { g, variable } = context;
  if (x.dtype === 'float32') return lowerLayer(context, layer, x);
  if (ownArithmetic.has(layer.word)) return g.cast(lowerLayer(context, layer, g.cast(x, 'float32', layer.name)), x.dtype, layer.name);
  return lowerLayer(ownVariables.has(layer.word) ? context : { ...context, variable: (name) => g.cast(variable(name), x.dtype) }, layer, x);
}
