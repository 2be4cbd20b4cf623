/** The code of each loss, as Keras computes it: statements that give one loss a sample. */
import type { Loss, PlainLoss } from '../../model/program.ts';
import { number } from './emit.ts';

export interface LossContext {
  /** Whether `x` are logits, to be fused with the softmax or sigmoid; otherwise probabilities or plain outputs. */
  readonly fused: boolean;
  /** The variable: `logits` or `outputs`. */
  readonly x: string;
  readonly count: number;
  /** Whether the network ends without the activation of the labels. */
  readonly bare: boolean;
}

type LossOf<K extends Loss['kind']> = Loss & { readonly kind: K };

/** The statements that compute one loss a sample. `rows` are the labels as float rows [n, k]. */
export const losses: { readonly [K in Loss['kind']]: (loss: LossOf<K>, context: LossContext) => string } = {
  categorical_crossentropy: ({ label_smoothing }, { fused, x, count }) => {
    const rows = smoothed('rows', label_smoothing, label_smoothing / count);
    if (fused) return `return tf.neg(tf.sum(tf.mul(${rows}, tf.logSoftmax(${x})), 1));`;
    return `const sums = tf.sum(${x}, 1, true);
  const p = tf.clipByValue(tf.div(${x}, sums), EPSILON, 1 - EPSILON);
  return tf.neg(tf.sum(tf.mul(${rows}, tf.log(p)), 1));`;
  },
  sparse_categorical_crossentropy: ({ ignore_class: ignored, ...loss }, context) => {
    if (ignored !== undefined) {
      const costs = losses.sparse_categorical_crossentropy(loss, context).replace('return ', 'const costs = ');
      return `${costs}
  // Those of the class that does not count are 0, and the mean is one of the others.
  const counted = tf.cast(tf.notEqual(tf.argMax(rows, 1), ${number(ignored)}), 'float32');
  return tf.div(tf.mul(costs, counted), tf.maximum(tf.mean(counted), EPSILON));`;
    }
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
  categorical_focal_crossentropy: ({ alpha, gamma, label_smoothing }, { x, count, bare }) => `const target = ${smoothed('rows', label_smoothing, label_smoothing / count)};
  const given = ${bare ? `tf.softmax(${x})` : x};
  const p = tf.clipByValue(tf.div(given, tf.sum(given, 1, true)), EPSILON, 1 - EPSILON);
  const cost = tf.mul(target, tf.neg(tf.log(p)));
  return tf.sum(tf.mul(cost, tf.mul(${raised('tf.sub(1, p)', gamma)}, ${number(alpha)})), 1);`,
  binary_focal_crossentropy: ({ apply_class_balancing, alpha, gamma, label_smoothing }, { fused, x }) => `const target = ${smoothed('rows', label_smoothing, label_smoothing / 2)};
  const p = ${fused ? `tf.sigmoid(${x})` : x};
  ${fused ? `const cost = tf.add(tf.mul(target, tf.softplus(tf.neg(${x}))), tf.mul(tf.sub(1, target), tf.softplus(${x})));` : 'const sure = tf.clipByValue(p, EPSILON, 1 - EPSILON);\n  const cost = tf.neg(tf.add(tf.mul(target, tf.log(sure)), tf.mul(tf.sub(1, target), tf.log(tf.sub(1, sure)))));'}
  const right = tf.add(tf.mul(target, p), tf.mul(tf.sub(1, target), tf.sub(1, p)));
  const focused = tf.mul(${raised('tf.sub(1, right)', gamma)}, cost);
  return tf.mean(${apply_class_balancing ? `tf.mul(tf.add(tf.mul(target, ${number(alpha)}), tf.mul(tf.sub(1, target), ${number(1 - alpha)})), focused)` : 'focused'}, 1);`,
  categorical_generalized_crossentropy: ({ q }, { x }) => `return tf.div(tf.sub(1, tf.pow(tf.sum(tf.mul(${x}, rows), 1), ${number(q)})), ${number(q)});`,
  huber: ({ delta }, { x }) => `return ${huberCode(x, delta)};`,
  mse: plain('mse'),
  mae: plain('mae'),
  mape: plain('mape'),
  msle: plain('msle'),
  log_cosh: plain('log_cosh'),
  poisson: plain('poisson'),
  cosine_similarity: plain('cosine_similarity'),
  kl_divergence: plain('kl_divergence'),
  hinge: plain('hinge'),
  squared_hinge: plain('squared_hinge'),
  categorical_hinge: plain('categorical_hinge'),
};

function plain(kind: PlainLoss): (loss: Loss, context: LossContext) => string {
  return (_, { x }) => `return ${plainCode[kind](x)};`;
}

/** x ** gamma, of numbers from 0 up. */
const raised = (x: string, gamma: number): string => (gamma === 2 ? `tf.square(${x})` : gamma === 1 ? x : gamma === 0 ? '1' : `tf.pow(${x}, ${number(gamma)})`);

const margin = (x: string): string => `tf.maximum(tf.sub(1, tf.mul(tf.sub(tf.mul(rows, 2), 1), ${x})), 0)`;
const logarithm = (x: string): string => `tf.log(tf.add(tf.maximum(${x}, EPSILON), 1))`;
const cosine = (x: string): string => `tf.sum(tf.mul(unit(rows), unit(${x})), 1)`;

/** The expression of one value a sample, of the outputs `x` and their targets `rows`. */
export const plainCode: Readonly<Record<PlainLoss, (x: string) => string>> = {
  mse: (x) => `tf.mean(tf.squaredDifference(${x}, rows), 1)`,
  mae: (x) => `tf.mean(absolute(tf.sub(${x}, rows)), 1)`,
  mape: (x) => `tf.mul(tf.mean(absolute(tf.div(tf.sub(rows, ${x}), tf.maximum(tf.abs(rows), EPSILON))), 1), 100)`,
  msle: (x) => `tf.mean(tf.squaredDifference(${logarithm(x)}, ${logarithm('rows')}), 1)`,
  log_cosh: (x) => `tf.mean(tf.sub(tf.add(tf.sub(${x}, rows), tf.softplus(tf.mul(tf.sub(${x}, rows), -2))), Math.LN2), 1)`,
  poisson: (x) => `tf.mean(tf.sub(${x}, tf.mul(rows, tf.log(tf.add(${x}, EPSILON)))), 1)`,
  cosine_similarity: (x) => `tf.neg(${cosine(x)})`,
  kl_divergence: (x) => `tf.sum(tf.mul(tf.clipByValue(rows, EPSILON, 1), tf.log(tf.div(tf.clipByValue(rows, EPSILON, 1), tf.clipByValue(${x}, EPSILON, 1)))), 1)`,
  hinge: (x) => `tf.mean(${margin(x)}, 1)`,
  squared_hinge: (x) => `tf.mean(tf.square(${margin(x)}), 1)`,
  categorical_hinge: (x) => `tf.maximum(tf.add(tf.sub(tf.max(tf.mul(tf.sub(1, rows), ${x}), 1), tf.sum(tf.mul(rows, ${x}), 1)), 1), 0)`,
};

/** As a metric it is the cosine itself. */
export const cosineCode = cosine;

/** Half the square up to the limit, absolute beyond: ½a² + δ·(|d| − a) with a = min(|d|, δ). */
export function huberCode(x: string, delta: number): string {
  const size = `absolute(tf.sub(${x}, rows))`;
  const near = `tf.minimum(${size}, ${number(delta)})`;
  return `tf.mean(tf.add(tf.mul(tf.square(${near}), 0.5), tf.mul(tf.sub(${size}, ${near}), ${number(delta)})), 1)`;
}

const smoothed = (y: string, s: number, floor: number): string => (s === 0 ? y : `tf.add(tf.mul(${y}, ${number(1 - s)}), ${number(floor)})`);

/** |x| wherever gradients may be taken of it. */
export const absoluteSource = `
/** |x|. At 0 its gradient is 0; that of tf.abs is −1. */
const absolute = <T extends tf.Tensor>(x: T): T => tf.mul(x, tf.sign(x));
`;

/** What code of losses and metrics uses beside tf. */
export const lossHelpers = (code: string): string =>
  [
    code.includes('EPSILON') ? '\n/** Probabilities are kept this far from 0 and 1, so that their logarithms are finite. */\nconst EPSILON = 1e-7;\n' : '',
    code.includes('absolute(') ? absoluteSource : '',
    code.includes('unit(') ? '\n/** Rows of length 1. */\nconst unit = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), 1, true), 1e-24)));\n' : '',
  ].join('');
