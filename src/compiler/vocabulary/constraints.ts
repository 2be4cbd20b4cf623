/** Bounds on weights as words and calls: `max_norm(2)`. Source: keras/src/constraints/constraints.py. */
import type { Constraint } from '../model/program.ts';
import type { Given, Param, Word } from './types.ts';
import { param } from './params.ts';

export interface ConstraintDefinition extends Word {
  readonly group: 'constraint';
  readonly build: (given: Given) => Constraint;
}

const axis = param('axis', { kind: 'integers', min: -8, like: '[0, 1, 2]' }, 'Axes of the variable that one norm is taken over: 0 for each output of a dense layer, [0, 1, 2] for each filter of a convolution.', { value: [0], default: '0' });
const norm = (name: string, doc: string, value: number, position: number): Param => param(name, { kind: 'number', min: 0 }, doc, { position, value });

const constraint = (word: Constraint['kind'], doc: string, keras: string, params: readonly Param[], example: string, build: ConstraintDefinition['build']): ConstraintDefinition => ({
  word,
  group: 'constraint',
  doc,
  keras: [keras],
  params,
  in: ['constraint'],
  example: `dense 64 kernel_constraint=${example}`,
  source: `keras.constraints.${keras}`,
  build,
});

export const constraints: { readonly [K in Constraint['kind']]: ConstraintDefinition } = {
  max_norm: constraint('max_norm', 'Shortens what is longer than a bound.', 'MaxNorm', [norm('max_value', 'Largest norm.', 2, 0), axis], 'max_norm(2)', (given) => ({
    kind: 'max_norm',
    max_value: given.number('max_value'),
    axis: given.numbers('axis'),
  })),
  min_max_norm: constraint(
    'min_max_norm',
    'Brings norms between two bounds.',
    'MinMaxNorm',
    [norm('min_value', 'Smallest norm.', 0, 0), norm('max_value', 'Largest norm.', 1, 1), param('rate', { kind: 'fraction', max: 1 }, 'How much of the way is gone in one step.', { position: 2, value: 1, default: '1' }), axis],
    'min_max_norm(.5, 2)',
    (given) => ({ kind: 'min_max_norm', min_value: given.number('min_value'), max_value: given.number('max_value'), rate: given.number('rate'), axis: given.numbers('axis') }),
  ),
  unit_norm: constraint('unit_norm', 'Gives everything the length 1.', 'UnitNorm', [axis], 'unit_norm', (given) => ({ kind: 'unit_norm', axis: given.numbers('axis') })),
  non_neg: constraint('non_neg', 'Negative weights become 0.', 'NonNeg', [], 'non_neg', () => ({ kind: 'non_neg' })),
};
