/**
 * Random programs with data, weights and what the interpreter and the engines make of them, for scripts/goldens/fuzz.py, which
 * builds each network in Keras and compares: npx tsx scripts/fuzz-programs.ts OUT.json [COUNT] [SEED]
 */
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { ndarray } from '../src/compiler/graph/ndarray.ts';
import { reachable } from '../src/compiler/graph/rewrite/reachable.ts';
import type { GraphFunction } from '../src/compiler/graph/types.ts';
import { numbersOf } from '../src/compiler/graph/metrics/finish.ts';
import { headActivation } from '../src/compiler/graph/lower/network.ts';
import { activationOf, givesScores } from '../src/compiler/model/loss.ts';
import { weighsSamples, type Program } from '../src/compiler/model/program.ts';
import { lastLayer } from '../src/compiler/model/tree.ts';
import type { Tensors } from '../src/runtime/engine/engine.ts';
import { dataOf, type FuzzData } from '../test/fuzz/data.ts';
import { fuzzCase, type FuzzCase } from '../test/fuzz/generate.ts';
import { evaluate, reference } from '../test/fuzz/reference.ts';
import { traceOf, type Numbers, type Runner } from '../test/fuzz/trace.ts';
import { openEngines } from '../test/support/engines.ts';

/** An epoch of three batches, and the first step of the next. */
const STEPS = 4;

const [out, count = '100', seed = '1'] = process.argv.slice(2);
if (!out) throw new Error('usage: tsx scripts/fuzz-programs.ts OUT.json [COUNT] [SEED]');

/** Noise is drawn by Keras in another way. */
const isComparable = ({ program }: FuzzCase): boolean => program.layers.every(({ word }) => word !== 'gaussian_noise' && word !== 'gaussian_dropout');

const cases = fc.sample(fuzzCase({ warps: false }).filter(isComparable), { numRuns: Number(count), seed: Number(seed) });
const engines = await openEngines();
const programs: unknown[] = [];
for (const one of cases) {
  const data = dataOf(one);
  const results: Record<string, unknown> = { interpreter: await resultsOf(reference(), one, data), inexact: await resultsOf(reference(1), one, data) };
  for (const engine of engines) results[engine.info.kind] = await resultsOf(engine, one, data);
  programs.push({
    text: one.text,
    program: one.program,
    x: plain(data.x),
    y: plain(data.y),
    weights: weighsSamples(one.program) ? plain(data.weights) : null,
    batches: data.batches,
    rates: Array.from({ length: STEPS }, (_, i) => data.feeds(i + 1, data.graph.train).lr.data[0]),
    // What predictions are taken through where the network ends without it.
    activation: headOf(one.program) === null && givesScores(one.program.compile.loss) ? activationOf[one.program.labels.kind] : null,
    start: record(data.start),
    masks: Array.from({ length: STEPS }, (_, i) => masksOf(data.graph.train, data.feeds(i + 1, data.graph.train), data.start)),
    results,
  });
}
writeFileSync(out, JSON.stringify(programs));
await Promise.all(engines.map((engine) => engine.close()));

async function resultsOf(runner: Runner, one: (typeof cases)[number], data: FuzzData): Promise<unknown> {
  const { gradients, before, after, sums, first, last } = await traceOf(runner, one, data, STEPS);
  return { gradients: record(gradients), before: plain(before), after: plain(after), sums: sums.map((list, i) => meansOf(one, list, data.batches[i % data.batches.length])), first: record(first), last: record(last) };
}

/** The loss and each metric of a step, as sums over its samples: some metrics take several of the graph's. */
function meansOf({ program }: FuzzCase, sums: ArrayLike<number>, [from, to]: readonly [number, number]): readonly number[] {
  const numbers = numbersOf(program, sums, to - from);
  return [numbers.loss, ...program.compile.metrics.map(({ name }) => numbers[name])].map((number) => number * (to - from));
}

/** The softmax or sigmoid that the network ends with. */
function headOf(program: Program): string | null {
  const last = lastLayer(program);
  return last && headActivation(last);
}

/** What each dropout layer keeps in a step, by the layer's name. */
function masksOf(fn: GraphFunction, feeds: Tensors, variables: Tensors): Record<string, unknown> {
  const nodes = reachable(Object.values(fn.outputs)).filter((node) => node.op === 'dropoutMask');
  const values = evaluate(nodes.map((node) => node.outputs[0]), feeds, new Map(Object.entries(variables).map(([name, { shape, data, dtype }]) => [name, ndarray(shape, data, dtype)])));
  return Object.fromEntries(nodes.map((node, i) => [node.label.split('/')[0], { shape: values[i].shape, data: Array.from(values[i].data) }]));
}

function plain({ shape, data }: Numbers): unknown {
  return { shape, data: Array.from(data) };
}

function record(tensors: Readonly<Record<string, Numbers>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, plain(tensor)]));
}
