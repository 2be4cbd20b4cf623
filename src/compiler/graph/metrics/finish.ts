/**
 * From the accumulators of an epoch to its numbers, on the host in float64: the other half of table.ts. Source: the `result`
 * methods of Keras's metrics.
 */
import type { Labels, Metric, Program } from '../../model/program.ts';
import { outputsOf } from '../targets.ts';

/** keras.config.epsilon() */
const EPSILON = 1e-7;

/** How many accumulators a metric has. */
export function sizeOf(metric: Metric, labels: Labels): number {
  switch (metric.kind) {
    case 'precision':
    case 'recall':
      return 2;
    case 'auc':
      return 2 * metric.num_thresholds + 2;
    case 'f1':
    case 'r2':
      return 3 * outputsOf(labels);
    default:
      return 1;
  }
}

type Measured = Pick<Program, 'compile' | 'labels'>;

/** Length of `sums`: the loss and all metrics. */
export const sizeOfSums = ({ compile, labels }: Measured): number => compile.metrics.reduce((size, metric) => size + sizeOf(metric, labels), 1);

/** The loss and each metric by name, of sums over so many samples. */
export function numbersOf({ compile, labels }: Measured, sums: ArrayLike<number>, samples: number): Record<string, number> {
  const numbers: Record<string, number> = { loss: sums[0] / samples };
  let at = 1;
  for (const metric of compile.metrics) {
    const size = sizeOf(metric, labels);
    numbers[metric.name] = finish(metric, Array.from({ length: size }, (_, i) => sums[at + i]), samples);
    at += size;
  }
  return numbers;
}

function finish(metric: Metric, sums: readonly number[], samples: number): number {
  switch (metric.kind) {
    case 'precision':
    case 'recall':
      return ratio(sums[0], sums[0] + sums[1]);
    case 'rmse':
      return Math.sqrt(sums[0] / samples);
    case 'auc':
      return area(metric, sums);
    case 'f1':
      return fScore(metric.average, sums);
    case 'r2':
      return determination(metric.class_aggregation, sums, samples);
    default:
      return sums[0] / samples;
  }
}

/** 0 where there is nothing to divide by. */
const ratio = (a: number, b: number): number => (b === 0 ? 0 : a / b);
const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const parts = (sums: readonly number[], count: number): readonly (readonly number[])[] => {
  const size = sums.length / count;
  return Array.from({ length: count }, (_, i) => sums.slice(i * size, (i + 1) * size));
};

function fScore(average: 'micro' | 'macro' | 'weighted', sums: readonly number[]): number {
  const [right, wrong, missed] = parts(sums, 3);
  const score = (tp: number, fp: number, fn: number): number => {
    const [precision, recall] = [tp / (tp + fp + EPSILON), tp / (tp + fn + EPSILON)];
    return (2 * precision * recall) / (precision + recall + EPSILON);
  };
  if (average === 'micro') return score(sum(right), sum(wrong), sum(missed));
  const scores = right.map((tp, i) => score(tp, wrong[i], missed[i]));
  if (average === 'macro') return sum(scores) / scores.length;
  const frequent = right.map((tp, i) => tp + missed[i]);
  return sum(scores.map((s, i) => (s * frequent[i]) / (sum(frequent) + EPSILON)));
}

function determination(how: 'uniform_average' | 'variance_weighted_average', sums: readonly number[], samples: number): number {
  const [ys, squares, errors] = parts(sums, 3);
  const totals = squares.map((square, i) => square - ys[i] * (ys[i] / samples));
  const scores = errors.map((error, i) => {
    const score = 1 - error / totals[i];
    return Math.abs(score) === Infinity ? 0 : score;
  });
  return how === 'uniform_average' ? sum(scores) / scores.length : sum(scores.map((s, i) => totals[i] * s)) / sum(totals);
}

function area({ num_thresholds: count, curve, summation_method: method }: Extract<Metric, { readonly kind: 'auc' }>, sums: readonly number[]): number {
  const [right, wrong] = [sums.slice(0, count), sums.slice(count, 2 * count)];
  const [yeses, noes] = sums.slice(2 * count);
  const missed = right.map((tp) => yeses - tp);
  if (curve === 'pr' && method === 'interpolation') return interpolatedPrecision(right, wrong, missed);
  const recall = right.map((tp, i) => ratio(tp, tp + missed[i]));
  const x = curve === 'roc' ? wrong.map((fp) => ratio(fp, noes)) : recall;
  const y = curve === 'roc' ? recall : right.map((tp, i) => ratio(tp, tp + wrong[i]));
  const height = (i: number): number => (method === 'interpolation' ? (y[i] + y[i + 1]) / 2 : method === 'minoring' ? Math.min(y[i], y[i + 1]) : Math.max(y[i], y[i + 1]));
  return sum(Array.from({ length: count - 1 }, (_, i) => (x[i] - x[i + 1]) * height(i)));
}

/** Davis & Goadrich 2006, in the closed form of Keras's `interpolate_pr_auc`. */
function interpolatedPrecision(right: readonly number[], wrong: readonly number[], missed: readonly number[]): number {
  const said = right.map((tp, i) => tp + wrong[i]);
  return sum(
    right.slice(1).map((tp, i) => {
      const dtp = right[i] - tp;
      const slope = ratio(dtp, Math.max(said[i] - said[i + 1], 0));
      const intercept = tp - slope * said[i + 1];
      const growth = said[i] > 0 && said[i + 1] > 0 ? said[i] / said[i + 1] : 1;
      return ratio(slope * (dtp + intercept * Math.log(growth)), Math.max(tp + missed[i + 1], 0));
    }),
  );
}
