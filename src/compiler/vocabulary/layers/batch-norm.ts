/** Batch normalisation over all but the last axis. Source: Ioffe and Szegedy 2015; Keras BatchNormalization. */
import type { Variable } from '../../model/program.ts';
import type { LayerDefinition } from '../types.ts';
import { elements } from '../../shape/shape.ts';
import { layerName, later, param } from '../params.ts';
import { unchanged, variable } from './shapes.ts';

export const batchNorm: LayerDefinition<'batch_norm'> = {
  word: 'batch_norm',
  group: 'layer',
  doc: 'Normalises each channel by the mean and variance of the batch; when predicting, by moving averages of them.',
  keras: ['BatchNormalization', 'batchnorm', 'BatchNorm', 'batch_normalization', 'BatchNorm2d', 'bn'],
  params: [
    param('momentum', { kind: 'fraction', max: 1 }, 'Share of the old value that a moving average keeps at each step.', { default: '.99', value: 0.99 }),
    param('epsilon', { kind: 'number', min: 0, exclusiveMin: true }, 'Added to the variance.', { value: 0.001 }),
    param('center', { kind: 'switch' }, 'Whether a trained `beta` is added.', { value: true }),
    param('scale', { kind: 'switch' }, 'Whether the result is multiplied by a trained `gamma`.', { value: true }),
    layerName,
    later('trainable', 'Whether the layer is trained.'),
  ],
  in: ['network'],
  example: 'batch_norm',
  source: 'keras.layers.BatchNormalization',
  args: (given) => ({ momentum: given.number('momentum'), epsilon: given.number('epsilon'), center: given.flag('center'), scale: given.flag('scale') }),
  shape: unchanged,
  variables(input, args) {
    const channels = [input[input.length - 1]];
    const list: Variable[] = [];
    if (args.scale) list.push(variable('gamma', channels, { kind: 'ones' }));
    if (args.center) list.push(variable('beta', channels, { kind: 'zeros' }));
    list.push(variable('moving_mean', channels, { kind: 'zeros' }, false), variable('moving_variance', channels, { kind: 'ones' }, false));
    return list;
  },
  macs: (input) => elements(input),
};
