/** 2-D convolution. Source: Keras Conv2D (keras/src/layers/convolutional/conv2d.py); the kernel is 3x3 unless said otherwise. */
import type { LayerDefinition } from '../types.ts';
import { param } from '../params.ts';
import { dilation, endParams, filters, paddingParam, readEnd, readWindow, stride, weightParams, windowSize } from './params.ts';
import { biasOf, problem, slide, weight } from './shapes.ts';

export const conv: LayerDefinition<'conv'> = {
  word: 'conv',
  group: 'layer',
  doc: 'A convolution: each of its filters slides a small window over the image and answers where it sees what it has learned to see.',
  keras: ['Conv2D', 'Convolution2D', 'conv2d', 'convolution'],
  params: [
    filters,
    windowSize(1),
    stride([1, 1]),
    paddingParam,
    dilation,
    param('groups', { kind: 'integer', min: 1, max: 65536 }, 'Groups of channels that are convolved apart; they divide the channels of the input and the filters.', { value: 1 }),
    ...weightParams('kernel', 'kernel', 'glorot_uniform'),
    ...endParams,
  ],
  in: ['network'],
  example: 'conv 32 5x5 same; relu',
  source: 'keras.layers.Conv2D',
  args: (given) => ({ filters: given.number('filters'), ...readWindow(given), dilation: given.size('dilation'), groups: given.number('groups'), ...readEnd(given, ['kernel']) }),
  shape(input, args) {
    if (Math.max(...args.stride) > 1 && Math.max(...args.dilation) > 1) return problem({ kind: 'strideAndDilation' });
    if (args.filters % args.groups !== 0) return problem({ kind: 'groups', groups: args.groups, of: 'filters', count: args.filters, input });
    if (input.length === 3 && input[2] % args.groups !== 0) return problem({ kind: 'groups', groups: args.groups, of: 'channels', count: input[2], input });
    return slide(input, args, args.filters);
  },
  variables: (input, args) => [weight(args, 'kernel', [...args.size, input[2] / args.groups, args.filters]), ...biasOf(args, args.filters)],
  macs: (input, output, args) => output[0] * output[1] * output[2] * args.size[0] * args.size[1] * (input[2] / args.groups),
};
