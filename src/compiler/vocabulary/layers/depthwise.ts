/**
 * Convolutions that take each channel on its own. Source: Keras DepthwiseConv2D and SeparableConv2D
 * (keras/src/layers/convolutional/); Chollet, "Xception", 2017. A stride together with a dilation is allowed, as in Keras.
 */
import type { LayerDefinition } from '../types.ts';
import { depthMultiplier, dilation, endParams, filters, paddingParam, readEnd, readWindow, stride, weightParams, windowSize } from './params.ts';
import { biasOf, slide, weight } from './shapes.ts';

export const depthwiseConv: LayerDefinition<'depthwise_conv'> = {
  word: 'depthwise_conv',
  group: 'layer',
  doc: 'A convolution of each channel on its own: much cheaper than `conv`, and channels do not mix.',
  details: 'The output has as many channels as the input, times `depth_multiplier`.',
  keras: ['DepthwiseConv2D', 'depthwiseconv'],
  params: [windowSize(0), stride([1, 1]), paddingParam, dilation, depthMultiplier, ...weightParams('depthwise', 'kernel', 'glorot_uniform', 'kernel'), ...endParams],
  in: ['network'],
  example: 'depthwise_conv 3x3 same',
  source: 'keras.layers.DepthwiseConv2D',
  args: (given) => ({ ...readWindow(given), dilation: given.size('dilation'), depth_multiplier: given.number('depth_multiplier'), ...readEnd(given, ['depthwise']) }),
  shape: (input, args) => slide(input, args, input[2] * args.depth_multiplier),
  variables: (input, args) => [weight(args, 'depthwise', [...args.size, input[2], args.depth_multiplier], 'kernel'), ...biasOf(args, input[2] * args.depth_multiplier)],
  macs: (_, output, args) => output[0] * output[1] * output[2] * args.size[0] * args.size[1],
};

export const separableConv: LayerDefinition<'separable_conv'> = {
  word: 'separable_conv',
  group: 'layer',
  doc: 'A convolution in two steps: each channel on its own, then all channels of each pixel.',
  keras: ['SeparableConv2D', 'SeparableConvolution2D'],
  params: [
    filters,
    windowSize(1),
    stride([1, 1]),
    paddingParam,
    dilation,
    depthMultiplier,
    ...weightParams('depthwise', 'kernel of the first step', 'glorot_uniform'),
    ...weightParams('pointwise', 'kernel of the second step', 'glorot_uniform'),
    ...endParams,
  ],
  in: ['network'],
  example: 'separable_conv 64 same; batch_norm; relu',
  source: 'keras.layers.SeparableConv2D',
  args: (given) => ({
    filters: given.number('filters'),
    ...readWindow(given),
    dilation: given.size('dilation'),
    depth_multiplier: given.number('depth_multiplier'),
    ...readEnd(given, ['depthwise', 'pointwise']),
  }),
  shape: (input, args) => slide(input, args, args.filters),
  variables: (input, args) => [
    weight(args, 'depthwise', [...args.size, input[2], args.depth_multiplier], 'depthwise_kernel'),
    weight(args, 'pointwise', [1, 1, input[2] * args.depth_multiplier, args.filters], 'pointwise_kernel'),
    ...biasOf(args, args.filters),
  ],
  macs: (input, output, args) => output[0] * output[1] * input[2] * args.depth_multiplier * (args.size[0] * args.size[1] + args.filters),
};
