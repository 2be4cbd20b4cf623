/** Pools with a window. Source: Keras MaxPooling2D and AveragePooling2D (keras/src/layers/pooling/base_pooling.py). */
import type { LayerDefinition } from '../types.ts';
import { layerName, param } from '../params.ts';
import { paddingParam, stride } from './params.ts';
import { free, none, padding, slide } from './shapes.ts';

function windowPool<W extends 'pool' | 'avg_pool'>(word: W, doc: string, keras: readonly string[], source: string): LayerDefinition<W> {
  const definition: LayerDefinition<'pool' | 'avg_pool'> = {
    word,
    group: 'layer',
    doc,
    details: 'The window moves by its own size unless `stride=` says otherwise.',
    keras,
    params: [param('size', { kind: 'size2' }, 'Height x width of the window.', { position: 0, value: [2, 2], keras: ['pool_size', 'kernel_size'] }), stride(null), paddingParam, layerName],
    in: ['network'],
    example: `${word} 2`,
    source,
    args: (given) => ({ size: given.size('size'), stride: given.has('stride') ? given.size('stride') : given.size('size'), padding: padding(given) }),
    shape: (input, args) => slide(input, args),
    variables: none,
    macs: free,
  };
  return definition as unknown as LayerDefinition<W>;
}

export const pool = windowPool(
  'pool',
  'Keeps the largest value of each window: a smaller image that still knows what was seen.',
  ['MaxPooling2D', 'MaxPool2D', 'maxpool', 'max_pool', 'max_pooling', 'maxpooling', 'maxpool2d'],
  'keras.layers.MaxPooling2D',
);

export const averagePool = windowPool(
  'avg_pool',
  'Keeps the mean of each window; padding does not count.',
  ['AveragePooling2D', 'AvgPool2D', 'avgpool', 'average_pool', 'average_pooling', 'mean_pool'],
  'keras.layers.AveragePooling2D',
);
