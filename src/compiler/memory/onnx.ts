/**
 * What onnxruntime holds of a training graph: its model's own nodes, with the copies, gathered rows and products that this backend
 * writes them with, depth first from the last result back (GraphViewer's order).
 */
import { onnxModel } from '../backend/onnx/model.ts';
import type { NodeProto } from '../backend/onnx/messages.ts';
import { bytesOf, sizesOf } from '../backend/onnx/sizes.ts';
import type { Sized } from '../backend/onnx/sizes.ts';
import { variableLayouts } from '../backend/onnx/variables.ts';
import type { Layouts } from '../backend/onnx/variables.ts';
import type { GraphFunction } from '../graph/types.ts';
import { arena } from './arena.ts';
import { onnxBlock, onnxCosts as costs } from './constants.ts';
import type { EngineMemory } from './estimate.ts';
import { peakOf } from './live.ts';
import type { Step } from './live.ts';

/** A session for each function, each with an arena of its own. */
export const onnx: EngineMemory = {
  engine: 'onnx',
  of(graph, { state, message }) {
    const layouts = variableLayouts(graph);
    const functions = [graph.train, graph.evaluate, graph.predict].map((fn) => onnxPeaks(fn, layouts, onnxBlock));
    const nodes = functions.reduce((sum, fn) => sum + fn.nodes, 0);
    return (batch) => ({
      base: costs.base + costs.node * nodes,
      weights: costs.state * state + costs.message * message,
      tensors: functions.map(({ peak }) => peak(batch)).reduce((sum, { arena, host }) => sum + costs.tensors * arena + host, 0),
    });
  },
};

export interface OnnxPeak {
  /** Bytes of the arena that were ever used. */
  readonly arena: number;
  /** Bytes of what the engine computes beside the runtime: masks, warped pictures. They keep their space. */
  readonly host: number;
}

/** The fullest moment of a call, by its samples. Variables, old and new, are not in it. `nodes`: how many the runtime prepares. */
export function onnxPeaks(fn: GraphFunction, layouts: Layouts, block: number | null): { readonly nodes: number; readonly peak: (batch: number) => OnnxPeak } {
  const { model, host } = onnxModel(fn, layouts, { block });
  const order = depthFirst(model.graph.node);
  return {
    nodes: order.length,
    peak(batch) {
      const sizes = sizesOf(model, batch);
      return {
        arena: peakOf(planned(order, sizes), [], arena()),
        host: host.reduce((sum, { name }) => sum + bytesOf(sizes.get(name)!), 0),
      };
    },
  };
}

interface Buffer {
  readonly bytes: number;
  /** Type and shape: only what is of the same may follow in it. */
  readonly kind: string;
  uses: number;
}

/**
 * Buffers as onnxruntime plans them (allocation_planner.cc): a value takes its input's place where the kernel may, else that of
 * another value of its shape which is not needed any more; and a buffer that is used again stays in between.
 */
function planned(nodes: readonly NodeProto[], sizes: ReadonlyMap<string, Sized>): readonly Step<Buffer>[] {
  const uses = new Map<string, number>();
  for (const { input } of nodes) for (const name of new Set(input)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const buffers = new Map<string, Buffer>();
  const idle: Buffer[] = [];
  return nodes.map(({ opType, input, output }): Step<Buffer> => {
    const read = [...new Set(input)].flatMap((name) => buffers.get(name) ?? []);
    const fresh: Buffer[] = [];
    const written = output.flatMap((name, i): readonly Buffer[] => {
      const sized = sizes.get(name);
      // What is fetched has a place of its own; so have, with the caller, the new values of variables.
      if (!sized || name.startsWith('next/') || name.startsWith('output/')) return [];
      const [bytes, kind] = [bytesOf(sized), `${sized.type} ${sized.shape.join()}`];
      const over = i > 0 ? undefined : views.has(opType) ? read[0] : overwriting.has(opType) ? read.find((buffer) => buffer.uses === 1 && buffer.bytes === bytes) : undefined;
      const found = over ? -1 : idle.findLastIndex((buffer) => buffer.kind === kind);
      const buffer = over ?? (found >= 0 ? idle.splice(found, 1)[0] : { bytes, kind, uses: 0 });
      if (!over && found < 0) fresh.push(buffer);
      buffer.uses += uses.get(name) ?? 0;
      buffers.set(name, buffer);
      return [buffer];
    });
    for (const buffer of read) buffer.uses--;
    for (const buffer of new Set([...read, ...written])) if (buffer.uses === 0) idle.push(buffer);
    return { reads: [...read, ...written].filter((buffer) => !fresh.includes(buffer)), makes: fresh.map((key) => ({ key, bytes: key.bytes })), scratch: 0, isView: false, mayOverwrite: false };
  });
}

const views: ReadonlySet<string> = new Set(['Identity', 'Reshape']);

/** Kernels that onnxruntime registers as MayInplace. */
const overwriting: ReadonlySet<string> = new Set([
  'Abs', 'Add', 'Clip', 'Div', 'Elu', 'Exp', 'Floor', 'LeakyRelu', 'Log', 'Mul', 'Neg', 'Reciprocal', 'Relu', 'Selu', 'Sigmoid', 'Softplus', 'Softsign', 'Sqrt', 'Sub', 'Tanh',
]);

function depthFirst(nodes: readonly NodeProto[]): readonly NodeProto[] {
  const makers = new Map<string, number>();
  nodes.forEach((node, i) => node.output.forEach((name) => makers.set(name, i)));
  const read = new Set(nodes.flatMap((node) => node.input));
  const order: NodeProto[] = [];
  const entered = nodes.map(() => false);
  const stack: { readonly node: number; readonly waiting: number[] }[] = [];
  const enter = (node: number): void => {
    if (entered[node]) return;
    entered[node] = true;
    stack.push({ node, waiting: nodes[node].input.flatMap((name) => makers.get(name) ?? []).sort((a, b) => a - b) });
  };
  for (let leaf = nodes.length - 1; leaf >= 0; leaf--) {
    if (nodes[leaf].output.some((name) => read.has(name))) continue;
    enter(leaf);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const next = top.waiting.pop();
      if (next !== undefined) enter(next);
      else {
        order.push(nodes[top.node]);
        stack.pop();
      }
    }
  }
  return order;
}
