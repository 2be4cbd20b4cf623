/** `conv`: Keras's Conv2D. x [N,H,W,C], kernel HWIO → [N,H',W',filters]; bias and activation as asked. */
import type { LayerOf } from '../../model/program.ts';
import type { Value } from '../types.ts';
import { activate } from './activations.ts';
import type { LowerContext } from './context.ts';

export function lowerConv({ g, variable }: LowerContext, { name, args }: LayerOf<'conv'>, x: Value): Value {
  const { stride, padding, dilation } = args;
  const y = g.conv2d(x, variable(`${name}/kernel`), { stride, padding, dilation });
  return activate(g, args.activation, args.bias ? g.biasAdd(y, variable(`${name}/bias`)) : y);
}
