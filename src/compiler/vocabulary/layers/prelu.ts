/** A leaky relu with trained slopes. Source: He et al. 2015; Keras PReLU (keras/src/layers/activations/prelu.py). */
import type { LayerDefinition } from '../types.ts';
import { layerName, param } from '../params.ts';
import { readWeights, trainable, weightParams } from './params.ts';
import { free, problem, unchanged, weight } from './shapes.ts';

export const prelu: LayerDefinition<'prelu'> = {
  word: 'prelu',
  group: 'layer',
  doc: 'Negative values are kept, times a slope that is trained.',
  details: 'Each value of the input has its own slope unless axes share one: `prelu shared_axes=[1, 2]` has one for each channel of an image.',
  keras: ['PReLU'],
  params: [
    param('shared_axes', { kind: 'integers', min: 1, like: '[1, 2]' }, 'Dimensions along which one slope serves; the first is 1.', { default: 'none' }),
    ...weightParams('alpha', 'slopes', 'zeros'),
    trainable,
    layerName,
  ],
  in: ['network'],
  example: 'prelu shared_axes=[1, 2]',
  source: 'keras.layers.PReLU',
  args: (given) => ({ shared_axes: given.has('shared_axes') ? given.numbers('shared_axes') : [], ...readWeights(given, ['alpha']) }),
  shape: (input, { shared_axes: axes }) => (axes.every((axis) => axis <= input.length) ? unchanged(input) : problem({ kind: 'axes', axes, input })),
  variables: (input, args) => [weight(args, 'alpha', input.map((n, i) => (args.shared_axes.includes(i + 1) ? 1 : n)))],
  macs: free,
};
