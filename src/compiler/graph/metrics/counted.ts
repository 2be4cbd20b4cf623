/**
 * What metrics count whose epoch value is not a mean over samples, as rows [1, n]. Source: Keras's confusion_metrics.py,
 * f_score_metrics.py, regression_metrics.py. Labels count as yes where they are not 0.
 */
import type { Metric } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import type { LossContext } from '../losses/context.ts';
import { clip } from '../losses/context.ts';
import type { Value } from '../types.ts';
import { BATCH } from '../types.ts';

type Of<K extends Metric['kind']> = Extract<Metric, { readonly kind: K }>;

const number = (g: Builder, condition: Value): Value => g.cast(condition, 'float32');
const yeses = (g: Builder, rows: Value): Value => number(g, g.compare('notEqual', rows, g.scalar(0)));
/** Over samples and outputs, or of each output. */
const all = (g: Builder, x: Value): Value => g.reshape(g.reduce('sum', x, [0, 1]), [1, 1]);
const each = (g: Builder, x: Value): Value => g.reduce('sum', x, [0], true);

/** Right yeses, then for precision the wrong ones, for recall those that were missed. */
export function rightfulCounts({ g, network, targets }: LossContext, { kind, threshold, top_k, class_id }: Of<'precision' | 'recall'>): Value {
  const above = number(g, g.compare('greater', network.output, g.scalar(threshold)));
  const said = top_k === null ? above : g.mul(above, amongLargest(g, network.output, top_k));
  const column = (x: Value): Value => (class_id === null ? x : g.slice(x, class_id, 1));
  const [p, y] = [column(said), column(yeses(g, targets.rows))];
  const right = g.mul(p, y);
  return g.concat([all(g, right), all(g, g.sub(kind === 'precision' ? p : y, right))]);
}

/** 1 at the k largest of each row, 0 elsewhere; of equal ones the first. */
function amongLargest(g: Builder, x: Value, k: number): Value {
  const count = x.shape[1];
  const [mine, others] = [g.reshape(x, [BATCH, count, 1]), g.reshape(x, [BATCH, 1, count])];
  const earlier = g.constant(Array.from({ length: count * count }, (_, i) => Number(i % count < Math.floor(i / count))), [1, count, count]);
  const before = g.add(number(g, g.compare('greater', others, mine)), g.mul(number(g, g.compare('equal', others, mine)), earlier));
  return number(g, g.compare('less', g.reduce('sum', before, [2]), g.scalar(k)));
}

/**
 * Right and wrong yeses above each of the thresholds, then all yeses and all noes of the labels. As Keras: an output falls
 * between two of the evenly spaced thresholds, and is above those up to there; at 0 it is above the first one, −ε.
 */
export function areaCounts({ g, network, targets }: LossContext, { num_thresholds: count, from_logits }: Of<'auc'>): Value {
  // Of a network that ends with a sigmoid, too: Keras's losses look behind it, its AUC does not.
  const given = from_logits ? g.unary('sigmoid', network.output) : network.output;
  const one = (x: Value): Value => g.reshape(x, [BATCH, 1]);
  const scaled = g.mul(clip(g, one(given), 0, 1), g.scalar(count - 1));
  // The ceiling, less one.
  const bucket = g.maximum(g.sub(g.unary('neg', g.unary('floor', g.unary('neg', scaled))), g.scalar(1)), g.scalar(0));
  const above = number(g, g.compare('greaterEqual', bucket, g.constant(Array.from({ length: count }, (_, i) => i), [1, count])));
  const yes = one(yeses(g, targets.rows));
  const sides = g.concat([yes, g.sub(g.scalar(1), yes)]);
  const counts = g.matmul(sides, above, { transposeA: true });
  return g.concat([g.reshape(counts, [1, 2 * count]), each(g, sides)]);
}

/** Right, wrong and missed yeses of each output. */
export function perClassCounts({ g, network, targets }: LossContext, { threshold }: Of<'f1'>): Value {
  const x = network.output;
  // Keras: the largest outputs mean yes, but where all are 0 none does.
  const said =
    threshold === null
      ? g.mul(number(g, g.compare('greaterEqual', x, g.reduce('max', x, [1], true))), number(g, g.compare('greater', g.unary('abs', x), g.scalar(1e-9))))
      : number(g, g.compare('greater', x, g.scalar(threshold)));
  const y = targets.rows;
  const one = g.scalar(1);
  return g.concat([each(g, g.mul(said, y)), each(g, g.mul(said, g.sub(one, y))), each(g, g.mul(g.sub(one, said), y))]);
}

/** Of each value: the sum, the sum of squares, the sum of squared errors. */
export function varianceSums({ g, network, targets }: LossContext): Value {
  const y = targets.rows;
  return g.concat([each(g, y), each(g, g.unary('square', y)), each(g, g.squaredDifference(y, network.output))]);
}
