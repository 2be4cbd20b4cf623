/** Penalties as words and calls: `l2(.01)`. Source: keras/src/regularizers/regularizers.py. */
import type { Regularizer } from '../model/program.ts';
import type { Given, Param, Word } from './types.ts';
import { param } from './params.ts';

export interface RegularizerDefinition extends Word {
  readonly group: 'regularizer';
  readonly build: (given: Given) => Regularizer;
}

const factor = (name: 'l1' | 'l2', value: number, position: number): Param =>
  param(name, { kind: 'number', min: 0 }, name === 'l1' ? 'Cost of the sum of magnitudes.' : 'Cost of the sum of squares.', { position, value });

const regularizer = (word: 'l1' | 'l2' | 'l1_l2', doc: string, keras: readonly string[], params: readonly Param[], example: string): RegularizerDefinition => ({
  word,
  group: 'regularizer',
  doc,
  keras,
  params,
  in: ['regularizer'],
  example: `dense 64 kernel_regularizer=${example}`,
  source: `keras.regularizers.${keras[0]}`,
  build: (given) => ({ l1: word === 'l2' ? 0 : given.number('l1'), l2: word === 'l1' ? 0 : given.number('l2') }),
});

export const regularizers: Readonly<Record<'l1' | 'l2' | 'l1_l2', RegularizerDefinition>> = {
  l1: regularizer('l1', 'Adds the magnitudes of the weights to the loss: many of them become 0.', ['L1'], [factor('l1', 0.01, 0)], 'l1(.001)'),
  l2: regularizer('l2', 'Adds the squares of the weights to the loss, without a half: they stay small.', ['L2'], [factor('l2', 0.01, 0)], 'l2(.001)'),
  l1_l2: regularizer('l1_l2', 'Adds both to the loss.', ['L1L2'], [factor('l1', 0, 0), factor('l2', 0, 1)], 'l1_l2(.001, .001)'),
};
