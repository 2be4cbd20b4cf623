/**
 * Reverse-mode differentiation: walks from the loss back to what is asked for, one rule per operation (ops/).
 * Only operations that lead from `wrt` to the loss are differentiated, so no gradient is made for images.
 */
import type { Builder } from './build.ts';
import type { GradientContext, GradientRule } from './ops/definition.ts';
import { fail, sameShape, showType } from './ops/definition.ts';
import { operations } from './ops/table.ts';
import { isFloat } from './types.ts';
import type { Operation, OpName, Value } from './types.ts';

/** Gradients of a float32 scalar by each of `wrt`, of their types. Zero for what the loss does not depend on. */
export function gradients(g: Builder, loss: Value, wrt: readonly Value[]): Value[] {
  if (loss.dtype !== 'float32' || loss.shape.length !== 0) fail(`the loss is ${showType(loss)}, not a float32 scalar`);
  const leading = leadingFrom(g.nodes.slice(0, loss.node.id + 1), wrt);
  const sums = new Map<Value, Value>();
  const give = (value: Value, gradient: Value): void => {
    if (gradient.dtype !== value.dtype || !sameShape(gradient.shape, value.shape)) fail(`the gradient of ${value.node.label} is ${showType(gradient)}, not ${showType(value)}`);
    const sum = sums.get(value);
    sums.set(value, sum ? g.add(sum, gradient) : gradient);
  };

  give(loss, g.scalar(1));
  for (let id = loss.node.id; id >= 0; id--) {
    const node = g.nodes[id];
    const dys = node.outputs.map((output) => sums.get(output) ?? null);
    const needs = node.inputs.map((value) => leading.has(value));
    if (dys.every((dy) => dy === null) || !needs.includes(true)) continue;
    const byInput = g.scoped(`gradient/${node.label}`, () => differentiate(g, node, dys, needs));
    byInput.forEach((gradient, i) => {
      if (gradient && needs[i]) give(node.inputs[i], gradient);
    });
  }
  return wrt.map((value) => sums.get(value) ?? g.broadcastLike(g.scalar(0), value));
}

/** The values among `nodes` whose gradient flows on to one of `wrt`. */
function leadingFrom(nodes: readonly Operation[], wrt: readonly Value[]): Set<Value> {
  const leading = new Set(wrt);
  for (const node of nodes) {
    if (operations[node.op].gradient === 'zero' || !node.inputs.some((value) => leading.has(value))) continue;
    for (const output of node.outputs) if (isFloat(output.dtype)) leading.add(output);
  }
  return leading;
}

function differentiate<K extends OpName>(g: Builder, node: Operation<K>, dys: readonly (Value | null)[], needs: readonly boolean[]): readonly (Value | null)[] {
  const rule: GradientRule<K> | 'zero' | 'none' = operations[node.op].gradient;
  if (rule === 'zero') return [];
  if (rule === 'none') return fail(`${node.op} (${node.label}) is not differentiable`);
  const context: GradientContext<K> = {
    g, node, dys, needs, inputs: node.inputs, outputs: node.outputs, attrs: node.attrs,
    get dy() {
      return dys[0] ?? fail(`the loss does not depend on the first output of ${node.label}`);
    },
  };
  return rule(context);
}
