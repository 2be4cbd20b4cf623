/**
 * Every metric as accumulators that are summed over batches: a float32 row [1, n]. Most are one sum of a value a sample, so that
 * the epoch's value is their mean, as Keras's streaming means; the others count (counted.ts), and `finish.ts` makes their value.
 * Metrics see what the network gives — with `from_logits` that is logits, as in Keras — and never smoothed labels.
 */
import type { Metric, PlainLoss } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import { binaryCrossEntropy } from '../losses/binary_crossentropy.ts';
import { categoricalCrossEntropy } from '../losses/categorical_crossentropy.ts';
import type { LossContext } from '../losses/context.ts';
import { cosine, huberLoss, plainLosses } from '../losses/plain.ts';
import { sparseCategoricalCrossEntropy } from '../losses/sparse_categorical_crossentropy.ts';
import type { Value } from '../types.ts';
import { areaCounts, perClassCounts, rightfulCounts, varianceSums } from './counted.ts';

export type MetricContext = LossContext;

type MetricRule<M> = (context: MetricContext, metric: M) => Value;
type MetricOf<K extends Metric['kind']> = Metric & { readonly kind: K };

/** The sum of a value a sample [N], as a row. */
export const total = (g: Builder, samples: Value): Value => g.reshape(g.reduce('sum', samples, [0]), [1, 1]);

const mean = <M>(rule: MetricRule<M>): MetricRule<M> => (context, metric) => total(context.g, rule(context, metric));
const plain = (kind: PlainLoss): MetricRule<Metric> => mean(({ g, network, targets }) => plainLosses[kind](g, targets.rows, network.output));

const metrics: { readonly [K in Metric['kind']]: MetricRule<MetricOf<K>> } = {
  accuracy: mean((context, metric) => (metric.form === 'binary' ? binaryAccuracy(context, metric.threshold) : categoricalAccuracy(context))),
  top_k: mean(({ g, network, targets }, { k }) => g.cast(g.inTopK(network.output, targets.classes, k), 'float32')),
  precision: rightfulCounts,
  recall: rightfulCounts,
  auc: areaCounts,
  f1: perClassCounts,
  r2: varianceSums,
  rmse: plain('mse'),
  huber: mean(({ g, network, targets }, { delta }) => huberLoss(g, targets.rows, network.output, delta)),
  categorical_crossentropy: mean(categoricalCrossEntropy),
  sparse_categorical_crossentropy: mean(sparseCategoricalCrossEntropy),
  binary_crossentropy: mean(binaryCrossEntropy),
  mse: plain('mse'),
  mae: plain('mae'),
  mape: plain('mape'),
  msle: plain('msle'),
  log_cosh: plain('log_cosh'),
  poisson: plain('poisson'),
  // As a metric it is the cosine itself.
  cosine_similarity: mean(({ g, network, targets }) => cosine(g, targets.rows, network.output)),
  kl_divergence: plain('kl_divergence'),
  hinge: plain('hinge'),
  squared_hinge: plain('squared_hinge'),
  categorical_hinge: plain('categorical_hinge'),
};

/** The largest output stands at the class. */
const categoricalAccuracy = ({ g, network, targets }: MetricContext): Value =>
  g.cast(g.compare('equal', g.argMax(network.output), targets.classes), 'float32');

/** The share of outputs on the right side of the threshold; an output equal to it says no. */
function binaryAccuracy({ g, network, targets }: MetricContext, threshold: number): Value {
  const said = g.cast(g.compare('greater', network.output, g.scalar(threshold)), 'float32');
  return g.reduce('mean', g.cast(g.compare('equal', said, targets.rows), 'float32'), [1]);
}

/** float32 [1, n]: the metric's accumulators for a batch. */
export function accumulated(context: MetricContext, metric: Metric): Value {
  const rule = metrics[metric.kind] as MetricRule<Metric>;
  return context.g.scoped(metric.name, () => rule(context, metric));
}
