/** Cross-entropies. Source: Keras losses (keras/src/losses/losses.py). */
import type { LossDefinition, Param } from '../types.ts';
import { later, param } from '../params.ts';

const fromLogits = param('from_logits', { kind: 'switch' }, 'The network ends without its activation; the loss applies it.', { value: false });
const smoothing = param('label_smoothing', { kind: 'fraction', min: 0, max: 1 }, 'Share of the target spread over all classes.', { default: '0', value: 0 });

const crossentropy = (
  word: 'categorical_crossentropy' | 'sparse_categorical_crossentropy' | 'binary_crossentropy',
  doc: string,
  keras: readonly string[],
  labels: LossDefinition['labels'],
  more: readonly Param[],
): LossDefinition => ({
  word,
  group: 'loss',
  doc,
  keras,
  params: [fromLogits, ...more],
  in: ['loss'],
  example: `loss ${word}`,
  source: `keras.losses.${word}`,
  build: (given) => ({ kind: word, from_logits: given.flag('from_logits'), label_smoothing: word === 'sparse_categorical_crossentropy' ? 0 : given.number('label_smoothing') }),
  labels,
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
  [later('ignore_class', 'A class that does not count.')],
);

export const binary = crossentropy(
  'binary_crossentropy',
  'Cross-entropy of yes-or-no answers: one for a binary set, one a label for several.',
  ['BinaryCrossentropy', 'bce'],
  ['binary', 'multilabel'],
  [smoothing],
);
