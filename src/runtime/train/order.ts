/** The order in which samples are trained on: a function of (seed, pass), a pass being once through the training part. */
import { draws, Purpose, shuffle } from '../../compiler/graph/philox.ts';
import type { Program } from '../../compiler/model/program.ts';

/** Samples of a part in the order of a pass (0-based). `labels`: of every sample, the class; needed where the program oversamples. */
export function orderOf(part: Int32Array, { fit }: Pick<Program, 'fit'>, pass: number, labels: ArrayLike<number> | null = null): Int32Array {
  const samples = fit.sampling === 'oversample' && labels ? oversampled(part, labels, fit.seed, pass) : part.slice();
  return fit.shuffle ? shuffle(samples, draws(fit.seed, Purpose.shuffle, pass)) : samples;
}

/** As many samples of each class as the largest has: all of them as often as that goes, and for the rest others in each pass. */
function oversampled(part: Int32Array, labels: ArrayLike<number>, seed: number, pass: number): Int32Array {
  const groups = new Map<number, number[]>();
  for (const sample of part) {
    const group = groups.get(labels[sample]);
    if (group) group.push(sample);
    else groups.set(labels[sample], [sample]);
  }
  const most = Math.max(...[...groups.values()].map((group) => group.length));
  const order = [...groups.entries()].sort(([a], [b]) => a - b).flatMap(([label, group]) => {
    const whole = Array.from({ length: Math.floor(most / group.length) }, () => group).flat();
    const rest = shuffle(Int32Array.from(group), draws(seed, Purpose.shuffle, pass, 1 + label)).subarray(0, most - whole.length);
    return [...whole, ...rest];
  });
  return Int32Array.from(order);
}
