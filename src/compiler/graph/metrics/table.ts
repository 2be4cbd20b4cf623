/**
 * Every metric, per sample: float32 [N], so that sums over batches give Keras's streaming means. Metrics see what the
 * network gives — with `from_logits` that is logits, as in Keras — and never the smoothed labels.
 */
import type { Metric } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import type { Targets } from '../targets.ts';
import type { Value } from '../types.ts';

export interface MetricContext {
  readonly g: Builder;
  /** What the network gives, [N,K]. */
  readonly output: Value;
  readonly targets: Targets;
}

type MetricRule<M> = (context: MetricContext, metric: M) => Value;
type MetricOf<K extends Metric['kind']> = Metric & { readonly kind: K };

const metrics: { readonly [K in Metric['kind']]: MetricRule<MetricOf<K>> } = {
  accuracy: (context, metric) => (metric.form === 'binary' ? binaryAccuracy(context, metric.threshold) : categoricalAccuracy(context)),
  top_k: ({ g, output, targets }, { k }) => g.cast(g.inTopK(output, targets.classes, k), 'float32'),
  mae: ({ g, output, targets }) => g.reduce('mean', g.unary('abs', g.sub(output, targets.rows)), [1]),
  mse: ({ g, output, targets }) => g.reduce('mean', g.squaredDifference(output, targets.rows), [1]),
};

/** The largest output stands at the class. */
const categoricalAccuracy = ({ g, output, targets }: MetricContext): Value =>
  g.cast(g.compare('equal', g.argMax(output), targets.classes), 'float32');

/** The share of outputs on the right side of the threshold; an output equal to it says no. */
function binaryAccuracy({ g, output, targets }: MetricContext, threshold: number): Value {
  const said = g.cast(g.compare('greater', output, g.scalar(threshold)), 'float32');
  return g.reduce('mean', g.cast(g.compare('equal', said, targets.rows), 'float32'), [1]);
}

export function metricOfSamples(context: MetricContext, metric: Metric): Value {
  const rule = metrics[metric.kind] as MetricRule<Metric>;
  return context.g.scoped(metric.name, () => rule(context, metric));
}
