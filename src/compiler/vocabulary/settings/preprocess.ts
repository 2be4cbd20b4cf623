/** Settings of `preprocess`: applied everywhere, in this order: scale, offset, samplewise, featurewise or given statistics. Source: Keras ImageDataGenerator. */
import type { Word } from '../types.ts';
import { param } from '../params.ts';
import { switchSetting } from './switch.ts';

const source = 'keras ImageDataGenerator';

export const preprocessSettings: readonly Word[] = [
  {
    word: 'scale',
    group: 'preprocess',
    doc: 'Multiplies every pixel.',
    details: '1/255 for pictures when neither `scale`, `mean_std`, `samplewise_std_normalization` nor `featurewise_std_normalization` is given.',
    keras: ['rescale', 'Rescaling'],
    params: [param('factor', { kind: 'number', min: 0, exclusiveMin: true }, 'The factor.', { position: 0, required: true, default: '1/255' })],
    in: ['preprocess'],
    example: 'scale 1/255',
    source: 'keras.layers.Rescaling',
  },
  {
    word: 'offset',
    group: 'preprocess',
    doc: 'Is added to every pixel after scaling.',
    params: [param('value', { kind: 'number' }, 'The number added.', { position: 0, required: true, default: '0' })],
    in: ['preprocess'],
    example: 'scale 1/127.5; offset -1',
    source: 'keras.layers.Rescaling',
  },
  switchSetting('preprocess', 'preprocess', 'samplewise_center', 'Subtracts the mean of each picture, over all its pixels and channels.', { source, default: 'off' }),
  switchSetting('preprocess', 'preprocess', 'samplewise_std_normalization', 'Divides each picture by its own standard deviation; centres it, too.', { source, default: 'off', keras: ['samplewise_std'] }),
  switchSetting('preprocess', 'preprocess', 'featurewise_center', 'Subtracts the mean of each channel over the training part.', { source, default: 'off' }),
  switchSetting('preprocess', 'preprocess', 'featurewise_std_normalization', 'Divides each channel by its standard deviation over the training part; centres it, too.', {
    source,
    default: 'off',
    keras: ['featurewise_std', 'Normalization'],
  }),
  {
    word: 'zca_whitening',
    group: 'preprocess',
    doc: 'Makes all numbers of a picture uncorrelated over the training part, changing it as little as that allows; centres each channel, too.',
    details: 'For small pictures, 32x32 in colour at most: the matrix has a row and a column for each number of a picture. It is kept with the weights, and in the cache.',
    keras: ['zca'],
    params: [
      param('on', { kind: 'switch' }, 'Whether it is on.', { position: 0, value: true, default: 'off' }),
      param('epsilon', { kind: 'number', min: 0, exclusiveMin: true }, 'Is added to each singular value: larger ones leave small differences alone.', { value: 1e-6, keras: ['zca_epsilon'] }),
    ],
    in: ['preprocess'],
    example: 'zca_whitening epsilon=.1',
    source,
  },
  {
    word: 'mean_std',
    group: 'preprocess',
    doc: 'Subtracts given means and divides by given deviations, one for each channel, after `scale`.',
    keras: ['normalize', 'Normalize'],
    params: [
      param('mean', { kind: 'numbers' }, 'One mean for each channel.', { position: 0, required: true }),
      param('std', { kind: 'numbers' }, 'One deviation for each channel.', { position: 1, required: true }),
    ],
    in: ['preprocess'],
    example: 'scale 1/255; mean_std [.485, .456, .406] [.229, .224, .225]',
  },
];
