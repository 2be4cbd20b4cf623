/** Layers that change the size of an image without weights. Source: Keras ZeroPadding2D, Cropping2D, UpSampling2D (keras/src/layers/reshaping/). */
import type { LayerDefinition } from '../types.ts';
import { isImage } from '../../shape/shape.ts';
import { layerName, param } from '../params.ts';
import { fits, free, none, notAnImage, problem } from './shapes.ts';

export const zeroPad: LayerDefinition<'zero_pad'> = {
  word: 'zero_pad',
  group: 'layer',
  doc: 'Surrounds the image with zeros.',
  details: 'One number for all sides, height x width, or each side: `zero_pad [1, 2, 0, 3]` adds 1 above, 2 below, none left and 3 right.',
  keras: ['ZeroPadding2D', 'padding', 'zeropad'],
  params: [param('padding', { kind: 'sides' }, 'Rows above and below, columns left and right.', { position: 0, value: [1, 1, 1, 1] }), layerName],
  in: ['network'],
  example: 'zero_pad 3',
  source: 'keras.layers.ZeroPadding2D',
  args: (given) => ({ padding: given.sides('padding') }),
  shape: (input, { padding: [top, bottom, left, right] }) => (isImage(input) ? fits([input[0] + top + bottom, input[1] + left + right, input[2]]) : notAnImage(input)),
  variables: none,
  macs: free,
};

export const cropping: LayerDefinition<'cropping'> = {
  word: 'cropping',
  group: 'layer',
  doc: 'Cuts the edges of the image off.',
  details: 'One number for all sides, height x width, or each side: [top, bottom, left, right].',
  keras: ['Cropping2D', 'crop'],
  params: [param('cropping', { kind: 'sides' }, 'Rows above and below, columns left and right.', { position: 0, value: [0, 0, 0, 0] }), layerName],
  in: ['network'],
  example: 'cropping 2',
  source: 'keras.layers.Cropping2D',
  args: (given) => ({ cropping: given.sides('cropping') }),
  shape(input, args) {
    if (!isImage(input)) return notAnImage(input);
    const [top, bottom, left, right] = args.cropping;
    const [height, width] = [input[0] - top - bottom, input[1] - left - right];
    return height < 1 || width < 1 ? problem({ kind: 'cropping', cropping: args.cropping, input }) : fits([height, width, input[2]]);
  },
  variables: none,
  macs: free,
};

export const upsample: LayerDefinition<'upsample'> = {
  word: 'upsample',
  group: 'layer',
  doc: 'Enlarges the image by whole factors.',
  keras: ['UpSampling2D', 'upsampling'],
  params: [
    param('size', { kind: 'size2' }, 'Factors of height x width.', { position: 0, value: [2, 2] }),
    param('interpolation', { kind: 'choice', of: ['nearest', 'bilinear'] }, '`nearest` repeats pixels, `bilinear` blends them.', { value: 'nearest', flags: { nearest: 'nearest', bilinear: 'bilinear' } }),
    layerName,
  ],
  in: ['network'],
  example: 'upsample 2 bilinear',
  source: 'keras.layers.UpSampling2D',
  args: (given) => ({ size: given.size('size'), interpolation: given.text('interpolation') === 'bilinear' ? 'bilinear' : 'nearest' }),
  shape: (input, { size }) => (isImage(input) ? fits([input[0] * size[0], input[1] * size[1], input[2]]) : notAnImage(input)),
  variables: none,
  macs: free,
};
