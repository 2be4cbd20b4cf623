/** Checks a graph after it is built or rewritten: types re-derived, every reference resolved. Throws an internal error: a bug of the compiler. */
import { fail, sameShape, showType } from './ops/definition.ts';
import { operations } from './ops/table.ts';
import { reachable, resultsOf } from './rewrite/reachable.ts';
import type { Attrs, GraphFunction, GraphVariable, Operation, OpName, TensorType, TrainingGraph, Value } from './types.ts';

export function verifyGraph(graph: TrainingGraph): void {
  const variables = new Map(graph.variables.map((variable) => [variable.name, variable]));
  if (variables.size !== graph.variables.length) fail('two variables have one name');
  for (const fn of [graph.train, graph.evaluate, graph.predict]) verifyFunction(fn, variables);
}

export function verifyFunction(fn: GraphFunction, variables: ReadonlyMap<string, GraphVariable>): void {
  const results = resultsOf(fn);
  const inputs = new Set(fn.inputs);
  const names = fn.inputs.map((value) => (value.node.op === 'input' ? (value.node.attrs as Attrs<'input'>).name : fail(`an input of ${fn.name} is a ${value.node.op}`)));
  if (new Set(names).size !== names.length) fail(`two inputs of ${fn.name} have one name: ${names}`);
  for (const node of verifyValues(results)) {
    if (node.op === 'input' && !inputs.has(node.outputs[0])) fail(`${fn.name} reads the input ${node.label}, which it does not list`);
    if (node.op === 'variable') declared(fn, variables, (node.attrs as Attrs<'variable'>).name, node.outputs[0]);
  }
  fn.updates.forEach(({ variable, value }, i) => {
    declared(fn, variables, variable, value);
    if (fn.updates.findIndex((other) => other.variable === variable) !== i) fail(`${fn.name} updates ${variable} twice`);
  });
}

function declared(fn: GraphFunction, variables: ReadonlyMap<string, GraphVariable>, name: string, value: TensorType): void {
  const variable = variables.get(name);
  if (!variable) return fail(`${fn.name} uses the variable ${name}, which is not declared`);
  if (!sameType(variable.type, value)) fail(`${fn.name} has ${showType(value)} for the variable ${name}, ${showType(variable.type)}`);
}

/** Checks everything the values depend on; gives it in topological order. */
export function verifyValues(values: readonly Value[]): Operation[] {
  values.forEach(checkReference);
  const nodes = reachable(values);
  const ids = new Set<number>();
  for (const node of nodes) {
    if (ids.has(node.id)) fail(`two operations have the number ${node.id}: values of two graphs are mixed`);
    ids.add(node.id);
    for (const value of node.inputs) {
      checkReference(value);
      if (value.node.id >= node.id) fail(`${node.label} comes before its input ${value.node.label}`);
    }
    const types = infer(node);
    if (types.length !== node.outputs.length || types.some((type, i) => !sameType(type, node.outputs[i]))) fail(`${node.op} ${node.label} is (${node.outputs.map(showType)}), not (${types.map(showType)})`);
  }
  return nodes;
}

function checkReference(value: Value): void {
  if (value.node.outputs[value.index] !== value) fail(`a value is not output ${value.index} of ${value.node.label}`);
}

const infer = <K extends OpName>(node: Operation<K>): readonly TensorType[] => operations[node.op].infer(node.inputs, node.attrs);
const sameType = (a: TensorType, b: TensorType): boolean => a.dtype === b.dtype && sameShape(a.shape, b.shape);
