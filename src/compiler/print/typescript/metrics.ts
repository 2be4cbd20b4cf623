/**
 * `metrics.ts` of the generated code: each metric as sums over the samples of an epoch and the number made of them, as Keras's
 * streaming metrics. The counterparts of graph/metrics/table.ts, counted.ts and finish.ts.
 */
import type { CrossEntropy, Loss, Metric, Program } from '../../model/program.ts';
import { number, string } from './emit.ts';
import { featuresOf } from './features.ts';
import { fusedWith, headOf } from './head.ts';
import { cosineCode, huberCode, lossHelpers, losses, plainCode } from './loss-code.ts';
import type { LossContext } from './loss-code.ts';
import { flowOf, labelsType } from './loss.ts';
import { metricHelpers } from './metric-helpers.ts';
import type { MetricHelper } from './metric-helpers.ts';
import { header, importLine, lines, tfjs } from './module.ts';

type MetricOf<K extends Metric['kind']> = Metric & { readonly kind: K };

interface MetricContext {
  readonly program: Program;
  /** Records that a helper is used and gives its name. */
  readonly use: (helper: MetricHelper) => string;
}

type MetricCode<M> = (metric: M, context: MetricContext) => string;

/** `({ outputs, rows }) => …` with what the code names. */
function given(code: string): string {
  const names = ['labels', 'rows', 'outputs', 'logits'].filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  return `({ ${names.join(', ')} }) => ${code}`;
}

/** The mean of one value a sample, [n]. */
const mean = <M>(code: (metric: M, context: MetricContext) => string): MetricCode<M> => (metric, context) => `${context.use('mean')}(${given(code(metric, context))})`;

const said = (threshold: number, { use }: MetricContext): string => `${use('above')}(outputs, ${number(threshold)})`;

const rightful: MetricCode<MetricOf<'precision' | 'recall'>> = ({ kind, threshold, top_k, class_id }, context) => {
  const { use } = context;
  const all = top_k === null ? said(threshold, context) : `tf.mul(${said(threshold, context)}, ${use('amongLargest')}(outputs, ${number(top_k)}))`;
  const column = (code: string): string => (class_id === null ? code : `${use('column')}(${code}, ${number(class_id)})`);
  return `${use(kind)}(${given(`[${column(all)}, ${column(`${use('yes')}(rows)`)}]`)})`;
};

const crossEntropy: MetricCode<CrossEntropy & { readonly name: string }> = ({ name: _, ignore_class: ignored, ...loss }, { program, use }) => {
  const head = headOf(program);
  const matches = head === fusedWith(loss);
  const context: LossContext = { fused: matches || loss.from_logits, x: matches ? 'logits' : 'outputs', count: program.labels.count, bare: false };
  const costs = (losses[loss.kind] as (loss: Loss, context: LossContext) => string)(loss, context);
  // Here those of the class that does not count are 0, and no more.
  const code = ignored === undefined ? costs : costs.replace(/return (.*);$/, `return tf.mul($1, tf.cast(tf.notEqual(tf.argMax(rows, 1), ${number(ignored)}), 'float32'));`);
  return `${use('mean')}(${given(code.startsWith('return ') ? code.slice('return '.length, -1) : `{\n${code}\n}`)})`;
};

const metrics: { readonly [K in Metric['kind']]: MetricCode<MetricOf<K>> } = {
  accuracy: mean(({ form, threshold }, context) =>
    form === 'binary' ? `tf.mean(tf.cast(tf.equal(${said(threshold, context)}, rows), 'float32'), 1)` : "tf.cast(tf.equal(tf.argMax(outputs, 1), tf.argMax(rows, 1)), 'float32')",
  ),
  // In the top k: fewer than k outputs are larger than that of the class.
  top_k: mean(({ k }) => `tf.cast(tf.less(tf.sum(tf.cast(tf.greater(outputs, tf.sum(tf.mul(outputs, rows), 1, true)), 'float32'), 1), ${number(k)}), 'float32')`),
  precision: rightful,
  recall: rightful,
  auc({ num_thresholds, curve, summation_method, from_logits }, { use }) {
    const x = from_logits ? 'tf.sigmoid(outputs)' : 'outputs';
    const points = (): string => use(curve === 'roc' ? 'rocPoints' : 'prPoints');
    const value = curve === 'pr' && summation_method === 'interpolation' ? use('interpolatedPrecision') : `(counts) => ${use('area')}(${points()}(counts), ${heights[summation_method]})`;
    return `${use('curve')}(${number(num_thresholds)}, ${given(`[${x}, ${use('yes')}(rows)]`)}, ${value})`;
  },
  f1({ average, threshold }, context) {
    const { use } = context;
    const code = threshold === null ? `${use('largest')}(outputs)` : said(threshold, context);
    return `${use('fScore')}(${given(`[${code}, rows]`)}, ${use(({ micro: 'overAll', macro: 'overClasses', weighted: 'byFrequency' } as const)[average])})`;
  },
  r2: ({ class_aggregation }, { use }) => `${use('determination')}(${use(class_aggregation === 'uniform_average' ? 'uniformly' : 'byVariance')})`,
  rmse: (_, { use }) => `${use('rootOfMean')}(${given(plainCode.mse('outputs'))})`,
  categorical_crossentropy: crossEntropy,
  sparse_categorical_crossentropy: crossEntropy,
  binary_crossentropy: crossEntropy,
  huber: mean(({ delta }) => huberCode('outputs', delta)),
  mse: mean(() => plainCode.mse('outputs')),
  mae: mean(() => plainCode.mae('outputs')),
  mape: mean(() => plainCode.mape('outputs')),
  msle: mean(() => plainCode.msle('outputs')),
  log_cosh: mean(() => plainCode.log_cosh('outputs')),
  poisson: mean(() => plainCode.poisson('outputs')),
  // As a metric it is the cosine itself.
  cosine_similarity: mean(() => cosineCode('outputs')),
  kl_divergence: mean(() => plainCode.kl_divergence('outputs')),
  hinge: mean(() => plainCode.hinge('outputs')),
  squared_hinge: mean(() => plainCode.squared_hinge('outputs')),
  categorical_hinge: mean(() => plainCode.categorical_hinge('outputs')),
};

const heights = { interpolation: '(a, b) => (a + b) / 2', minoring: 'Math.min', majoring: 'Math.max' } as const;

export function metricsModule(program: Program): string {
  const { classes } = featuresOf(program);
  const activated = headOf(program) !== null;
  const flow = flowOf(program);
  const used = new Set<MetricHelper>();
  const use = (helper: MetricHelper): string => (used.add(helper), helper);
  // No gradient is taken of them.
  const codeOf = (metric: Metric): string => (metrics[metric.kind] as MetricCode<Metric>)(metric, { program, use }).replaceAll('absolute(', 'tf.abs(');
  const list = program.compile.metrics.map((metric) => ({ name: string(metric.name), member: /^[A-Za-z_]\w*$/.test(metric.name) ? `.${metric.name}` : `[${string(metric.name)}]`, code: codeOf(metric) }));
  const helpers = metricHelpers(used);
  const labels = labelsType(program);
  const code = list.map((metric) => metric.code).join('\n');
  const names = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(`${code}\n${helpers}`);
  const some = list.length > 0;
  /** What metrics are given, only where one of them looks at it. */
  const rows = classes ? `tf.oneHot(labels, ${number(program.labels.count)}, 1, 0, 'float32')` : "tf.cast(labels, 'float32')";
  const parts = [
    { name: 'rows', is: some && names('rows'), doc: 'The labels as float rows, [n, k].', made: `const rows = ${rows} as tf.Tensor2D;` },
    { name: 'outputs', is: some && names('outputs'), doc: `What the network gives, [n, k].`, made: activated ? 'const outputs = probabilities(logits);' : flow === 'logits' ? 'const outputs = logits;' : '' },
    { name: 'logits', is: some && names('logits'), doc: 'What stands before the last activation.', made: '' },
  ].filter(({ is }) => is);
  return lines(
    header('What is measured: sums over samples, and the numbers made of them.'),
    tfjs,
    activated && some && names('outputs') && importLine('./model.ts', ['probabilities']),
    lossHelpers(code),
    `
export interface Measures {
  ${['loss', ...list.map(({ name }) => name)].map((name) => `readonly ${name}: number;`).join('\n  ')}
}

/** Sums over the samples seen so far: those of the loss, then those of each metric. Plain numbers, which can be kept as JSON. */
export interface Tally {
  samples: number;
  sums: number[][];
}

export const newTally = (): Tally => ({ samples: 0, sums: [] });
`,
    some
      ? `
interface Given {
  ${parts.map(({ name, doc }) => `/** ${doc} */\n  readonly ${name}: tf.Tensor2D;`).join('\n  ')}
}

interface Metric {
  /** What a batch adds, [m]. */
  readonly sums: (given: Given) => tf.Tensor;
  /** The number that the sums over all batches make. */
  readonly value: (sums: readonly number[], samples: number) => number;
}

${helpers}
const metrics: { readonly [Name in Exclude<keyof Measures, 'loss'>]: Metric } = {
  ${list.map((metric) => `${metric.name}: ${metric.code},`).join('\n  ')}
};

/** Adds a batch to a tally: its mean loss, and what the metrics make of labels and outputs. */
export async function addBatch(tally: Tally, loss: tf.Scalar, labels: ${labels}, ${flow}: tf.Tensor2D): Promise<void> {
  const samples = labels.shape[0];
  const sums = tf.tidy(() => {
    ${parts.map(({ made }) => made).join('\n    ')}
    const given = { ${parts.map(({ name }) => name).join(', ')} };
    return [tf.reshape(tf.mul(loss, samples), [1]), ...Object.values(metrics).map((metric) => metric.sums(given))];
  });
  const values = await Promise.all(sums.map((tensor) => tensor.data()));
  tf.dispose(sums);
  tally.sums = values.map((row, i) => Array.from(row, (value, j) => value + (tally.sums[i]?.[j] ?? 0)));
  tally.samples += samples;
}

/** The loss and the metrics of everything that was counted. */
export function measuresOf({ sums, samples }: Tally): Measures {
  return {
    loss: sums[0][0] / samples,
    ${list.map(({ name, member }, i) => `${name}: metrics${member}.value(sums[${i + 1}], samples),`).join('\n    ')}
  };
}
`
      : `
/** Adds the mean loss of a batch of so many samples to a tally. */
export async function addBatch(tally: Tally, loss: tf.Scalar, samples: number): Promise<void> {
  const [value] = await loss.data();
  tally.sums = [[(tally.sums[0]?.[0] ?? 0) + value * samples]];
  tally.samples += samples;
}

export const measuresOf = ({ sums, samples }: Tally): Measures => ({ loss: sums[0][0] / samples });
`,
  );
}
