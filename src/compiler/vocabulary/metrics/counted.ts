/** Metrics whose value for an epoch is not a mean over samples: counts are summed, and the value is made of the sums. Source: Keras metrics (confusion_metrics.py, f_score_metrics.py, regression_metrics.py). */
import type { LabelKind } from '../../model/program.ts';
import type { MetricDefinition } from '../types.ts';
import { param } from '../params.ts';

const decided: readonly LabelKind[] = ['categorical', 'sparse', 'binary', 'multilabel'];
const threshold = param('threshold', { kind: 'fraction', max: 1 }, 'Above it an output means yes; 0 for outputs that are scores or logits.', { position: 0, default: '.5', value: 0.5, keras: ['thresholds'] });

const rightful = (word: 'precision' | 'recall', doc: string, keras: string): MetricDefinition => ({
  word,
  group: 'metric',
  doc,
  details: 'Over all outputs of all pictures together, as Keras counts them; with `class_id` for one class alone.',
  keras: [keras],
  params: [
    threshold,
    param('top_k', { kind: 'integer', min: 1 }, 'Only the k largest outputs can mean yes; the threshold is then none.', { default: 'none' }),
    param('class_id', { kind: 'integer', min: 0 }, 'The class, counted from 0, that alone is looked at.', { default: 'all together' }),
  ],
  in: ['metric'],
  example: `metrics accuracy ${word} ${word}(class_id=0)`,
  source: `keras.metrics.${keras}`,
  build(given) {
    const topK = given.maybe('top_k');
    // Keras: with top_k the threshold is minus infinity unless it is given.
    const least = topK !== null && !given.has('threshold') ? -1e10 : given.number('threshold');
    return { kind: word, name: word, threshold: least, top_k: topK, class_id: given.maybe('class_id') };
  },
  labels: decided,
  mode: 'max',
});

export const precision = rightful('precision', 'Share of right answers among the yeses that were given.', 'Precision');
export const recall = rightful('recall', 'Share of the yeses in the labels that were given.', 'Recall');

export const auc: MetricDefinition = {
  word: 'auc',
  group: 'metric',
  doc: 'Area under the curve of right against wrong yeses over all thresholds: 1 is perfect, .5 is chance.',
  details: 'Over all outputs of all pictures together, counted at evenly spaced thresholds as Keras does.',
  keras: ['AUC'],
  params: [
    param('num_thresholds', { kind: 'integer', min: 3, max: 10_000 }, 'How many thresholds.', { value: 200 }),
    param('curve', { kind: 'choice', of: ['roc', 'pr'] }, '`roc`: true against false positives; `pr`: precision against recall.', { value: 'roc', flags: { ROC: 'roc', PR: 'pr' } }),
    param('summation_method', { kind: 'choice', of: ['interpolation', 'minoring', 'majoring'] }, 'How the area between thresholds is taken.', { value: 'interpolation' }),
    param('from_logits', { kind: 'switch' }, 'The outputs are logits: a sigmoid is applied first.', { value: false }),
  ],
  in: ['metric'],
  example: 'metrics auc auc(curve=pr)',
  source: 'keras.metrics.AUC',
  build: (given) => ({
    kind: 'auc',
    name: 'auc',
    num_thresholds: given.number('num_thresholds'),
    curve: given.text('curve') === 'pr' ? 'pr' : 'roc',
    summation_method: given.text('summation_method') as 'interpolation' | 'minoring' | 'majoring',
    from_logits: given.flag('from_logits'),
  }),
  labels: decided,
  mode: 'max',
};

export const f1: MetricDefinition = {
  word: 'f1',
  group: 'metric',
  doc: 'Harmonic mean of precision and recall, of each class and then averaged.',
  details: 'Keras gives a number for each class unless `average` says otherwise; a history holds one, so that here it is `macro`.',
  keras: ['F1Score', 'f1_score'],
  params: [
    param('average', { kind: 'choice', of: ['macro', 'micro', 'weighted'] }, '`macro`: the mean of the classes; `weighted`: by how often each is; `micro`: all answers together.', { value: 'macro' }),
    param('threshold', { kind: 'number', min: 0, max: 1, exclusiveMin: true }, 'Above it an output means yes.', { default: '.5 for yes-or-no labels; for classes the largest output means yes' }),
  ],
  in: ['metric'],
  example: 'metrics f1 f1(average=weighted)',
  source: 'keras.metrics.F1Score',
  build: (given, labels) => ({
    kind: 'f1',
    name: 'f1',
    average: given.text('average') as 'micro' | 'macro' | 'weighted',
    threshold: given.maybe('threshold') ?? (labels === 'binary' || labels === 'multilabel' ? 0.5 : null),
  }),
  labels: decided,
  mode: 'max',
};

export const rmse: MetricDefinition = {
  word: 'rmse',
  group: 'metric',
  doc: 'Root of the mean squared difference, in the unit of the values.',
  keras: ['RootMeanSquaredError', 'root_mean_squared_error'],
  params: [],
  in: ['metric'],
  example: 'metrics rmse',
  source: 'keras.metrics.RootMeanSquaredError',
  build: () => ({ kind: 'rmse', name: 'rmse' }),
  labels: ['values', 'categorical', 'sparse', 'binary', 'multilabel'],
  mode: 'min',
};

export const r2: MetricDefinition = {
  word: 'r2',
  group: 'metric',
  doc: 'Share of the values\' variance that the network explains: 1 is perfect, 0 is no better than the mean.',
  keras: ['R2Score', 'r2_score'],
  params: [
    param('class_aggregation', { kind: 'choice', of: ['uniform_average', 'variance_weighted_average'] }, 'How several values are put together.', { value: 'uniform_average' }),
  ],
  in: ['metric'],
  example: 'metrics r2',
  source: 'keras.metrics.R2Score',
  build: (given) => ({ kind: 'r2', name: 'r2', class_aggregation: given.text('class_aggregation') as 'uniform_average' | 'variance_weighted_average' }),
  labels: ['values'],
  mode: 'max',
};
