/**
 * What TensorFlow holds of a training graph: whatever is ready runs, first come, first served; elementwise kernels write over an
 * input that nobody else reads (forward_input_or_allocate_output); fused optimizer steps change variables in place.
 */
import { reachable, resultsOf } from '../graph/rewrite/reachable.ts';
import { BATCH, byteWidth } from '../graph/types.ts';
import type { Attrs, GraphFunction, Operation, OpName, TensorType, Value } from '../graph/types.ts';
import { tensorflowCosts as costs } from './constants.ts';
import type { EngineMemory } from './estimate.ts';
import { exact, peakOf } from './live.ts';
import type { Step } from './live.ts';

/** Of both functions that a run calls, the one that takes more. */
export const tensorflow: EngineMemory = {
  engine: 'tensorflow',
  of: (graph, { state, message, operations }) => (batch) => ({
    base: costs.base + costs.operation * operations,
    weights: costs.state * state + costs.message * message,
    tensors: costs.tensors * Math.max(tensorflowPeak(graph.train, batch), tensorflowPeak(graph.evaluate, batch)),
  }),
};

const bytesOf = ({ dtype, shape }: TensorType, batch: number): number => shape.reduce((product, d) => product * (d === BATCH ? batch : d), byteWidth[dtype]);

/** The fullest moment of a call with `batch` samples. Variables are not in it. */
export function tensorflowPeak(fn: GraphFunction, batch: number): number {
  const steps = asReady(reachable(resultsOf(fn))).map((op) => stepOf(op, batch));
  return peakOf(steps, [...Object.values(fn.outputs), ...fn.inputs], exact());
}

function stepOf(op: Operation, batch: number): Step<Value> {
  const stays = op.op === 'variable' || op.op === 'constant' || fused.has(op.op);
  return {
    reads: op.inputs,
    makes: op.outputs.map((key) => ({ key, bytes: stays ? 0 : bytesOf(key, batch) })),
    scratch: scratchOf(op, batch),
    isView: op.op === 'reshape' || op.op === 'stopGradient',
    mayOverwrite: overwriting.has(op.op),
  };
}

const fused: ReadonlySet<OpName> = new Set<OpName>(['adamUpdate', 'sgdUpdate', 'momentumUpdate']);
const overwriting: ReadonlySet<OpName> = new Set<OpName>(['unary', 'unaryGrad', 'leakyRelu', 'leakyReluGrad', 'binary', 'biasAdd', 'softmax', 'logSoftmax', 'applyMask']);

/** What an operation is written as makes something between, or its kernel works in a space of its own. */
function scratchOf({ op, attrs, inputs, outputs }: Operation, batch: number): number {
  const size = (value: Value): number => bytesOf(value, batch);
  switch (op) {
    // oneDNN keeps where the maxima stand, and the gradient finds them again.
    case 'maxPoolGrad':
      return size(inputs[1]);
    case 'dropoutMask':
      return (size(outputs[0]) * (attrs as Attrs<'dropoutMask'>).bits) / 8;
    case 'applyMask':
      return size(inputs[0]);
    default:
      return 0;
  }
}

function asReady(all: readonly Operation[]): readonly Operation[] {
  const users = new Map<Operation, Operation[]>();
  const missing = new Map<Operation, number>();
  for (const op of all) {
    const sources = new Set(op.inputs.map((value) => value.node));
    missing.set(op, sources.size);
    for (const source of sources) {
      const list = users.get(source);
      if (list) list.push(op);
      else users.set(source, [op]);
    }
  }
  const queue = all.filter((op) => missing.get(op) === 0);
  for (const op of queue) {
    for (const user of users.get(op) ?? []) {
      const left = missing.get(user)! - 1;
      missing.set(user, left);
      if (left === 0) queue.push(user);
    }
  }
  return queue;
}
