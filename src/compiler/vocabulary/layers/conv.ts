/** 2-D convolution. Source: Keras Conv2D (keras/src/layers/convolutional/conv2d.py); the kernel is 3x3 unless said otherwise. */
import type { LayerDefinition } from '../types.ts';
import { layerName, later, laterWeights, param } from '../params.ts';
import { activation, bias, biasInitializer, kernelInitializer, paddingParam, stride } from './params.ts';
import { padding, slide, variable } from './shapes.ts';

export const conv: LayerDefinition<'conv'> = {
  word: 'conv',
  group: 'layer',
  doc: 'A convolution: each of its filters slides a small window over the image and answers where it sees what it has learned to see.',
  keras: ['Conv2D', 'Convolution2D', 'conv2d', 'convolution'],
  params: [
    param('filters', { kind: 'integer', min: 1, max: 65536 }, 'Number of filters, which is the number of channels of the output.', { position: 0, required: true, keras: ['channels', 'out_channels'] }),
    param('size', { kind: 'size2' }, 'Height x width of the window.', { position: 1, value: [3, 3], keras: ['kernel_size', 'kernel'] }),
    stride([1, 1]),
    paddingParam,
    param('dilation', { kind: 'size2' }, 'Distance between the elements of the window.', { value: [1, 1], keras: ['dilation_rate'] }),
    bias,
    activation,
    kernelInitializer,
    biasInitializer,
    layerName,
    later('groups', 'Groups of channels convolved apart.'),
    ...laterWeights,
  ],
  in: ['network'],
  example: 'conv 32 5x5 same; relu',
  source: 'keras.layers.Conv2D',
  args: (given) => ({
    filters: given.number('filters'),
    size: given.size('size'),
    stride: given.size('stride'),
    padding: padding(given),
    dilation: given.size('dilation'),
    bias: given.flag('bias'),
    activation: given.activation('activation'),
    kernel_initializer: given.initializer('kernel_initializer'),
    bias_initializer: given.initializer('bias_initializer'),
  }),
  shape(input, args) {
    if (Math.max(...args.stride) > 1 && Math.max(...args.dilation) > 1) return { ok: false, problem: { kind: 'strideAndDilation' } };
    return slide(input, args, args.filters);
  },
  variables: (input, args) => [
    variable('kernel', [args.size[0], args.size[1], input[2], args.filters], args.kernel_initializer),
    ...(args.bias ? [variable('bias', [args.filters], args.bias_initializer)] : []),
  ],
  macs: (input, output, args) => output[0] * output[1] * output[2] * args.size[0] * args.size[1] * input[2],
};
