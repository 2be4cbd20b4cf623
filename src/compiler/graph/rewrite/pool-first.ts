/**
 * Max-pool before bias and activation: maxPool(f(x)) = f(maxPool(x)) for a monotone f, and the same with a bias per channel.
 * There is less to add and to activate, and no BiasAddGrad beside the filter gradient. Outputs and gradients are the same
 * except where rounding makes equal what was not.
 *
 * Gradients must be taken of the rewritten value, so call this while lowering, before autodiff:
 * `poolFirst(g, g.maxPool(x, attrs))`.
 */
import type { Builder } from '../build.ts';
import type { Attrs, OpName, Operation, UnaryFunction, Value, WindowAttrs } from '../types.ts';

const MONOTONE: ReadonlySet<UnaryFunction> = new Set<UnaryFunction>(['relu', 'relu6', 'sigmoid', 'tanh', 'softplus', 'softsign', 'elu', 'selu']);

/** The attributes, where the node is such an operation. */
const attrsIf = <K extends OpName>(node: Operation, op: K): Attrs<K> | null => (node.op === op ? (node.attrs as Attrs<K>) : null);

/** An equal value with the max-pool as near to its source as it may stand; the value itself where it is no max-pool or nothing can be moved. */
export function poolFirst(g: Builder, pooled: Value): Value {
  const attrs = attrsIf(pooled.node, 'maxPool');
  return attrs ? poolOf(g, pooled.node.inputs[0], attrs, pooled.node.label) : pooled;
}

function poolOf(g: Builder, x: Value, attrs: WindowAttrs, label: string): Value {
  const { node } = x;
  const below = (): Value => poolOf(g, node.inputs[0], attrs, label);
  if (node.op === 'biasAdd') return g.biasAdd(below(), node.inputs[1], node.label);
  const unary = attrsIf(node, 'unary');
  if (unary && MONOTONE.has(unary.fn)) return g.unary(unary.fn, below(), node.label);
  const leaky = attrsIf(node, 'leakyRelu');
  if (leaky && leaky.slope >= 0) return g.leakyRelu(below(), leaky.slope, node.label);
  return g.maxPool(x, attrs, label);
}
