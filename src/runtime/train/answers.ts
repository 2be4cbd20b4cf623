/** What the trained network answers to each picture of a part: the source of every figure of the test. */
import type { Program } from '../../compiler/model/program.ts';
import type { Dataset, PartName } from '../data/dataset.ts';
import type { Engine } from '../engine/engine.ts';
import type { Answers } from '../report/answers.ts';
import type { Batches } from './loop.ts';
import { pipeline } from './pipeline.ts';

/** null when the signal came first. */
export async function answersOf(part: PartName, engine: Engine, program: Program, dataset: Dataset, batches: Batches, signal: AbortSignal): Promise<Answers | null> {
  const { kind } = program.labels;
  const samples = batches.part(part);
  const size = program.fit.batch;
  const total = Math.ceil(samples.length / size);
  const of = (i: number): Int32Array => samples.subarray(i * size, Math.min(samples.length, (i + 1) * size));
  const { labelWidth: width, labels } = dataset;
  const classes = kind === 'categorical' || kind === 'sparse';
  // Of one class out of many only what was chosen is kept: rows of a thousand numbers would not fit for long.
  const predicted = new Int32Array(classes ? samples.length : 0);
  const probability = new Float32Array(predicted.length);
  const ofActual = new Float32Array(predicted.length);
  const outputs = new Float32Array(classes ? 0 : samples.length * width);
  const done = await pipeline(
    0,
    total,
    (i) => engine.run('predict', { x: batches.feeds(part, of(i), 0).x }),
    (i, { y }) => {
      const at = i * size;
      if (!classes) return outputs.set(y.data as Float32Array, at * width);
      of(i).forEach((sample, row) => {
        const begin = row * y.shape[1];
        const best = largest(y.data, begin, y.shape[1]);
        predicted[at + row] = best;
        probability[at + row] = y.data[begin + best];
        ofActual[at + row] = y.data[begin + labels[sample]];
      });
    },
    () => signal.aborted,
  );
  if (done < total) return null;
  const describe = (row: number): string => dataset.describe(samples[row]);
  const common = { count: samples.length, names: dataset.classes, describe };
  if (classes) return { ...common, kind: 'classes', actual: Int32Array.from(samples, (sample) => labels[sample]), predicted, probability, ofActual };
  const actual = new Float32Array(outputs.length);
  samples.forEach((sample, row) => {
    for (let k = 0; k < width; k++) actual[row * width + k] = labels[sample * width + k];
  });
  return { ...common, kind, actual, outputs };
}

/** The first of equals. */
function largest(data: ArrayLike<number>, begin: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (data[begin + k] > data[begin + best]) best = k;
  return best;
}
