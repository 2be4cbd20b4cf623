/** `loss.ts` of the generated code: the loss of a batch and the metrics, as Keras computes them. */
import { givesScores } from '../../model/loss.ts';
import type { Loss, Metric, Program } from '../../model/program.ts';
import { number, shape, string } from './emit.ts';
import { featuresOf } from './features.ts';
import { headOf, lossInput } from './head.ts';
import { cosineCode, huberCode, losses, plainCode } from './loss-code.ts';
import type { LossContext } from './loss-code.ts';
import { header, importLine, lines, tfjs } from './module.ts';

type MetricOf<K extends Metric['kind']> = Metric & { readonly kind: K };

/** The expression of one value a sample. `outputs` are the network's, `rows` the labels as float rows [n, k]. null: the value of an epoch is no mean over samples. */
const metrics: { readonly [K in Metric['kind']]: ((metric: MetricOf<K>) => string) | null } = {
  accuracy: ({ form, threshold }) =>
    form === 'binary'
      ? `tf.mean(tf.cast(tf.equal(tf.cast(tf.greater(outputs, ${number(threshold)}), 'float32'), rows), 'float32'), 1)`
      : "tf.cast(tf.equal(tf.argMax(outputs, 1), tf.argMax(rows, 1)), 'float32')",
  // In the top k: fewer than k outputs are larger than that of the class.
  top_k: ({ k }) => `tf.cast(tf.less(tf.sum(tf.cast(tf.greater(outputs, tf.sum(tf.mul(outputs, rows), 1, true)), 'float32'), 1), ${number(k)}), 'float32')`,
  precision: null,
  recall: null,
  auc: null,
  f1: null,
  r2: null,
  rmse: null,
  categorical_crossentropy: null,
  sparse_categorical_crossentropy: null,
  binary_crossentropy: null,
  huber: ({ delta }) => huberCode('outputs', delta),
  mse: () => plainCode.mse('outputs'),
  mae: () => plainCode.mae('outputs'),
  mape: () => plainCode.mape('outputs'),
  msle: () => plainCode.msle('outputs'),
  log_cosh: () => plainCode.log_cosh('outputs'),
  poisson: () => plainCode.poisson('outputs'),
  cosine_similarity: () => cosineCode('outputs'),
  kl_divergence: () => plainCode.kl_divergence('outputs'),
  hinge: () => plainCode.hinge('outputs'),
  squared_hinge: () => plainCode.squared_hinge('outputs'),
  categorical_hinge: () => plainCode.categorical_hinge('outputs'),
};

/** Whether generated code can measure it. */
export const printsMetric = ({ kind }: Metric): boolean => metrics[kind] !== null;

export function lossModule(program: Program): string {
  const { loss } = program.compile;
  const { classes } = featuresOf(program);
  const activated = headOf(program) !== null;
  const { fused, from } = lossInput(program);
  // What the forward pass gives, and what the loss and the metrics take.
  const given = activated || fused ? 'logits' : 'outputs';
  const x = activated && from === 'output' ? 'outputs' : given;
  const code = (losses[loss.kind] as (loss: Loss, context: LossContext) => string)(loss, { fused, x, count: program.labels.count, bare: !activated && givesScores(loss) });
  const outputs = activated ? 'const outputs = probabilities(logits);' : given === 'logits' ? 'const outputs = logits;' : '';
  const labels = classes ? 'tf.Tensor1D' : 'tf.Tensor2D';
  const rows = classes ? `tf.oneHot(labels, ${number(program.labels.count)}, 1, 0, 'float32')` : "tf.cast(labels, 'float32')";
  const values = program.compile.metrics.filter(printsMetric).map((metric) => ({ name: string(metric.name), code: (metrics[metric.kind] as (m: Metric) => string)(metric) }));
  const needsRows = values.some((value) => value.code.includes('rows'));
  return lines(
    header('What training makes smaller, and what is measured.'),
    tfjs,
    activated && (x === 'outputs' || values.length > 0) && importLine('./model.ts', ['probabilities']),
    [code, ...values.map((value) => value.code)].some((text) => text.includes('EPSILON')) && '\n/** Probabilities are kept this far from 0 and 1, so that their logarithms are finite. */\nconst EPSILON = 1e-7;\n',
    `
/** The loss of a batch: its mean over the samples. Labels are ${classes ? 'class numbers, int32 [n]' : `rows ${shape([labelWidth(program)])}`}. */
export const lossOf = (labels: ${labels}, ${given}: tf.Tensor2D): tf.Scalar => tf.mean(sampleLosses(labels, ${given}));

/** One loss a sample, [n]. */
function sampleLosses(labels: ${labels}, ${given}: tf.Tensor2D): tf.Tensor1D {
  const rows = ${rows};
  ${x !== given ? `${outputs}\n  ` : ''}${code}
}

/** Means over a batch. For those of an epoch, weigh each by the size of its batch. */
export interface Measures {
  ${['loss', ...values.map(({ name }) => name)].map((name) => `readonly ${name}: number;`).join('\n  ')}
}

export async function measure(labels: ${labels}, ${given}: tf.Tensor2D): Promise<Measures> {
  const means = tf.tidy(() => {
    ${needsRows ? `const rows = ${rows};` : ''}
    ${values.length > 0 ? outputs : ''}
    const samples: tf.Tensor1D[] = [${[`sampleLosses(labels, ${given})`, ...values.map((value) => value.code)].join(', ')}];
    return tf.mean<tf.Tensor1D>(tf.stack(samples), 1);
  });
  const [${values.length > 0 ? 'loss, ...metrics' : 'loss'}] = await means.array();
  means.dispose();
  return { ${['loss', ...values.map(({ name }, i) => `${name}: metrics[${i}]`)].join(', ')} };
}
`,
  );
}

const labelWidth = ({ labels }: Program): number => (labels.kind === 'binary' ? 1 : labels.count);
