/** `flatten`: Keras's Flatten. [N,H,W,C] → [N,H·W·C], row-major. */
import type { LayerOf } from '../../model/program.ts';
import { BATCH } from '../types.ts';
import type { Value } from '../types.ts';
import type { LowerContext } from './context.ts';

export const lowerFlatten = ({ g }: LowerContext, layer: LayerOf<'flatten'>, x: Value): Value => g.reshape(x, [BATCH, ...layer.output]);
