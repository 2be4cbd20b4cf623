/**
 * oneDNN's layout pass merges a BiasAddGrad and a Conv2DBackpropFilter of the same gradient into one kernel that is slower
 * than the two (tensorflow/core/common_runtime/mkl_layout_pass.cc). It leaves nodes alone whose control inputs differ, so the
 * filter's gradient waits for the bias's, which is short.
 */
import type { NodeDef } from './messages.ts';

export function keepApart(nodes: readonly NodeDef[]): NodeDef[] {
  const biases = new Map(nodes.filter((n) => n.op === 'BiasAddGrad').map((n) => [n.input[0], n.name]));
  return nodes.map((node) => {
    const bias = node.op === 'Conv2DBackpropFilter' ? biases.get(node.input[2]) : undefined;
    return bias ? { ...node, input: [...node.input, `^${bias}`] } : node;
  });
}
