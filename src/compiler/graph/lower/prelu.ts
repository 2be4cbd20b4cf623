/** `prelu` and `rescale`: Keras's PReLU (relu(x) − alpha · relu(−x)) and Rescaling. */
import type { LayerOf } from '../../model/program.ts';
import type { Value } from '../types.ts';
import type { LowerContext } from './context.ts';

export const lowerPrelu = ({ g, variable }: LowerContext, { name }: LayerOf<'prelu'>, x: Value): Value =>
  g.sub(g.unary('relu', x), g.mul(variable(`${name}/alpha`), g.unary('relu', g.unary('neg', x))));

export const lowerRescale = ({ g }: LowerContext, { args }: LayerOf<'rescale'>, x: Value): Value => {
  const scaled = args.scale === 1 ? x : g.mul(x, g.scalar(args.scale));
  return args.offset === 0 ? scaled : g.add(scaled, g.scalar(args.offset));
};
