/** Which class is taken for which other one on the test part. Only for labels that are one class a sample. */
import type { Program } from '../../compiler/model/program.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Engine } from '../engine/engine.ts';
import type { Batches } from './loop.ts';
import { pipeline } from './pipeline.ts';

export interface Confused {
  readonly actual: string;
  readonly predicted: string;
  /** Samples of `actual` taken for `predicted`, and samples of `actual` in all. */
  readonly count: number;
  readonly of: number;
}

/** The pair confused most (the first of equals); null when nothing was, or when the question makes no sense. */
export async function confusedMost(engine: Engine, program: Program, dataset: Dataset, batches: Batches, signal: AbortSignal): Promise<Confused | null> {
  const { kind } = program.labels;
  if (kind === 'values' || kind === 'multilabel') return null;
  const classes = dataset.classes.length;
  const matrix = new Float64Array(classes * classes);
  const samples = batches.part('test');
  const size = program.fit.batch;
  const total = Math.ceil(samples.length / size);
  const of = (i: number): Int32Array => samples.subarray(i * size, Math.min(samples.length, (i + 1) * size));
  await pipeline(
    0,
    total,
    (i) => engine.run('predict', { x: batches.feeds('test', of(i), 0).x }),
    (i, { y }) => of(i).forEach((sample, row) => matrix[dataset.labels[sample] * classes + predicted(y.data, row, y.shape[1])]++),
    () => signal.aborted,
  );
  let most = -1;
  for (let at = 0; at < matrix.length; at++) {
    if (Math.floor(at / classes) !== at % classes && matrix[at] > 0 && (most < 0 || matrix[at] > matrix[most])) most = at;
  }
  if (most < 0) return null;
  const actual = Math.floor(most / classes);
  const row = matrix.subarray(actual * classes, (actual + 1) * classes);
  return { actual: dataset.classes[actual], predicted: dataset.classes[most % classes], count: matrix[most], of: row.reduce((a, b) => a + b, 0) };
}

/** Of one output the side of .5, of several the first largest. */
function predicted(data: ArrayLike<number>, row: number, outputs: number): number {
  if (outputs === 1) return data[row] > 0.5 ? 1 : 0;
  let best = row * outputs;
  for (let at = best + 1; at < (row + 1) * outputs; at++) if (data[at] > data[best]) best = at;
  return best - row * outputs;
}
