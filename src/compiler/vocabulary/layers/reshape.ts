/** Layers that lay numbers out anew. Source: Keras Reshape and Permute (keras/src/layers/reshaping/). */
import type { LayerDefinition } from '../types.ts';
import { elements } from '../../shape/shape.ts';
import { layerName, param } from '../params.ts';
import { fits, free, none, problem } from './shapes.ts';

export const reshape: LayerDefinition<'reshape'> = {
  word: 'reshape',
  group: 'layer',
  doc: 'Gives the numbers another shape, in the same order.',
  details: 'In a list one size may be -1, which stands for what remains: `reshape [-1, 64]`.',
  keras: ['Reshape'],
  params: [param('shape', { kind: 'integers', min: -1, like: '7x7x64' }, 'The new shape, without the batch.', { position: 0, required: true, keras: ['target_shape'] }), layerName],
  in: ['network'],
  example: 'reshape 16x64x3',
  source: 'keras.layers.Reshape',
  args: (given) => ({ shape: given.numbers('shape') }),
  shape(input, { shape }) {
    const known = elements(shape.filter((n) => n !== -1));
    const unknown = shape.filter((n) => n === -1).length;
    const total = elements(input);
    if (known < 1 || unknown > 1 || (unknown === 0 ? known !== total : total % known !== 0)) return problem({ kind: 'reshape', target: shape, input });
    return fits(shape.map((n) => (n === -1 ? total / known : n)));
  },
  variables: none,
  macs: free,
};

export const permute: LayerDefinition<'permute'> = {
  word: 'permute',
  group: 'layer',
  doc: 'Exchanges dimensions: `permute [2, 1, 3]` turns height and width round.',
  keras: ['Permute'],
  params: [param('dims', { kind: 'integers', min: 1, like: '[2, 1, 3]' }, 'Which dimension of the input comes first, second, …; the first is 1.', { position: 0, required: true }), layerName],
  in: ['network'],
  example: 'permute [2, 1, 3]',
  source: 'keras.layers.Permute',
  args: (given) => ({ dims: given.numbers('dims') }),
  shape(input, { dims }) {
    const each = [...dims].sort((a, b) => a - b).every((n, i) => n === i + 1);
    return each && dims.length === input.length ? fits(dims.map((n) => input[n - 1])) : problem({ kind: 'permute', dims, input });
  },
  variables: none,
  macs: free,
};
