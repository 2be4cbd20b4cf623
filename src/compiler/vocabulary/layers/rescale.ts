/** Scales and shifts inside the network. Source: Keras Rescaling (keras/src/layers/preprocessing/rescaling.py). */
import type { LayerDefinition } from '../types.ts';
import { elements } from '../../shape/shape.ts';
import { layerName, param } from '../params.ts';
import { none, unchanged } from './shapes.ts';

export const rescale: LayerDefinition<'rescale'> = {
  word: 'rescale',
  group: 'layer',
  doc: 'Multiplies by one number and adds another.',
  details: 'It is a part of the network; pictures are brought to their range by `preprocess`.',
  keras: ['Rescaling'],
  params: [param('scale', { kind: 'number' }, 'Factor.', { position: 0, required: true }), param('offset', { kind: 'number' }, 'Added after that.', { position: 1, value: 0 }), layerName],
  in: ['network'],
  example: 'rescale 2 offset=-1',
  source: 'keras.layers.Rescaling',
  args: (given) => ({ scale: given.number('scale'), offset: given.number('offset') }),
  shape: unchanged,
  variables: none,
  macs: (input) => elements(input),
};
