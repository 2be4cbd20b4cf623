/** Cross-entropies. Source: Keras losses (keras/src/losses/losses.py). */
import type { Given, LossDefinition, Param } from '../types.ts';
import { param } from '../params.ts';

export const fromLogits = param('from_logits', { kind: 'switch' }, 'The network ends without its activation; the loss applies it.', { value: false });
export const smoothing = param('label_smoothing', { kind: 'fraction', min: 0, max: 1 }, 'Share of the target spread over all classes.', { default: '0', value: 0 });
export const ignoreClass = param('ignore_class', { kind: 'integer', min: 0 }, 'The class, counted from 0, whose pictures do not count.', { default: 'none' });
const alpha = (doc: string) => param('alpha', { kind: 'fraction', min: 0, max: 1 }, doc, { default: '.25', value: 0.25 });
const gamma = param('gamma', { kind: 'number', min: 0 }, 'How much less sure answers count than unsure ones.', { value: 2 });

type Kind = 'categorical_crossentropy' | 'sparse_categorical_crossentropy' | 'binary_crossentropy';

/** The loss's numbers, also those of the metric of the same name. */
export const crossentropyOf = (kind: Kind, given: Given) =>
  ({
    kind,
    from_logits: given.flag('from_logits'),
    label_smoothing: kind === 'sparse_categorical_crossentropy' ? 0 : given.number('label_smoothing'),
    ...(kind === 'sparse_categorical_crossentropy' && given.has('ignore_class') ? { ignore_class: given.number('ignore_class') } : {}),
  }) as const;

const crossentropy = (word: Kind, doc: string, keras: readonly string[], labels: LossDefinition['labels'], more: readonly Param[]): LossDefinition => ({
  word,
  group: 'loss',
  doc,
  keras,
  params: [fromLogits, ...more],
  in: ['loss'],
  example: `loss ${word}`,
  source: `keras.losses.${word}`,
  build: (given) => crossentropyOf(word, given),
  labels,
  head: 'probabilities',
});

export const categorical = crossentropy(
  'categorical_crossentropy',
  'How surprised the network is by the right class, which is one of several.',
  ['CategoricalCrossentropy', 'cross_entropy', 'crossentropy'],
  ['categorical', 'sparse'],
  [smoothing],
);

export const sparse = crossentropy(
  'sparse_categorical_crossentropy',
  'The same as categorical_crossentropy, for labels kept as numbers.',
  ['SparseCategoricalCrossentropy'],
  ['categorical', 'sparse'],
  [ignoreClass],
);

export const binary = crossentropy(
  'binary_crossentropy',
  'Cross-entropy of yes-or-no answers: one for a binary set, one a label for several.',
  ['BinaryCrossentropy', 'bce'],
  ['binary', 'multilabel'],
  [smoothing],
);

export const categoricalFocal: LossDefinition = {
  word: 'categorical_focal_crossentropy',
  group: 'loss',
  doc: 'Cross-entropy that dwells on the pictures that are still hard.',
  keras: ['CategoricalFocalCrossentropy', 'focal', 'focal_loss'],
  params: [alpha('Factor of the whole loss.'), gamma, fromLogits, smoothing],
  in: ['loss'],
  example: 'loss categorical_focal_crossentropy gamma=2',
  source: 'keras.losses.categorical_focal_crossentropy (Lin et al. 2018)',
  build: (given) => ({ kind: 'categorical_focal_crossentropy', alpha: given.number('alpha'), gamma: given.number('gamma'), from_logits: given.flag('from_logits'), label_smoothing: given.number('label_smoothing') }),
  labels: ['categorical', 'sparse'],
  head: 'probabilities',
};

export const binaryFocal: LossDefinition = {
  word: 'binary_focal_crossentropy',
  group: 'loss',
  doc: 'Cross-entropy of yes-or-no answers that dwells on the hard ones.',
  keras: ['BinaryFocalCrossentropy'],
  params: [
    param('apply_class_balancing', { kind: 'switch' }, 'Weighs a yes by `alpha` and a no by 1 - `alpha`.', { value: false }),
    alpha('Weight of a yes, with `apply_class_balancing`.'),
    gamma,
    fromLogits,
    smoothing,
  ],
  in: ['loss'],
  example: 'loss binary_focal_crossentropy gamma=2 apply_class_balancing',
  source: 'keras.losses.binary_focal_crossentropy (Lin et al. 2018)',
  build: (given) => ({
    kind: 'binary_focal_crossentropy',
    apply_class_balancing: given.flag('apply_class_balancing'),
    alpha: given.number('alpha'),
    gamma: given.number('gamma'),
    from_logits: given.flag('from_logits'),
    label_smoothing: given.number('label_smoothing'),
  }),
  labels: ['binary', 'multilabel'],
  head: 'probabilities',
};

export const categoricalGeneralized: LossDefinition = {
  word: 'categorical_generalized_crossentropy',
  group: 'loss',
  doc: 'Between cross-entropy (q near 0) and mae (q near 1): less misled by wrong labels.',
  keras: ['CategoricalGeneralizedCrossEntropy', 'categorical_generalized_cross_entropy'],
  params: [param('q', { kind: 'number', min: 0, max: 1, exclusiveMin: true, exclusiveMax: true }, 'How far from cross-entropy.', { value: 0.5 })],
  in: ['loss'],
  example: 'loss categorical_generalized_crossentropy q=.7',
  source: 'keras.losses.CategoricalGeneralizedCrossEntropy (Zhang and Sabuncu 2018)',
  build: (given) => ({ kind: 'categorical_generalized_crossentropy', q: given.number('q') }),
  labels: ['categorical', 'sparse'],
  head: 'probabilities',
};
