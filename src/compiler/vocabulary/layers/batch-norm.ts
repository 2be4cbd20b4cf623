/** Batch normalisation over all but the last axis. Source: Ioffe and Szegedy 2015; Keras BatchNormalization. */
import type { LayerDefinition } from '../types.ts';
import { elements } from '../../shape/shape.ts';
import { param } from '../params.ts';
import { normParams, normVariables, readNorm } from './norm.ts';
import { unchanged, variable } from './shapes.ts';

export const batchNorm: LayerDefinition<'batch_norm'> = {
  word: 'batch_norm',
  group: 'layer',
  doc: 'Normalises each channel by the mean and variance of the batch; when predicting, by moving averages of them.',
  details: 'With `trainable=off` it uses the moving averages while training, too.',
  keras: ['BatchNormalization', 'batchnorm', 'BatchNorm', 'batch_normalization', 'BatchNorm2d', 'bn'],
  params: [
    param('momentum', { kind: 'fraction', max: 1 }, 'Share of the old value that a moving average keeps at each step.', { default: '.99', value: 0.99 }),
    ...normParams,
    param('moving_mean_initializer', { kind: 'initializer' }, 'First values of the moving mean.', { value: { initializer: { kind: 'zeros' } } }),
    param('moving_variance_initializer', { kind: 'initializer' }, 'First values of the moving variance.', { value: { initializer: { kind: 'ones' } } }),
  ],
  in: ['network'],
  example: 'batch_norm',
  source: 'keras.layers.BatchNormalization',
  args: (given) => ({
    momentum: given.number('momentum'),
    ...readNorm(given),
    moving_mean_initializer: given.initializer('moving_mean_initializer'),
    moving_variance_initializer: given.initializer('moving_variance_initializer'),
  }),
  shape: unchanged,
  variables(input, args) {
    const channels = [input[input.length - 1]];
    return [...normVariables(input, args), variable('moving_mean', channels, args.moving_mean_initializer, false), variable('moving_variance', channels, args.moving_variance_initializer, false)];
  },
  macs: (input) => elements(input),
};
