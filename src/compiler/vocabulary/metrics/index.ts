/** Every metric by its word. Source: Keras metrics (keras/src/metrics); sums are per sample, so that an epoch's value is exact. */
import type { Metric } from '../../model/program.ts';
import type { MetricDefinition } from '../types.ts';
import { param } from '../params.ts';

const accuracy: MetricDefinition = {
  word: 'accuracy',
  group: 'metric',
  doc: 'Share of right answers; for yes-or-no labels, of right answers a label.',
  keras: ['acc', 'Accuracy', 'categorical_accuracy', 'sparse_categorical_accuracy', 'binary_accuracy', 'CategoricalAccuracy', 'SparseCategoricalAccuracy', 'BinaryAccuracy'],
  params: [param('threshold', { kind: 'fraction', min: 0, max: 1 }, 'Above it an output means yes (yes-or-no labels only).', { default: '.5', value: 0.5 })],
  in: ['metric'],
  example: 'metrics accuracy',
  source: 'keras.metrics.Accuracy, chosen from the labels as Keras does',
  build: (given, labels) => ({
    kind: 'accuracy',
    name: 'accuracy',
    form: labels === 'binary' || labels === 'multilabel' ? 'binary' : 'categorical',
    threshold: given.number('threshold'),
  }),
  labels: ['categorical', 'sparse', 'binary', 'multilabel'],
  mode: 'max',
};

const topK: MetricDefinition = {
  word: 'top_k',
  group: 'metric',
  doc: 'Share of pictures whose right class is among the k most probable.',
  keras: ['top_k_categorical_accuracy', 'TopKCategoricalAccuracy', 'sparse_top_k_categorical_accuracy', 'SparseTopKCategoricalAccuracy', 'top_5_accuracy'],
  params: [param('k', { kind: 'integer', min: 1 }, 'How many classes count.', { position: 0, value: 5 })],
  in: ['metric'],
  example: 'metrics accuracy top_k(3)',
  source: 'keras.metrics.TopKCategoricalAccuracy',
  build: (given) => ({ kind: 'top_k', name: 'top_k', k: given.number('k') }),
  labels: ['categorical', 'sparse'],
  mode: 'max',
};

const mae: MetricDefinition = {
  word: 'mae',
  group: 'metric',
  doc: 'Mean absolute difference between output and target.',
  keras: ['mean_absolute_error', 'MeanAbsoluteError', 'MAE'],
  params: [],
  in: ['metric'],
  example: 'metrics mae',
  source: 'keras.metrics.MeanAbsoluteError',
  build: () => ({ kind: 'mae', name: 'mae' }),
  labels: ['categorical', 'sparse', 'binary', 'multilabel', 'values'],
  mode: 'min',
};

const mse: MetricDefinition = {
  word: 'mse',
  group: 'metric',
  doc: 'Mean squared difference between output and target.',
  keras: ['mean_squared_error', 'MeanSquaredError', 'MSE'],
  params: [],
  in: ['metric'],
  example: 'metrics mse',
  source: 'keras.metrics.MeanSquaredError',
  build: () => ({ kind: 'mse', name: 'mse' }),
  labels: ['categorical', 'sparse', 'binary', 'multilabel', 'values'],
  mode: 'min',
};

export const metrics: Readonly<Record<Metric['kind'], MetricDefinition>> = { accuracy, top_k: topK, mae, mse };
