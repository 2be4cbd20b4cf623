/** `layer_norm`, `group_norm`: Keras's LayerNormalization over the last axis, and GroupNormalization. Both have biased variances and Keras's epsilon inside the root. */
import type { LayerOf } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import { BATCH } from '../types.ts';
import type { Value } from '../types.ts';
import type { LowerContext } from './context.ts';

export function lowerLayerNorm(context: LowerContext, layer: LayerOf<'layer_norm'>, x: Value): Value {
  return affine(context, layer, normalised(context.g, x, [x.shape.length - 1], layer.args.epsilon));
}

export function lowerGroupNorm(context: LowerContext, layer: LayerOf<'group_norm'>, x: Value): Value {
  const { g } = context;
  const { args, input } = layer;
  const channels = input[input.length - 1];
  const groups = args.groups === -1 ? channels : args.groups;
  const places = input.slice(0, -1);
  // One axis of places serves all images.
  const apart = g.reshape(x, [BATCH, places.reduce((a, b) => a * b, 1), groups, channels / groups]);
  return affine(context, layer, g.reshape(normalised(g, apart, [1, 3], args.epsilon), [BATCH, ...input]));
}

function normalised(g: Builder, x: Value, axes: readonly number[], epsilon: number): Value {
  const centred = g.sub(x, g.reduce('mean', x, axes, true));
  const variance = g.reduce('mean', g.unary('square', centred), axes, true);
  return g.mul(centred, g.unary('rsqrt', g.add(variance, g.scalar(epsilon))));
}

function affine({ g, variable }: LowerContext, { name, args }: { readonly name: string; readonly args: { readonly scale: boolean; readonly center: boolean } }, x: Value): Value {
  const scaled = args.scale ? g.mul(x, variable(`${name}/gamma`)) : x;
  return args.center ? g.add(scaled, variable(`${name}/beta`)) : scaled;
}
