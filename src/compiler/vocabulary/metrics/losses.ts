/** Losses as metrics: the mean over the samples. Source: Keras metrics of the same names. */
import type { LabelKind, PlainLoss } from '../../model/program.ts';
import type { MetricDefinition } from '../types.ts';
import { crossentropyOf, fromLogits, ignoreClass, smoothing } from '../losses/crossentropy.ts';
import { huberDelta, plainLosses } from '../losses/plain.ts';

const metric = (definition: Omit<MetricDefinition, 'group' | 'in' | 'example' | 'mode'> & { readonly mode?: 'max' }): MetricDefinition => ({
  ...definition,
  group: 'metric',
  in: ['metric'],
  example: `metrics ${definition.word}`,
  mode: definition.mode ?? 'min',
});

const docs: Readonly<Record<PlainLoss, string>> = {
  mse: 'Mean squared difference between output and target.',
  mae: 'Mean absolute difference between output and target.',
  mape: 'Mean absolute difference in percent of the target.',
  msle: 'Mean squared difference of the logarithms of output and target.',
  log_cosh: 'Mean logarithm of the hyperbolic cosine of the difference.',
  poisson: 'Mean Poisson loss.',
  cosine_similarity: 'Cosine of the angle between outputs and targets: 1 is the same direction.',
  kl_divergence: 'Kullback-Leibler divergence of the outputs from the targets.',
  hinge: 'Mean margin missing to a sure yes or no.',
  squared_hinge: 'Mean square of it.',
  categorical_hinge: 'Mean margin missing between the right class and the best wrong one.',
};

export const plainMetrics = Object.fromEntries(
  (Object.keys(plainLosses) as PlainLoss[]).map((word) => [
    word,
    metric({
      word,
      doc: docs[word],
      keras: plainLosses[word].keras ?? [],
      params: [],
      source: `keras.metrics, ${plainLosses[word].keras?.[1] ?? word}`,
      build: () => ({ kind: word, name: word }),
      labels: plainLosses[word].labels,
      // As a loss it is negative, as a metric not.
      ...(word === 'cosine_similarity' ? { mode: 'max' as const } : {}),
    }),
  ]),
) as unknown as Readonly<Record<PlainLoss, MetricDefinition>>;

export const huber: MetricDefinition = metric({
  word: 'huber',
  doc: 'Mean Huber loss.',
  keras: ['Huber'],
  params: [huberDelta],
  source: 'keras.losses.huber as a metric',
  build: (given) => ({ kind: 'huber', name: 'huber', delta: given.number('delta') }),
  labels: ['values', 'categorical', 'sparse', 'binary', 'multilabel'],
});

const crossentropy = (word: 'categorical_crossentropy' | 'sparse_categorical_crossentropy' | 'binary_crossentropy', keras: string, labels: readonly LabelKind[]): MetricDefinition =>
  metric({
    word,
    doc: 'The mean of the loss of this name, without what else the loss holds.',
    keras: [keras],
    params: word === 'sparse_categorical_crossentropy' ? [fromLogits, ignoreClass] : [fromLogits, smoothing],
    source: `keras.metrics.${keras}`,
    build: (given) => ({ ...crossentropyOf(word, given), name: word }),
    labels,
  });

export const crossentropies = {
  categorical_crossentropy: crossentropy('categorical_crossentropy', 'CategoricalCrossentropy', ['categorical', 'sparse']),
  sparse_categorical_crossentropy: crossentropy('sparse_categorical_crossentropy', 'SparseCategoricalCrossentropy', ['categorical', 'sparse']),
  binary_crossentropy: crossentropy('binary_crossentropy', 'BinaryCrossentropy', ['binary', 'multilabel']),
};
