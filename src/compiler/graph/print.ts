/** A graph as text, for tests and for looking at: `%4 float32[N,26,26,32] = conv2d(%0, %1) {padding: same, …}  # conv_1`. */
import { showType } from './ops/definition.ts';
import { reachable } from './rewrite/reachable.ts';
import type { GraphFunction, Operation, Value } from './types.ts';

/** Everything the values depend on. Numbers run from 0, whatever else was built. */
export function printValues(values: Readonly<Record<string, Value>>): string {
  const nodes = reachable(Object.values(values));
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  const reference = (value: Value): string => `%${numbers.get(value.node)}${value.node.outputs.length > 1 ? `.${value.index}` : ''}`;
  const lines = nodes.map((node) => {
    const types = node.outputs.map(showType).join(', ');
    const attrs = Object.entries(attrsOf(node)).map(([name, value]) => `${name}: ${show(value)}`).join(', ');
    return `%${numbers.get(node)} ${types} = ${node.op}(${node.inputs.map(reference).join(', ')})${attrs && ` {${attrs}}`}  # ${node.label}`;
  });
  return [...lines, ...Object.entries(values).map(([name, value]) => `${name} = ${reference(value)}`)].join('\n') + '\n';
}

export function printFunction(fn: GraphFunction): string {
  const updates = Object.fromEntries(fn.updates.map(({ variable, value }) => [`${variable}'`, value]));
  return `${fn.name}(${fn.inputs.map((value) => `${value.node.label}: ${showType(value)}`).join(', ')})\n${printValues({ ...fn.outputs, ...updates })}`;
}

/** The type of sources is already printed. */
const attrsOf = (node: Operation): object => Object.fromEntries(Object.entries(node.attrs).filter(([name]) => name !== 'type'));

function show(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.length > 8 ? `[${value.slice(0, 8).join(', ')}, … ${value.length}]` : `[${value.join(', ')}]`;
}
