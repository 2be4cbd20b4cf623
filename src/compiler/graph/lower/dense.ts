/** `dense`: Keras's Dense. x [N,in], kernel [in,units] → [N,units]; bias and activation as asked. */
import type { LayerOf } from '../../model/program.ts';
import type { Value } from '../types.ts';
import { activate } from './activations.ts';
import type { LowerContext } from './context.ts';

export function lowerDense({ g, variable }: LowerContext, { name, args }: LayerOf<'dense'>, x: Value): Value {
  const y = g.matmul(x, variable(`${name}/kernel`));
  return activate(g, args.activation, args.bias ? g.biasAdd(y, variable(`${name}/bias`)) : y);
}
