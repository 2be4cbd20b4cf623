/** Pools over the whole image. Source: Keras GlobalAveragePooling2D and GlobalMaxPooling2D. */
import type { LayerDefinition } from '../types.ts';
import { isImage } from '../../shape/shape.ts';
import { layerName, param } from '../params.ts';
import { fits, free, none } from './shapes.ts';

function globalPool<W extends 'global_pool' | 'global_avg_pool'>(word: W, doc: string, keras: readonly string[], source: string): LayerDefinition<W> {
  const definition: LayerDefinition<'global_pool' | 'global_avg_pool'> = {
    word,
    group: 'layer',
    doc,
    keras,
    params: [layerName, param('keepdims', { kind: 'switch' }, 'Whether a 1x1 image is kept instead of a vector.', { value: false })],
    in: ['network'],
    example: `${word}; dense classes`,
    source,
    args: (given) => ({ keepdims: given.flag('keepdims') }),
    shape: (input, { keepdims }) => (isImage(input) ? fits(keepdims ? [1, 1, input[2]] : [input[2]]) : { ok: false, problem: { kind: 'rank', expected: 'image', input } }),
    variables: none,
    macs: free,
  };
  return definition as unknown as LayerDefinition<W>;
}

export const globalMaxPool = globalPool(
  'global_pool',
  'The largest value of each channel: an image becomes a vector of its channels.',
  ['GlobalMaxPooling2D', 'GlobalMaxPool2D', 'global_max_pool', 'global_max_pooling'],
  'keras.layers.GlobalMaxPooling2D',
);

export const globalAveragePool = globalPool(
  'global_avg_pool',
  'The mean of each channel: an image becomes a vector of its channels.',
  ['GlobalAveragePooling2D', 'GlobalAvgPool2D', 'global_average_pool', 'global_average_pooling', 'gap'],
  'keras.layers.GlobalAveragePooling2D',
);
