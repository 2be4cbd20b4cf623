/** A convolution backwards. Source: Keras Conv2DTranspose (keras/src/layers/convolutional/base_conv_transpose.py); Dumoulin and Visin, "A guide to convolution arithmetic", 2016. */
import type { LayerDefinition } from '../types.ts';
import { param } from '../params.ts';
import { isImage } from '../../shape/shape.ts';
import { transposedOutput, windowOutput } from '../../shape/window.ts';
import { dilation, endParams, filters, paddingParam, readEnd, readWindow, stride, weightParams, windowSize } from './params.ts';
import { biasOf, fits, notAnImage, problem, weight } from './shapes.ts';

export const convTranspose: LayerDefinition<'conv_transpose'> = {
  word: 'conv_transpose',
  group: 'layer',
  doc: 'A convolution that enlarges: each pixel lays its filters, weighted, into the output.',
  details: 'With `same` the output is the input times the stride; with `valid` (input - 1) * stride + window.',
  keras: ['Conv2DTranspose', 'Convolution2DTranspose', 'deconv', 'ConvTranspose2d'],
  params: [
    filters,
    windowSize(1),
    stride([1, 1]),
    paddingParam,
    dilation,
    param('output_padding', { kind: 'integers', min: 0, like: '1 or [0, 1]' }, 'Rows and columns added at the end, fewer than the stride.', { default: 'as the padding asks' }),
    ...weightParams('kernel', 'kernel', 'glorot_uniform'),
    ...endParams,
  ],
  in: ['network'],
  example: 'conv_transpose 16 stride=2 same; relu',
  source: 'keras.layers.Conv2DTranspose',
  args(given) {
    const extra = given.has('output_padding') ? given.numbers('output_padding') : null;
    return {
      filters: given.number('filters'),
      ...readWindow(given),
      dilation: given.size('dilation'),
      output_padding: extra === null ? null : [extra[0], extra[extra.length - 1]],
      ...readEnd(given, ['kernel']),
    };
  },
  shape(input, args) {
    if (Math.max(...args.stride) > 1 && Math.max(...args.dilation) > 1) return problem({ kind: 'strideAndDilation' });
    if (!isImage(input)) return notAnImage(input);
    const { size, stride: step, padding, dilation: apart, output_padding: extra } = args;
    const side = (axis: 0 | 1): number => transposedOutput(input[axis], size[axis], step[axis], padding, apart[axis], extra === null ? null : extra[axis]);
    const output = [side(0), side(1)];
    // The convolution that it is the reverse of must lead back to the input.
    const back = ([0, 1] as const).every((axis) => output[axis] > 0 && windowOutput(output[axis], size[axis], step[axis], padding, apart[axis]) === input[axis]);
    if (extra !== null && (!back || extra[0] >= step[0] || extra[1] >= step[1])) return problem({ kind: 'outputPadding', outputPadding: extra, stride: step, window: size, input });
    return fits([output[0], output[1], args.filters]);
  },
  variables: (input, args) => [weight(args, 'kernel', [...args.size, args.filters, input[2]]), ...biasOf(args, args.filters)],
  macs: (input, _, args) => input[0] * input[1] * input[2] * args.size[0] * args.size[1] * args.filters,
};
