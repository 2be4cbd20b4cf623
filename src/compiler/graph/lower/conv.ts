/**
 * `conv`, `depthwise_conv`, `separable_conv`, `conv_transpose`: Keras's Conv2D, DepthwiseConv2D, SeparableConv2D, Conv2DTranspose.
 * x [N,H,W,C], kernels in Keras's layouts; bias and activation as asked.
 */
import type { ActivationWord, LayerOf } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import { windowAlong } from '../ops/window.ts';
import type { ConvAttrs, Value } from '../types.ts';
import { activate } from './activations.ts';
import type { LowerContext } from './context.ts';

interface End {
  readonly name: string;
  readonly args: { readonly bias: boolean; readonly activation: ActivationWord | null };
}

const ended = ({ g, variable }: LowerContext, { name, args }: End, y: Value): Value => activate(g, args.activation, args.bias ? g.biasAdd(y, variable(`${name}/bias`)) : y);

export function lowerConv(context: LowerContext, layer: LayerOf<'conv'>, x: Value): Value {
  const { g, variable } = context;
  const { stride, padding, dilation, groups } = layer.args;
  return ended(context, layer, grouped(g, x, variable(`${layer.name}/kernel`), { stride, padding, dilation }, groups));
}

/** Group i makes its part of the filters of its part of the channels. Where each group is one channel, it is a depthwise convolution. */
function grouped(g: Builder, x: Value, kernel: Value, attrs: ConvAttrs, groups: number): Value {
  if (groups === 1) return g.conv2d(x, kernel, attrs);
  const [h, w, ins, outs] = kernel.shape;
  const each = outs / groups;
  // Filters of group c are c·each … and so are the outputs of channel c.
  if (ins === 1) return depthwise(g, x, g.reshape(kernel, [h, w, groups, each]), attrs);
  const parts = Array.from({ length: groups }, (_, i) => g.conv2d(g.slice(x, i * ins, ins), g.slice(kernel, i * each, each), attrs));
  return g.concat(parts);
}

export function lowerDepthwiseConv(context: LowerContext, layer: LayerOf<'depthwise_conv'>, x: Value): Value {
  return ended(context, layer, depthwise(context.g, x, context.variable(`${layer.name}/kernel`), attrsOf(layer.args)));
}

export function lowerSeparableConv(context: LowerContext, layer: LayerOf<'separable_conv'>, x: Value): Value {
  const { g, variable } = context;
  const inner = depthwise(g, x, variable(`${layer.name}/depthwise_kernel`), attrsOf(layer.args));
  return ended(context, layer, g.conv2d(inner, variable(`${layer.name}/pointwise_kernel`), { stride: [1, 1], padding: 'valid', dilation: [1, 1] }));
}

export function lowerConvTranspose(context: LowerContext, layer: LayerOf<'conv_transpose'>, x: Value): Value {
  const [height, width] = layer.output;
  return ended(context, layer, context.g.conv2dTranspose(x, context.variable(`${layer.name}/kernel`), { ...attrsOf(layer.args), size: [height, width] }));
}

const attrsOf = ({ stride, padding, dilation }: ConvAttrs): ConvAttrs => ({ stride, padding, dilation });

/**
 * Two strides, or a stride with a dilation, are that convolution at stride 1 with the places between left out, as Keras computes it
 * (`_depthwise_conv_stride_dilation_decomposition`, keras/src/backend/tensorflow/nn.py). A pool of 1x1 takes the places that stay.
 */
function depthwise(g: Builder, x: Value, kernel: Value, attrs: ConvAttrs): Value {
  const { stride, padding, dilation } = attrs;
  const strided = Math.max(...stride) > 1;
  if (stride[0] === stride[1] && !(strided && Math.max(...dilation) > 1)) return g.depthwiseConv2d(x, kernel, attrs);
  const sides = [0, 1].flatMap((axis) => {
    const size = x.shape[axis + 1];
    const { count, before } = windowAlong(size, kernel.shape[axis], stride[axis], dilation[axis], padding);
    const needed = (count - 1) * stride[axis] + dilation[axis] * (kernel.shape[axis] - 1) + 1;
    return [before, Math.max(needed - before - size, 0)];
  });
  const padded = g.pad(x, [sides[0], sides[1], sides[2], sides[3]]);
  const dense = g.depthwiseConv2d(padded, kernel, { stride: [1, 1], padding: 'valid', dilation });
  return g.avgPool(dense, { size: [1, 1], stride, padding: 'valid' });
}
