/** Losses of differences, margins and distributions; most have no parameters. Each is a metric, too. Source: Keras losses (keras/src/losses/losses.py). */
import type { LabelKind, PlainLoss } from '../../model/program.ts';
import type { LossDefinition } from '../types.ts';
import { param } from '../params.ts';

const all: readonly LabelKind[] = ['values', 'categorical', 'sparse', 'binary', 'multilabel'];
const classes: readonly LabelKind[] = ['categorical', 'sparse'];
const answers: readonly LabelKind[] = ['binary', 'multilabel'];

const plain = (word: PlainLoss, doc: string, keras: readonly string[], labels: readonly LabelKind[] = all, head: LossDefinition['head'] = 'any', details?: string): LossDefinition => ({
  word,
  group: 'loss',
  doc,
  ...(details ? { details } : {}),
  keras,
  params: [],
  in: ['loss'],
  example: `loss ${word}`,
  source: `keras.losses.${keras[0]}`,
  build: () => ({ kind: word }),
  labels,
  head,
});

const scores = 'The network ends without an activation: its outputs are scores, and a score above 0 is a yes. Predictions are read through a sigmoid or softmax. An accuracy at the border is then `accuracy(threshold=0)`, as in Keras.';

export const plainLosses: Readonly<Record<PlainLoss, LossDefinition>> = {
  mse: plain('mse', 'Mean of the squared differences: for values, and possible for classes.', ['mean_squared_error', 'MeanSquaredError', 'MSE']),
  mae: plain('mae', 'Mean of the absolute differences: less moved by a few large errors than mse.', ['mean_absolute_error', 'MeanAbsoluteError', 'MAE', 'l1_loss']),
  mape: plain('mape', 'Mean of the absolute differences in percent of the target.', ['mean_absolute_percentage_error', 'MeanAbsolutePercentageError', 'MAPE'], ['values']),
  msle: plain('msle', 'Mean squared difference of the logarithms: for values that grow by factors.', ['mean_squared_logarithmic_error', 'MeanSquaredLogarithmicError', 'MSLE']),
  log_cosh: plain('log_cosh', 'Logarithm of the hyperbolic cosine of the difference: squared near 0, absolute far away.', ['log_cosh', 'LogCosh', 'logcosh']),
  poisson: plain('poisson', 'For counts: the network\'s output is the mean of a Poisson distribution.', ['poisson', 'Poisson']),
  cosine_similarity: plain('cosine_similarity', 'The negative cosine of the angle between outputs and targets.', ['cosine_similarity', 'CosineSimilarity', 'cosine'], ['values', 'categorical', 'sparse', 'multilabel']),
  kl_divergence: plain('kl_divergence', 'Kullback-Leibler divergence of the outputs from the targets.', ['kl_divergence', 'KLDivergence', 'kullback_leibler_divergence', 'kld', 'kldivergence'], classes, 'probabilities'),
  hinge: plain('hinge', 'Margin of a yes or no: 0 where the score is beyond 1 on the right side.', ['hinge', 'Hinge'], answers, 'scores', scores),
  squared_hinge: plain('squared_hinge', 'The square of hinge.', ['squared_hinge', 'SquaredHinge'], answers, 'scores', scores),
  categorical_hinge: plain('categorical_hinge', 'Margin of the right class over the best wrong one.', ['categorical_hinge', 'CategoricalHinge'], classes, 'scores', scores),
};

export const huberDelta = param('delta', { kind: 'number', min: 0, exclusiveMin: true }, 'The difference from which on it is absolute.', { value: 1 });

export const huber: LossDefinition = {
  word: 'huber',
  group: 'loss',
  doc: 'Half the squared difference near 0, absolute beyond `delta`.',
  keras: ['Huber', 'smooth_l1'],
  params: [huberDelta],
  in: ['loss'],
  example: 'loss huber delta=.5',
  source: 'keras.losses.huber',
  build: (given) => ({ kind: 'huber', delta: given.number('delta') }),
  labels: all,
  head: 'any',
};
