/**
 * What weights and activities add to the loss, and what bounds weights after a step.
 * Sources: keras/src/regularizers/regularizers.py, keras/src/constraints/constraints.py; layer.py divides an activity's penalty by the batch.
 */
import type { Constraint, Layer, Program, Regularizer } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import type { Value } from '../types.ts';

/** keras.config.epsilon() */
const EPSILON = 1e-7;

/** Over axes, or of a matrix; null where the factors are 0. */
function penalty(g: Builder, regularizer: Regularizer, x: Value, axes: readonly number[]): Value | null {
  if ('orthogonal' in regularizer) return regularizer.orthogonal === 0 ? null : angles(g, regularizer, x);
  const { l1, l2 } = regularizer;
  const parts = [...(l1 === 0 ? [] : [g.mul(g.unary('abs', x), g.scalar(l1))]), ...(l2 === 0 ? [] : [g.mul(g.unary('square', x), g.scalar(l2))])];
  return parts.length === 0 ? null : g.reduce('sum', parts.reduce((a, b) => g.add(a, b)), axes);
}

/** Of unit rows (columns) the products with each other, without those with themselves: their magnitudes, averaged over the pairs. */
function angles(g: Builder, { orthogonal: factor, mode }: Extract<Regularizer, { readonly orthogonal: number }>, w: Value): Value {
  const rows = mode === 'rows';
  const size = w.shape[rows ? 0 : 1];
  const unit = g.mul(w, g.unary('rsqrt', g.maximum(g.reduce('sum', g.unary('square', w), [rows ? 1 : 0], true), g.scalar(1e-24))));
  const products = g.unary('abs', g.matmul(unit, unit, rows ? { transposeB: true } : { transposeA: true }));
  const others = g.sub(g.reduce('sum', products, [0, 1]), g.reduce('sum', g.unary('square', unit), [0, 1]));
  // Keras divides by 0 where there is no pair.
  return g.mul(others, g.scalar(size === 1 ? 0 : factor / (size * (size - 1))));
}

/** float32 [N]: the penalty on what a layer gives, of each sample; null where it has none. */
export function activityPenalty(g: Builder, layer: Layer, y: Value): Value | null {
  const regularizer = 'activity_regularizer' in layer.args ? layer.args.activity_regularizer : null;
  return regularizer && g.scoped(layer.name, () => penalty(g, regularizer, y, y.shape.slice(1).map((_, i) => i + 1)));
}

/** float32 []: the penalties of all weights; null where there are none. */
export function weightPenalties(g: Builder, program: Program, variable: (name: string) => Value): Value | null {
  const all = program.layers
    .flatMap((layer) => layer.variables)
    .flatMap(({ name, shape, regularizer }) => (regularizer ? (penalty(g, regularizer, variable(name), shape.map((_, i) => i)) ?? []) : []));
  return all.length === 0 ? null : g.scoped('penalty', () => all.reduce((a, b) => g.add(a, b)));
}

/** The weight brought back to its bound. */
export function constrained(g: Builder, constraint: Constraint, w: Value): Value {
  if (constraint.kind === 'non_neg') return g.maximum(w, g.scalar(0));
  const rank = w.shape.length;
  const axes = [...new Set(constraint.axis.map((axis) => (axis < 0 ? axis + rank : axis)))].sort((a, b) => a - b);
  const norms = g.unary('sqrt', g.reduce('sum', g.unary('square', w), axes, true));
  const divisor = g.add(norms, g.scalar(EPSILON));
  switch (constraint.kind) {
    case 'unit_norm':
      return g.div(w, divisor);
    case 'max_norm':
      return g.mul(w, g.div(g.minimum(norms, g.scalar(constraint.max_value)), divisor));
    case 'min_max_norm': {
      const { min_value, max_value, rate } = constraint;
      const within = g.minimum(g.maximum(norms, g.scalar(min_value)), g.scalar(max_value));
      const desired = g.add(g.mul(within, g.scalar(rate)), g.mul(norms, g.scalar(1 - rate)));
      return g.mul(w, g.div(desired, divisor));
    }
  }
}
