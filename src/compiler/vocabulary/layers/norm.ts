/** Normalisation of each sample on its own. Source: Ba et al. 2016, Wu and He 2018; Keras LayerNormalization (over the last axis) and GroupNormalization. */
import type { Norm, Shape, Variable } from '../../model/program.ts';
import type { Given, LayerDefinition, Param } from '../types.ts';
import { elements } from '../../shape/shape.ts';
import { layerName, param } from '../params.ts';
import { readWeights, trainable, weightParams } from './params.ts';
import { problem, unchanged, weight } from './shapes.ts';

/** Parameters of all layers that normalise. */
export const normParams: readonly Param[] = [
  param('epsilon', { kind: 'number', min: 0, exclusiveMin: true }, 'Added to the variance.', { value: 0.001 }),
  param('center', { kind: 'switch' }, 'Whether a trained `beta` is added.', { value: true }),
  param('scale', { kind: 'switch' }, 'Whether the result is multiplied by a trained `gamma`.', { value: true }),
  ...weightParams('gamma', 'factors', 'ones'),
  ...weightParams('beta', 'numbers added', 'zeros'),
  trainable,
  layerName,
];

export const readNorm = (given: Given): Norm => ({ epsilon: given.number('epsilon'), center: given.flag('center'), scale: given.flag('scale'), ...readWeights(given, ['gamma', 'beta']) });

/** gamma and beta, one of each for each channel. */
export function normVariables(input: Shape, args: Norm): readonly Variable[] {
  const channels = [input[input.length - 1]];
  return [
    ...(args.scale ? [weight(args, 'gamma', channels)] : []),
    ...(args.center ? [weight(args, 'beta', channels)] : []),
  ];
}

export const layerNorm: LayerDefinition<'layer_norm'> = {
  word: 'layer_norm',
  group: 'layer',
  doc: 'Normalises the channels of each pixel by their own mean and variance.',
  keras: ['LayerNormalization', 'layernorm', 'layer_normalization'],
  params: normParams,
  in: ['network'],
  example: 'layer_norm',
  source: 'keras.layers.LayerNormalization',
  args: readNorm,
  shape: unchanged,
  variables: normVariables,
  macs: (input) => elements(input),
};

export const groupNorm: LayerDefinition<'group_norm'> = {
  word: 'group_norm',
  group: 'layer',
  doc: 'Normalises groups of channels of each picture by their own mean and variance, whatever the batch.',
  details: '`groups=-1` makes a group of each channel.',
  keras: ['GroupNormalization', 'groupnorm', 'GroupNorm', 'group_normalization'],
  params: [param('groups', { kind: 'integer', min: -1, max: 65536 }, 'Number of groups; it divides the channels.', { position: 0, value: 32 }), ...normParams],
  in: ['network'],
  example: 'conv 32; group_norm 8',
  source: 'keras.layers.GroupNormalization',
  args: (given) => ({ groups: given.number('groups'), ...readNorm(given) }),
  shape(input, args) {
    const channels = input[input.length - 1];
    return args.groups === -1 || (args.groups > 0 && channels % args.groups === 0) ? unchanged(input) : problem({ kind: 'groups', groups: args.groups, of: 'channels', count: channels, input });
  },
  variables: normVariables,
  macs: (input) => elements(input),
};
