/**
 * What the metrics of generated code are made of. Sources: Keras's confusion_metrics.py, f_score_metrics.py, regression_metrics.py,
 * as graph/metrics/counted.ts and finish.ts have them.
 */

export type MetricHelper =
  | 'mean' | 'rootOfMean' | 'precision' | 'recall' | 'curve' | 'area' | 'rocPoints' | 'prPoints' | 'interpolatedPrecision' | 'fScore' | 'overAll' | 'overClasses' | 'byFrequency'
  | 'determination' | 'uniformly' | 'byVariance' | 'above' | 'yes' | 'column' | 'amongLargest' | 'largest' | 'ratio' | 'sum' | 'score' | 'thirds';

/** In the order they stand in the module, each before those that need it. */
const sources: { readonly [H in MetricHelper]: string } = {
  mean: `
/** The mean of one value a sample, [n]. */
const mean = (values: (given: Given) => tf.Tensor): Metric => ({
  sums: (given) => tf.reshape(tf.sum(values(given)), [1]),
  value: ([sum], samples) => sum / samples,
});
`,
  rootOfMean: `
const rootOfMean = (values: (given: Given) => tf.Tensor): Metric => ({
  sums: (given) => tf.reshape(tf.sum(values(given)), [1]),
  value: ([sum], samples) => Math.sqrt(sum / samples),
});
`,
  sum: '\nconst sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);\n',
  ratio: '\n/** 0 where there is nothing to divide by. */\nconst ratio = (a: number, b: number): number => (b === 0 ? 0 : a / b);\n',
  above: "\n/** 1 where an output is above the threshold, 0 elsewhere. */\nconst above = (outputs: tf.Tensor2D, threshold: number): tf.Tensor2D => tf.cast(tf.greater(outputs, threshold), 'float32');\n",
  yes: "\n/** 1 where a label is not 0. */\nconst yes = (rows: tf.Tensor2D): tf.Tensor2D => tf.cast(tf.notEqual(rows, 0), 'float32');\n",
  column: '\nconst column = (x: tf.Tensor2D, i: number): tf.Tensor2D => tf.slice(x, [0, i], [-1, 1]);\n',
  amongLargest: `
/** 1 at the k largest of each row, 0 elsewhere; of equal ones the first. */
function amongLargest(x: tf.Tensor2D, k: number): tf.Tensor2D {
  const mine = tf.expandDims(x, 2);
  const others = tf.expandDims(x, 1);
  const earlier = tf.less(tf.range(0, x.shape[1]), tf.expandDims(tf.range(0, x.shape[1]), 1));
  const before = tf.logicalOr(tf.greater(others, mine), tf.logicalAnd(tf.equal(others, mine), earlier));
  return tf.cast(tf.less(tf.sum(tf.cast(before, 'float32'), 2), k), 'float32');
}
`,
  largest: `
/** 1 at the largest output of each row, unless it is 0. */
const largest = (x: tf.Tensor2D): tf.Tensor2D => tf.cast(tf.logicalAnd(tf.greaterEqual(x, tf.max(x, 1, true)), tf.greater(tf.abs(x), 1e-9)), 'float32');
`,
  precision: `
/** The share of right ones among what is said. Both are 0 or 1. */
const precision = (of: (given: Given) => [said: tf.Tensor2D, wanted: tf.Tensor2D]): Metric => ({
  sums(given) {
    const [said, wanted] = of(given);
    const right = tf.mul(said, wanted);
    return tf.stack([tf.sum(right), tf.sum(tf.sub(said, right))]);
  },
  value: ([right, wrong]) => ratio(right, right + wrong),
});
`,
  recall: `
/** The share of what is said among what is wanted. Both are 0 or 1. */
const recall = (of: (given: Given) => [said: tf.Tensor2D, wanted: tf.Tensor2D]): Metric => ({
  sums(given) {
    const [said, wanted] = of(given);
    const right = tf.mul(said, wanted);
    return tf.stack([tf.sum(right), tf.sum(tf.sub(wanted, right))]);
  },
  value: ([right, missed]) => ratio(right, right + missed),
});
`,
  curve: `
/** Right and wrong yeses above each of the thresholds, from the lowest; and all yeses and noes of the labels. */
interface Counts {
  readonly right: readonly number[];
  readonly wrong: readonly number[];
  readonly yeses: number;
  readonly noes: number;
}

/** A number made of what evenly spaced thresholds let through. */
const curve = (thresholds: number, of: (given: Given) => [outputs: tf.Tensor2D, wanted: tf.Tensor2D], value: (counts: Counts) => number): Metric => ({
  sums(given) {
    const [outputs, wanted] = of(given).map((x) => tf.reshape(x, [-1, 1]));
    // As Keras: an output between two thresholds is above those up to there; at 0 it is above the first, −ε.
    const bucket = tf.maximum(tf.sub(tf.ceil(tf.mul(tf.clipByValue(outputs, 0, 1), thresholds - 1)), 1), 0);
    const passed = tf.cast(tf.greaterEqual(bucket, tf.range(0, thresholds)), 'float32');
    const sides = tf.concat([wanted, tf.sub(1, wanted)], 1);
    return tf.concat([tf.reshape(tf.matMul(sides, passed, true), [-1]), tf.sum(sides, 0)]);
  },
  value: (sums) =>
    value({ right: sums.slice(0, thresholds), wrong: sums.slice(thresholds, 2 * thresholds), yeses: sums[2 * thresholds], noes: sums[2 * thresholds + 1] }),
});
`,
  rocPoints: `
/** False and true positive rates. */
const rocPoints = ({ right, wrong, yeses, noes }: Counts): [x: number, y: number][] => right.map((n, i) => [ratio(wrong[i], noes), ratio(n, yeses)]);
`,
  prPoints: `
/** Recall and precision. */
const prPoints = ({ right, wrong, yeses }: Counts): [x: number, y: number][] => right.map((n, i) => [ratio(n, yeses), ratio(n, n + wrong[i])]);
`,
  area: `
/** The area under points; \`height\` of a strip between two of them. */
const area = (points: readonly [x: number, y: number][], height: (a: number, b: number) => number): number =>
  points.slice(1).reduce((sum, [x, y], i) => sum + (points[i][0] - x) * height(points[i][1], y), 0);
`,
  interpolatedPrecision: `
/** The area under precision over recall, between thresholds as Davis & Goadrich (2006). */
const interpolatedPrecision = ({ right, wrong, yeses }: Counts): number =>
  right.slice(1).reduce((sum, next, i) => {
    const [said, saidNext] = [right[i] + wrong[i], next + wrong[i + 1]];
    const slope = ratio(right[i] - next, Math.max(said - saidNext, 0));
    const intercept = next - slope * saidNext;
    const growth = said > 0 && saidNext > 0 ? said / saidNext : 1;
    return sum + ratio(slope * (right[i] - next + intercept * Math.log(growth)), yeses);
  }, 0);
`,
  thirds: `
const thirds = (sums: readonly number[]): number[][] => [0, 1, 2].map((i) => sums.slice((i * sums.length) / 3, ((i + 1) * sums.length) / 3));
`,
  score: `
/** The harmonic mean of precision and recall. */
function score(right: number, wrong: number, missed: number): number {
  const [precision, recall] = [right / (right + wrong + 1e-7), right / (right + missed + 1e-7)];
  return (2 * precision * recall) / (precision + recall + 1e-7);
}
`,
  overAll: '\nconst overAll = (right: number[], wrong: number[], missed: number[]): number => score(sum(right), sum(wrong), sum(missed));\n',
  overClasses: '\nconst overClasses = (right: number[], wrong: number[], missed: number[]): number => sum(right.map((n, i) => score(n, wrong[i], missed[i]))) / right.length;\n',
  byFrequency: `
function byFrequency(right: number[], wrong: number[], missed: number[]): number {
  const frequent = right.map((n, i) => n + missed[i]);
  return sum(right.map((n, i) => (score(n, wrong[i], missed[i]) * frequent[i]) / (sum(frequent) + 1e-7)));
}
`,
  fScore: `
/** F1 of right, wrong and missed yeses of each output. */
const fScore = (of: (given: Given) => [said: tf.Tensor2D, rows: tf.Tensor2D], average: (right: number[], wrong: number[], missed: number[]) => number): Metric => ({
  sums(given) {
    const [said, rows] = of(given);
    return tf.concat([tf.mul(said, rows), tf.mul(said, tf.sub(1, rows)), tf.mul(tf.sub(1, said), rows)].map((x) => tf.sum(x, 0)));
  },
  value(sums) {
    const [right, wrong, missed] = thirds(sums);
    return average(right, wrong, missed);
  },
});
`,
  uniformly: '\nconst uniformly = (scores: number[]): number => sum(scores) / scores.length;\n',
  byVariance: '\nconst byVariance = (scores: number[], variances: number[]): number => sum(scores.map((s, i) => s * variances[i])) / sum(variances);\n',
  determination: `
/** R² of each value: 1 − squared errors / squared distances from the mean. */
const determination = (average: (scores: number[], variances: number[]) => number): Metric => ({
  sums: ({ outputs, rows }) => tf.concat([rows, tf.square(rows), tf.squaredDifference(rows, outputs)].map((x) => tf.sum(x, 0))),
  value(sums, samples) {
    const [values, squares, errors] = thirds(sums);
    const variances = squares.map((square, i) => square - values[i] * (values[i] / samples));
    const scores = errors.map((error, i) => 1 - error / variances[i]).map((s) => (Math.abs(s) === Infinity ? 0 : s));
    return average(scores, variances);
  },
});
`,
};

/** The text of helpers, and of those that they need themselves. */
export function metricHelpers(used: ReadonlySet<MetricHelper>): string {
  const all = Object.keys(sources) as MetricHelper[];
  const needed = new Set(used);
  // Calls and arguments alike: a helper's name stands in no comment.
  for (let size = -1; size !== needed.size; ) {
    size = needed.size;
    for (const name of all) if ([...needed].some((other) => other !== name && new RegExp(`(?<![.\\w])${name}\\(`).test(sources[other]))) needed.add(name);
  }
  return all.filter((name) => needed.has(name)).map((name) => sources[name]).join('');
}
