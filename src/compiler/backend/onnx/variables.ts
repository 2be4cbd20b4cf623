/**
 * In which layout each variable is kept between the calls: conv kernels as the convolutions want them, the dense kernel after
 * a flattened image with its rows in the image's order in memory, slots as their weights. Everything else as it is.
 */
import { reachable, resultsOf } from '../../graph/rewrite/reachable.ts';
import type { Attrs, GraphFunction, Operation, TrainingGraph, Value } from '../../graph/types.ts';
import { flatLayout, KERNEL, PLAIN } from './layout.ts';
import type { Layout } from './layout.ts';

export type Layouts = ReadonlyMap<string, Layout>;

const nameOf = (value: Value): string | null => (value.node.op === 'variable' ? (value.node as Operation<'variable'>).attrs.name : null);

export function variableLayouts(graph: Pick<TrainingGraph, 'variables' | 'train' | 'evaluate' | 'predict'>): Layouts {
  const found = new Map<string, Layout>();
  for (const fn of [graph.train, graph.evaluate, graph.predict]) collect(fn, found);
  return new Map(graph.variables.map(({ name, role, type }) => {
    const weight = role === 'slot' ? graph.variables.find((other) => other.role === 'weight' && name.endsWith(`/${other.name}`) && other.type.shape.join() === type.shape.join()) : undefined;
    return [name, found.get(weight?.name ?? name) ?? PLAIN] as const;
  }));
}

function collect(fn: GraphFunction, found: Map<string, Layout>): void {
  for (const { op, inputs, attrs } of reachable(resultsOf(fn))) {
    if (op === 'conv2d' || op === 'conv2dInputGrad' || op === 'conv2dTranspose') {
      const name = nameOf(inputs[1]);
      if (name !== null && !found.has(name)) found.set(name, KERNEL);
    }
    if (op === 'matmul' && !(attrs as Attrs<'matmul'>).transposeA && !(attrs as Attrs<'matmul'>).transposeB) {
      const name = nameOf(inputs[1]);
      const image = name === null ? null : flattened(inputs[0]);
      if (name !== null && image && !found.has(name)) found.set(name, flatLayout(0, image));
    }
  }
}

/** The image [H,W,C] that a matrix [N, H·W·C] was, where only elementwise operations stand between. */
function flattened(value: Value): readonly [number, number, number] | null {
  const { op, inputs } = value.node;
  if (op === 'reshape') {
    const [, height, width, channels] = inputs[0].shape;
    return inputs[0].shape.length === 4 && value.shape.length === 2 && value.shape[1] === height * width * channels ? [height, width, channels] : null;
  }
  const elementwise = new Set<string>(['unary', 'leakyRelu', 'binary', 'biasAdd', 'applyMask', 'stopGradient']);
  return elementwise.has(op) && inputs[0].shape.join() === value.shape.join() ? flattened(inputs[0]) : null;
}
