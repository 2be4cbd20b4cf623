/** `loss.ts` of the generated code: the loss of a batch and the metrics, as Keras computes them. */
import type { Loss, Metric, Program } from '../../model/program.ts';
import { number, shape, string } from './emit.ts';
import { featuresOf } from './features.ts';
import { headOf, lossInput } from './head.ts';
import { header, importLine, lines, tfjs } from './module.ts';

interface LossContext {
  /** Whether `x` are logits, to be fused with the softmax or sigmoid; otherwise probabilities or plain outputs. */
  readonly fused: boolean;
  /** The variable: `logits` or `outputs`. */
  readonly x: string;
  readonly count: number;
}

type LossOf<K extends Loss['kind']> = Loss & { readonly kind: K };

/** The statements that compute one loss a sample. `rows` are the labels as float rows [n, k]. */
const losses: { readonly [K in Loss['kind']]: (loss: LossOf<K>, context: LossContext) => string } = {
  categorical_crossentropy: ({ label_smoothing }, { fused, x, count }) => {
    const rows = smoothed('rows', label_smoothing, label_smoothing / count);
    if (fused) return `return tf.neg(tf.sum(tf.mul(${rows}, tf.logSoftmax(${x})), 1));`;
    return `const sums = tf.sum(${x}, 1, true);
  const p = tf.clipByValue(tf.div(${x}, sums), EPSILON, 1 - EPSILON);
  return tf.neg(tf.sum(tf.mul(${rows}, tf.log(p)), 1));`;
  },
  sparse_categorical_crossentropy: (loss, context) => {
    if (loss.label_smoothing !== 0) return losses.categorical_crossentropy({ ...loss, kind: 'categorical_crossentropy' }, context);
    if (context.fused) return `return tf.neg(tf.sum(tf.mul(rows, tf.logSoftmax(${context.x})), 1));`;
    return `const p = tf.clipByValue(${context.x}, EPSILON, 1 - EPSILON);
  return tf.neg(tf.sum(tf.mul(rows, tf.logSoftmax(tf.log(p))), 1));`;
  },
  binary_crossentropy: ({ label_smoothing: s }, { fused, x }) => {
    const target = s === 0 ? '' : `const target = ${smoothed('rows', s, s / 2)};\n  `;
    const y = s === 0 ? 'rows' : 'target';
    if (fused) {
      return `${target}// y · softplus(−x) + (1 − y) · softplus(x) neither overflows nor cancels.
  const ones = tf.mul(${y}, tf.softplus(tf.neg(${x})));
  const zeros = tf.mul(tf.sub(1, ${y}), tf.softplus(${x}));
  return tf.mean(tf.add(ones, zeros), 1);`;
    }
    return `${target}const p = tf.clipByValue(${x}, EPSILON, 1 - EPSILON);
  const ones = tf.mul(${y}, tf.log(p));
  const zeros = tf.mul(tf.sub(1, ${y}), tf.log(tf.sub(1, p)));
  return tf.neg(tf.mean(tf.add(ones, zeros), 1));`;
  },
  mse: (_, { x }) => `return tf.mean(tf.squaredDifference(${x}, rows), 1);`,
};

const smoothed = (y: string, s: number, floor: number): string => (s === 0 ? y : `tf.add(tf.mul(${y}, ${number(1 - s)}), ${number(floor)})`);

type MetricOf<K extends Metric['kind']> = Metric & { readonly kind: K };

/** The expression of one value a sample. `outputs` are the network's, `rows` the labels as float rows [n, k]. */
const metrics: { readonly [K in Metric['kind']]: (metric: MetricOf<K>) => string } = {
  accuracy: ({ form, threshold }) =>
    form === 'binary'
      ? `tf.mean(tf.cast(tf.equal(tf.cast(tf.greater(outputs, ${number(threshold)}), 'float32'), rows), 'float32'), 1)`
      : "tf.cast(tf.equal(tf.argMax(outputs, 1), tf.argMax(rows, 1)), 'float32')",
  // In the top k: fewer than k outputs are larger than that of the class.
  top_k: ({ k }) => `tf.cast(tf.less(tf.sum(tf.cast(tf.greater(outputs, tf.sum(tf.mul(outputs, rows), 1, true)), 'float32'), 1), ${number(k)}), 'float32')`,
  mae: () => 'tf.mean(tf.abs(tf.sub(outputs, rows)), 1)',
  mse: () => 'tf.mean(tf.squaredDifference(outputs, rows), 1)',
};

export function lossModule(program: Program): string {
  const { loss } = program.compile;
  const { classes } = featuresOf(program);
  const activated = headOf(program) !== null;
  const { fused, from } = lossInput(program);
  // What the forward pass gives, and what the loss and the metrics take.
  const given = activated || fused ? 'logits' : 'outputs';
  const x = activated && from === 'output' ? 'outputs' : given;
  const code = (losses[loss.kind] as (loss: Loss, context: LossContext) => string)(loss, { fused, x, count: program.labels.count });
  const outputs = activated ? 'const outputs = probabilities(logits);' : given === 'logits' ? 'const outputs = logits;' : '';
  const labels = classes ? 'tf.Tensor1D' : 'tf.Tensor2D';
  const rows = classes ? `tf.oneHot(labels, ${number(program.labels.count)}, 1, 0, 'float32')` : "tf.cast(labels, 'float32')";
  const values = program.compile.metrics.map((metric) => ({ name: string(metric.name), code: (metrics[metric.kind] as (m: Metric) => string)(metric) }));
  const needsRows = values.some((value) => value.code.includes('rows'));
  return lines(
    header('What training makes smaller, and what is measured.'),
    tfjs,
    activated && (x === 'outputs' || values.length > 0) && importLine('./model.ts', ['probabilities']),
    code.includes('EPSILON') && '\n/** Probabilities are kept this far from 0 and 1, so that their logarithms are finite. */\nconst EPSILON = 1e-7;\n',
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
