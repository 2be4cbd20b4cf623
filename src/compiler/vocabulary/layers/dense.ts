/** A fully connected layer. Source: Keras Dense (keras/src/layers/core/dense.py), on vectors only. */
import type { LayerDefinition } from '../types.ts';
import { isVector } from '../../shape/shape.ts';
import { layerName, laterWeights, param } from '../params.ts';
import { activation, bias, biasInitializer, kernelInitializer } from './params.ts';
import { fits, variable } from './shapes.ts';

export const dense: LayerDefinition<'dense'> = {
  word: 'dense',
  group: 'layer',
  doc: 'A fully connected layer: each output is a weighted sum of all inputs.',
  details: '`dense classes` has as many outputs as the data has classes.',
  keras: ['Dense', 'fully_connected', 'linear_layer', 'fc'],
  params: [
    param('units', { kind: 'integer', min: 1, max: 16_777_216 }, 'Number of outputs; `classes` takes it from the data.', { position: 0, required: true, keras: ['out_features'] }),
    bias,
    activation,
    kernelInitializer,
    biasInitializer,
    layerName,
    ...laterWeights,
  ],
  in: ['network'],
  example: 'dense 64; relu',
  source: 'keras.layers.Dense',
  args: (given) => ({
    units: given.number('units'),
    bias: given.flag('bias'),
    activation: given.activation('activation'),
    kernel_initializer: given.initializer('kernel_initializer'),
    bias_initializer: given.initializer('bias_initializer'),
  }),
  shape: (input, args) => (isVector(input) ? fits([args.units]) : { ok: false, problem: { kind: 'rank', expected: 'vector', input } }),
  variables: (input, args) => [
    variable('kernel', [input[0], args.units], args.kernel_initializer),
    ...(args.bias ? [variable('bias', [args.units], args.bias_initializer)] : []),
  ],
  macs: (input, output) => input[0] * output[0],
};
