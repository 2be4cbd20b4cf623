/** Every metric by its word. Source: Keras metrics (keras/src/metrics); sums are per sample, so that an epoch's value is exact. */
import type { Metric } from '../../model/program.ts';
import type { MetricDefinition } from '../types.ts';
import { param } from '../params.ts';
import { auc, f1, precision, r2, recall, rmse } from './counted.ts';
import { crossentropies, huber, plainMetrics } from './losses.ts';

const accuracy: MetricDefinition = {
  word: 'accuracy',
  group: 'metric',
  doc: 'Share of right answers; for yes-or-no labels, of right answers a label.',
  keras: ['acc', 'Accuracy', 'categorical_accuracy', 'sparse_categorical_accuracy', 'binary_accuracy', 'CategoricalAccuracy', 'SparseCategoricalAccuracy', 'BinaryAccuracy'],
  params: [param('threshold', { kind: 'fraction', max: 1 }, 'Above it an output means yes (yes-or-no labels only); 0 for outputs that are scores or logits.', { default: '.5', value: 0.5 })],
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

export const metrics: Readonly<Record<Metric['kind'], MetricDefinition>> = { accuracy, top_k: topK, precision, recall, auc, f1, rmse, r2, huber, ...plainMetrics, ...crossentropies };
