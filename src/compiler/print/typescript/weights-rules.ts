/** What weights cost and what bounds them, for `train.ts` of the generated code: Keras's regularizers and constraints. */
import type { Constraint, Program, Regularizer } from '../../model/program.ts';
import { number, numbers, string } from './emit.ts';
import { absoluteSource } from './loss-code.ts';

const variablesOf = (program: Program) => program.layers.flatMap((layer) => layer.variables);

export const hasPenalties = (program: Program): boolean => variablesOf(program).some(({ regularizer }) => regularizer !== undefined);
export const hasConstraints = (program: Program): boolean => variablesOf(program).some(({ constraint }) => constraint !== undefined);

function terms(name: string, regularizer: Regularizer): readonly string[] {
  if ('orthogonal' in regularizer) return regularizer.orthogonal === 0 ? [] : [`tf.mul(angles(weights(${string(name)}), '${regularizer.mode}'), ${number(regularizer.orthogonal)})`];
  const { l1, l2 } = regularizer;
  return [
    ...(l1 === 0 ? [] : [`tf.mul(tf.sum(absolute(weights(${string(name)}))), ${number(l1)})`]),
    ...(l2 === 0 ? [] : [`tf.mul(tf.sum(tf.square(weights(${string(name)}))), ${number(l2)})`]),
  ];
}

const anglesSource = `
/** The mean magnitude of the cosine between two rows or columns of a matrix. */
function angles(w: tf.Tensor, of: 'rows' | 'columns'): tf.Scalar {
  const rows = (of === 'rows' ? w : tf.transpose(w)) as tf.Tensor2D;
  const unit: tf.Tensor2D = tf.div(rows, tf.maximum(tf.sqrt(tf.sum(tf.square(rows), 1, true)), 1e-12));
  const pairs: tf.Scalar = tf.sub(tf.sum(absolute(tf.matMul(unit, unit, false, true))), tf.sum(tf.square(unit)));
  return tf.div(pairs, Math.max(rows.shape[0] * (rows.shape[0] - 1), 1));
}
`;

function bound(name: string, rank: number, constraint: Constraint): string {
  const weights = `weights(${string(name)})`;
  if (constraint.kind === 'non_neg') return `bound(${weights}, (w) => tf.maximum(w, 0));`;
  const axes = numbers([...new Set(constraint.axis.map((axis) => (axis < 0 ? axis + rank : axis)))].sort((a, b) => a - b));
  const desired = {
    unit_norm: () => 'tf.onesLike(norms)',
    max_norm: ({ max_value }: Extract<Constraint, { kind: 'max_norm' }>) => `tf.minimum(norms, ${number(max_value)})`,
    min_max_norm: ({ min_value, max_value, rate }: Extract<Constraint, { kind: 'min_max_norm' }>) => {
      const within = `tf.minimum(tf.maximum(norms, ${number(min_value)}), ${number(max_value)})`;
      return rate === 1 ? within : `tf.add(tf.mul(${within}, ${number(rate)}), tf.mul(norms, ${number(1 - rate)}))`;
    },
  };
  const target = constraint.kind === 'unit_norm' ? desired.unit_norm() : constraint.kind === 'max_norm' ? desired.max_norm(constraint) : desired.min_max_norm(constraint);
  return `bound(${weights}, (w) => scaled(w, ${axes}, (norms) => ${target}));`;
}

export function rulesSource(program: Program): string {
  const list = variablesOf(program);
  const penalties = list.flatMap(({ name, regularizer }) => (regularizer ? terms(name, regularizer) : []));
  const bounds = list.flatMap(({ name, shape, constraint }) => (constraint ? [bound(name, shape.length, constraint)] : []));
  if (!hasPenalties(program) && !hasConstraints(program)) return '';
  return [
    `
function weightsOf({ variables }: Model): (name: string) => tf.Variable {
  return (name) => {
    const variable = variables.get(name);
    if (!variable) throw new Error(\`There are no weights called \${name}.\`);
    return variable;
  };
}
`,
    hasPenalties(program)
      ? `
/** What large weights cost: a part of the loss. */
export function penalties(model: Model): tf.Scalar {
  ${penalties.length > 0 ? 'const weights = weightsOf(model);' : ''}
  const terms: tf.Scalar[] = [${['tf.scalar(0)', ...penalties].join(', ')}];
  return terms.reduce((sum, term) => tf.add(sum, term));
}
${penalties.some((code) => /absolute\(|angles\(/.test(code)) ? absoluteSource : ''}${penalties.some((code) => code.includes('angles(')) ? anglesSource : ''}`
      : '',
    bounds.length > 0
      ? `
/** Brings weights back to their bounds, after each step. */
function constrain(model: Model): void {
  const weights = weightsOf(model);
  ${bounds.join('\n  ')}
}

const bound = (variable: tf.Variable, change: (w: tf.Tensor) => tf.Tensor): void => tf.tidy(() => variable.assign(change(variable)));
${
  bounds.some((code) => code.includes('scaled('))
    ? `
/** Weights whose norms along axes become the ones desired. */
function scaled(w: tf.Tensor, axes: number[], desired: (norms: tf.Tensor) => tf.Tensor): tf.Tensor {
  const norms = tf.sqrt(tf.sum(tf.square(w), axes, true));
  return tf.mul(w, tf.div(desired(norms), tf.add(norms, 1e-7)));
}
`
    : ''
}`
      : '',
  ].join('');
}
