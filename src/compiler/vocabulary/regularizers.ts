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

export const regularizers: Readonly<Record<'l1' | 'l2' | 'l1_l2' | 'orthogonal_regularizer', RegularizerDefinition>> = {
  l1: regularizer('l1', 'Adds the magnitudes of the weights to the loss: many of them become 0.', ['L1'], [factor('l1', 0.01, 0)], 'l1(.001)'),
  l2: regularizer('l2', 'Adds the squares of the weights to the loss, without a half: they stay small.', ['L2'], [factor('l2', 0.01, 0)], 'l2(.001)'),
  l1_l2: regularizer('l1_l2', 'Adds both to the loss.', ['L1L2'], [factor('l1', 0, 0), factor('l2', 0, 1)], 'l1_l2(.001, .001)'),
  orthogonal_regularizer: {
    word: 'orthogonal_regularizer',
    group: 'regularizer',
    doc: 'Adds how far the rows or columns of a matrix are from right angles to each other.',
    keras: ['OrthogonalRegularizer'],
    params: [
      param('factor', { kind: 'number', min: 0 }, 'Cost of the mean absolute cosine between two of them.', { position: 0, value: 0.01 }),
      param('mode', { kind: 'choice', of: ['rows', 'columns'] }, 'Which; a dense layer has a row for each input and a column for each output.', { value: 'rows' }),
    ],
    in: ['regularizer'],
    example: 'dense 64 kernel_regularizer=orthogonal_regularizer(.01, mode=columns)',
    source: 'keras.regularizers.OrthogonalRegularizer',
    build: (given) => ({ orthogonal: given.number('factor'), mode: given.text('mode') === 'columns' ? 'columns' : 'rows' }),
  },
};
