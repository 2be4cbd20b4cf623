/** `global_pool` and `global_avg_pool`: Keras's GlobalMaxPooling2D and GlobalAveragePooling2D. [N,H,W,C] → [N,C], or [N,1,1,C]. */
import type { LayerOf } from '../../model/program.ts';
import type { Value } from '../types.ts';
import type { LowerContext } from './context.ts';

const IMAGE_AXES = [1, 2];

export const lowerGlobalPool = ({ g }: LowerContext, { args }: LayerOf<'global_pool'>, x: Value): Value => g.reduce('max', x, IMAGE_AXES, args.keepdims);

export const lowerGlobalAvgPool = ({ g }: LowerContext, { args }: LayerOf<'global_avg_pool'>, x: Value): Value => g.reduce('mean', x, IMAGE_AXES, args.keepdims);
