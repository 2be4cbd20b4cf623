/** Noise while training. Source: Keras SpatialDropout2D, GaussianNoise, GaussianDropout (keras/src/layers/regularization/). */
import type { LayerDefinition } from '../types.ts';
import { isImage } from '../../shape/shape.ts';
import { layerName, param } from '../params.ts';
import { dropoutArgs, layerSeed, readSeed } from './dropout.ts';
import { fits, free, none, notAnImage, unchanged } from './shapes.ts';

export const spatialDropout: LayerDefinition<'spatial_dropout'> = {
  word: 'spatial_dropout',
  group: 'layer',
  doc: 'While training, sets whole channels of each picture to zero and enlarges the others.',
  keras: ['SpatialDropout2D', 'Dropout2d'],
  params: [param('rate', { kind: 'fraction', min: 0, max: 1, exclusiveMax: true }, 'Share of the channels set to zero.', { position: 0, required: true, keras: ['p'] }), layerSeed, layerName],
  in: ['network'],
  example: 'spatial_dropout .2',
  source: 'keras.layers.SpatialDropout2D',
  args: (given) => ({ ...dropoutArgs(given.number('rate')), ...readSeed(given) }),
  shape: (input) => (isImage(input) ? fits(input) : notAnImage(input)),
  variables: none,
  macs: free,
};

export const gaussianDropout: LayerDefinition<'gaussian_dropout'> = {
  word: 'gaussian_dropout',
  group: 'layer',
  doc: 'While training, multiplies each value by a normal number around 1.',
  details: 'Its standard deviation is the square root of rate / (1 - rate), as strong as dropout of that rate (Srivastava et al. 2014).',
  keras: ['GaussianDropout'],
  params: [param('rate', { kind: 'fraction', min: 0, max: 1, exclusiveMax: true }, 'How strong, as the rate of a dropout.', { position: 0, required: true }), layerSeed, layerName],
  in: ['network'],
  example: 'gaussian_dropout .1',
  source: 'keras.layers.GaussianDropout',
  args: (given) => ({ rate: given.number('rate'), ...readSeed(given) }),
  shape: unchanged,
  variables: none,
  macs: free,
};

export const gaussianNoise: LayerDefinition<'gaussian_noise'> = {
  word: 'gaussian_noise',
  group: 'layer',
  doc: 'While training, adds a normal number around 0 to each value.',
  keras: ['GaussianNoise'],
  params: [param('stddev', { kind: 'number', min: 0, max: 1 }, 'Width of the noise.', { position: 0, required: true }), layerSeed, layerName],
  in: ['network'],
  example: 'gaussian_noise .1',
  source: 'keras.layers.GaussianNoise',
  args: (given) => ({ stddev: given.number('stddev'), ...readSeed(given) }),
  shape: unchanged,
  variables: none,
  macs: free,
};
