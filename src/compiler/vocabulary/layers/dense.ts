/** A fully connected layer. Source: Keras Dense (keras/src/layers/core/dense.py), on vectors only. */
import type { LayerDefinition } from '../types.ts';
import { isVector } from '../../shape/shape.ts';
import { param } from '../params.ts';
import { endParams, readEnd, weightParams } from './params.ts';
import { biasOf, fits, problem, weight } from './shapes.ts';

export const dense: LayerDefinition<'dense'> = {
  word: 'dense',
  group: 'layer',
  doc: 'A fully connected layer: each output is a weighted sum of all inputs.',
  details: '`dense classes` has as many outputs as the data has classes.',
  keras: ['Dense', 'fully_connected', 'linear_layer', 'fc'],
  params: [
    param('units', { kind: 'integer', min: 1, max: 16_777_216 }, 'Number of outputs; `classes` takes it from the data.', { position: 0, required: true, keras: ['out_features'] }),
    ...weightParams('kernel', 'kernel', 'glorot_uniform'),
    ...endParams,
  ],
  in: ['network'],
  example: 'dense 64; relu',
  source: 'keras.layers.Dense',
  args: (given) => ({ units: given.number('units'), ...readEnd(given, ['kernel']) }),
  shape: (input, args) => (isVector(input) ? fits([args.units]) : problem({ kind: 'rank', expected: 'vector', input })),
  variables: (input, args) => [weight(args, 'kernel', [input[0], args.units]), ...biasOf(args, args.units)],
  macs: (input, output) => input[0] * output[0],
};
