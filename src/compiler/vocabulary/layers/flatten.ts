/** An image as one row of numbers. Source: Keras Flatten. */
import type { LayerDefinition } from '../types.ts';
import { elements } from '../../shape/shape.ts';
import { layerName } from '../params.ts';
import { fits, free, none } from './shapes.ts';

export const flatten: LayerDefinition<'flatten'> = {
  word: 'flatten',
  group: 'layer',
  doc: 'Lays the image out as one vector, row by row, so that dense layers can follow.',
  keras: ['Flatten'],
  params: [layerName],
  in: ['network'],
  example: 'flatten; dense 64',
  source: 'keras.layers.Flatten',
  args: () => ({}),
  shape: (input) => fits([elements(input)]),
  variables: none,
  macs: free,
};
