/** `flatten`, `reshape`, `permute`: Keras's Flatten, Reshape, Permute; row-major. */
import type { LayerOf } from '../../model/program.ts';
import { BATCH } from '../types.ts';
import type { Value } from '../types.ts';
import type { LowerContext } from './context.ts';

export const lowerReshape = ({ g }: LowerContext, layer: LayerOf<'flatten' | 'reshape'>, x: Value): Value => g.reshape(x, [BATCH, ...layer.output]);

export const lowerPermute = ({ g }: LowerContext, { args }: LayerOf<'permute'>, x: Value): Value => g.transpose(x, [0, ...args.dims]);
