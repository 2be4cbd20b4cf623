/**
 * The float64 interpreter as an engine, and the same with every result moved by as much as float32 may be off. What rounding alone changes is how
 * far two float32 engines may be apart: it tells a wrong operation from a badly conditioned network (a bias before batch
 * normalisation has no gradient but noise; a maximum over equal values may be anywhere).
 */
import type { NDArray } from '../../src/compiler/graph/ndarray.ts';
import { ndarray } from '../../src/compiler/graph/ndarray.ts';
import { draws, Purpose, type Draws } from '../../src/compiler/graph/philox.ts';
import { operations } from '../../src/compiler/graph/ops/table.ts';
import { reachable } from '../../src/compiler/graph/rewrite/reachable.ts';
import type { Attrs, Operation, OpName, TrainingGraph, Value } from '../../src/compiler/graph/types.ts';
import type { Tensor, Tensors } from '../../src/runtime/engine/engine.ts';
import type { Runner } from './trace.ts';

/** An operation whose results are a little too large, to see that this is noticed. */
export interface Fault {
  readonly op: OpName;
  /** Relative. */
  readonly by: number;
}

/** @param rounding seed of the errors of float32; null: none, all results are float64 */
export function reference(rounding: number | null = null, fault: Fault | null = null): Runner {
  const random = rounding === null ? null : draws(rounding, Purpose.synthetic, 3);
  let graph: TrainingGraph | null = null;
  const variables = new Map<string, NDArray>();
  return {
    load: async (loaded) => void (graph = loaded),
    restore: async (values) => Object.entries(values).forEach(([name, tensor]) => variables.set(name, toNDArray(tensor))),
    state: async (names) => Object.fromEntries([...variables].filter(([name]) => names.includes(name))),
    async run(name, feeds) {
      // Engines that compute beside it are answered in between.
      await new Promise(setImmediate);
      const fn = graph![name];
      const outputs = Object.keys(fn.outputs);
      const values = evaluate([...Object.values(fn.outputs), ...fn.updates.map((update) => update.value)], feeds, variables, random, fault);
      fn.updates.forEach((update, i) => variables.set(update.variable, values[outputs.length + i]));
      return Object.fromEntries(outputs.map((output, i) => [output, values[i]]));
    },
  };
}

/** As `interpret`, with errors where there is a source of them. */
export function evaluate(outputs: readonly Value[], feeds: Tensors, variables: ReadonlyMap<string, NDArray>, random: Draws | null = null, fault: Fault | null = null): NDArray[] {
  const results = new Map<Operation, readonly NDArray[]>();
  for (const node of reachable(outputs)) {
    const inputs = node.inputs.map((value) => results.get(value.node)![value.index]);
    const right = sourceOf(node, feeds, variables) ?? apply(node, inputs);
    const made = fault?.op === node.op ? right.map((value) => ({ ...value, data: value.data.map((x) => x * (1 + fault.by)) })) : right;
    const shifted = random ? withCancellation(node, inputs, made, random) : made;
    results.set(node, random && !isExact(node) ? shifted.map((value) => inexact(node, inputs, value, random)) : made);
  }
  return outputs.map((value) => results.get(value.node)![value.index]);
}

const apply = <K extends OpName>(node: Operation<K>, inputs: readonly NDArray[]): readonly NDArray[] => operations[node.op].evaluate(inputs, node.attrs);
/** Operations that move or choose numbers: what was equal before is equal after. */
const choosing: ReadonlySet<OpName> = new Set<OpName>([
  'input', 'variable', 'constant', 'leakyRelu', 'compare', 'select', 'cast', 'stopGradient', 'reshape', 'transpose', 'broadcastLike', 'oneHot', 'maxPool', 'dropoutMask',
]);
const choosingFunctions: ReadonlySet<string> = new Set(['neg', 'abs', 'sign', 'floor', 'relu', 'relu6', 'maximum', 'minimum', 'max']);

const isExact = ({ op, attrs }: Operation): boolean => choosing.has(op) || ('fn' in attrs && choosingFunctions.has(attrs.fn));

/** Each number a float32 beside the right one: an operation of an engine rounds more than once. A sigmoid is as exact at 0 as at 1 (ONNX Runtime's). */
function inexact({ op, attrs }: Operation, inputs: readonly NDArray[], value: NDArray, random: Draws): NDArray {
  if (value.dtype !== 'float32') return value;
  const floor = op === 'unary' && 'fn' in attrs && attrs.fn === 'sigmoid' ? 0.1 : 0;
  const length = op === 'reduce' || op === 'biasAddGrad' ? roundingOf(inputs[0].data.length / Math.max(1, value.data.length)) : 1;
  return { ...value, data: value.data.map((x) => Math.fround(x + Math.max(Math.abs(x), floor) * (random.uniform() - 0.5) * 2 ** -22 * length)) };
}

/** How much more than one rounding a sum of so many numbers is off by: of equal ones all roundings go to the same side; engines add in at least sixteen rows. */
const roundingOf = (count: number): number => Math.max(1, count / 16);

/** Operations that add large numbers to a small one: what they are off by goes with the large ones. */
function withCancellation(node: Operation, inputs: readonly NDArray[], made: readonly NDArray[], random: Draws): readonly NDArray[] {
  if (node.op === 'batchNormTrain') return [shift(made, inputs[1], node.attrs as Attrs<'batchNormTrain'>, random), ...made.slice(1)];
  if (node.op === 'batchNormTrainGrad') return cancel(made, inputs, node.attrs as Attrs<'batchNormTrainGrad'>, random);
  return made;
}

/** The gradient of batch normalisation: dy less its mean and its part along x, which may be nearly all of it (behind another normalisation it is). */
function cancel([dx, dgamma, dbeta]: readonly NDArray[], [dy, x, gamma, mean, variance]: readonly NDArray[], { epsilon }: Attrs<'batchNormTrainGrad'>, random: Draws): readonly NDArray[] {
  const channels = gamma.data.length;
  const inverse = variance.data.map((v) => 1 / Math.sqrt(v + epsilon));
  const error = (size: number): number => size * (random.uniform() - 0.5) * 2 ** -22;
  const count = dy.data.length / channels;
  const length = roundingOf(count);
  const hat = x.data.map((v, i) => (v - mean.data[i % channels]) * inverse[i % channels]);
  const sum = (term: (i: number) => number): number[] => {
    const sums = new Array<number>(channels).fill(0);
    dy.data.forEach((_, i) => (sums[i % channels] += Math.abs(term(i))));
    return sums.map((all) => length * error(all));
  };
  // Sums are off by a share of what is added, and with them all of a channel.
  const [along, whole] = [sum((i) => dy.data[i] * hat[i]), sum((i) => dy.data[i])];
  const off = (i: number, c: number): number => error(dy.data[i]) + whole[c] / count + (hat[i] * along[c]) / count;
  return [
    { ...dx, data: dx.data.map((value, i) => value + gamma.data[i % channels] * inverse[i % channels] * off(i, i % channels)) },
    { ...dgamma, data: dgamma.data.map((value, c) => value + along[c]) },
    { ...dbeta, data: dbeta.data.map((value, c) => value + whole[c]) },
  ];
}

/** Batch normalisation with a mean that is a little off: all of a channel moves together, by much where the mean is large beside the deviation. */
function shift([y, mean, variance]: readonly NDArray[], gamma: NDArray, { epsilon }: Attrs<'batchNormTrain'>, random: Draws): NDArray {
  const length = roundingOf(y.data.length / mean.data.length);
  const by = mean.data.map((m, c) => (length * gamma.data[c] * m * (random.uniform() - 0.5) * 2 ** -22) / Math.sqrt(variance.data[c] + epsilon));
  return { ...y, data: y.data.map((value, i) => value + by[i % by.length]) };
}

function sourceOf(node: Operation, feeds: Tensors, variables: ReadonlyMap<string, NDArray>): NDArray[] | null {
  if (node.op !== 'input' && node.op !== 'variable') return null;
  const { name } = node.attrs as Attrs<'input' | 'variable'>;
  const value = node.op === 'input' ? feeds[name] && toNDArray(feeds[name]) : variables.get(name);
  if (!value) throw new Error(`${node.op} ${name} has no value`);
  return [value];
}

const toNDArray = ({ shape, data, dtype }: Tensor): NDArray => ndarray(shape, data, dtype);
