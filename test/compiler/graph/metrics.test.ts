/** Metrics that are means, by hand: their sums, of class numbers and of rows. The others: counted.test.ts. */
import { expect, it } from 'vitest';
import { builder } from '../../../src/compiler/graph/build.ts';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { accumulated } from '../../../src/compiler/graph/metrics/table.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { targetsOf, targetType } from '../../../src/compiler/graph/targets.ts';
import { BATCH } from '../../../src/compiler/graph/types.ts';
import type { LabelKind, Metric } from '../../../src/compiler/model/program.ts';

const output = [
  [0.2, 0.5, 0.3],
  [0.4, 0.4, 0.2], // a tie: the first counts
  [0.1, 0.2, 0.7],
  [0.6, 0.3, 0.1],
];
const classes = [1, 1, 2, 2];
const rows = [[0, 1, 0], [1, 0, 1], [1, 1, 1], [0, 0, 0]];

const accuracy = (form: 'categorical' | 'binary', threshold = 0.5): Metric => ({ kind: 'accuracy', name: 'accuracy', form, threshold });

it.each<[string, LabelKind, Metric, readonly number[]]>([
  ['classes', 'categorical', accuracy('categorical'), [1, 0, 1, 0]],
  ['integer classes', 'sparse', accuracy('categorical'), [1, 0, 1, 0]],
  ['a share per label; equal to the threshold says no', 'multilabel', accuracy('binary'), [2 / 3, 1 / 3, 1 / 3, 2 / 3]],
  ['another threshold', 'multilabel', accuracy('binary', 0.35), [1, 1 / 3, 1 / 3, 2 / 3]],
  ['a threshold below all', 'multilabel', accuracy('binary', 0), [1 / 3, 2 / 3, 1, 0]],
  ['among the two best; a tie counts', 'categorical', { kind: 'top_k', name: 'top_k', k: 2 }, [1, 1, 1, 0]],
  ['among the three best', 'sparse', { kind: 'top_k', name: 'top_k', k: 3 }, [1, 1, 1, 1]],
  ['to one-hot rows', 'categorical', { kind: 'mae', name: 'mae' }, [(0.2 + 0.5 + 0.3) / 3, (0.4 + 0.6 + 0.2) / 3, (0.1 + 0.2 + 0.3) / 3, (0.6 + 0.3 + 0.9) / 3]],
  ['to rows', 'values', { kind: 'mse', name: 'mse' }, [(0.04 + 0.25 + 0.09) / 3, (0.36 + 0.16 + 0.64) / 3, (0.81 + 0.64 + 0.09) / 3, (0.36 + 0.09 + 0.01) / 3]],
])('%s (%s)', (_, kind, metric, wanted) => {
  const g = builder();
  const labels = { kind, count: 3, names: null };
  const type = targetType(labels);
  const value = accumulated({ g, network: { output: g.input('output', { dtype: 'float32', shape: [BATCH, 3] }), head: null }, targets: targetsOf(g, labels, g.input('y', type)) }, metric);
  expect(value.shape).toEqual([1, 1]);
  const y = type.dtype === 'int32' ? ndarray([4], classes, 'int32') : ndarray([4, 3], rows.flat());
  const row = (i: number) => (type.dtype === 'int32' ? ndarray([1], [classes[i]], 'int32') : ndarray([1, 3], rows[i]));
  wanted.forEach((number, i) => expect(interpret([value], { y: row(i), output: ndarray([1, 3], output[i]) })[0].data[0], `sample ${i}`).toBeCloseTo(number, 12));
  const { data } = interpret([value], { y, output: ndarray([4, 3], output.flat()) })[0];
  expect(data[0]).toBeCloseTo(wanted.reduce((a, b) => a + b), 12);
});
