/**
 * Random programs, cells among them, as generated code: it compiles strictly, predicts, trains and measures as the graph does on
 * the float64 interpreter, allowing what rounding does (test/fuzz). CNNC_FUZZ_RUNS and CNNC_FUZZ_SEED choose other programs.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { draws, keyOf, Purpose } from '../../../src/compiler/graph/philox.ts';
import { asLayer } from '../../../src/compiler/model/program.ts';
import type { Layer } from '../../../src/compiler/model/program.ts';
import type { Tensor } from '../../../src/runtime/engine/engine.ts';
import { dataOf, rowsOf } from '../../fuzz/data.ts';
import type { FuzzData } from '../../fuzz/data.ts';
import { fuzzCase } from '../../fuzz/generate.ts';
import type { FuzzCase } from '../../fuzz/generate.ts';
import { reference } from '../../fuzz/reference.ts';
import { differences, traceOf } from '../../fuzz/trace.ts';
import type { Numbers, Trace } from '../../fuzz/trace.ts';
import type { Module } from './agree.ts';
import { drawnFeeds } from './draws.ts';
import { generate, tfjs, typecheck } from './generated.ts';
import type { Generated } from './generated.ts';
import { isClasses, uniformNumbers } from './reference.ts';

const count = Number(process.env.CNNC_FUZZ_RUNS ?? (process.env.CNNC_SOAK ? 300 : 3));
const seed = Number(process.env.CNNC_FUZZ_SEED ?? 5);
const STEPS = 4;

/** Generated code divides by 1 − rate as it is written, the graph by what its bits make of it. */
function isExact(layer: Layer): boolean {
  if (layer.word !== 'dropout' && layer.word !== 'spatial_dropout') return true;
  const { keep, rate } = (layer.word === 'dropout' ? asLayer(layer, 'dropout') : asLayer(layer, 'spatial_dropout')).args;
  return Math.abs(keep / (1 - rate) - 1) < 1e-7;
}
/** Its draws are not those that generated code is given. */
const hasOwnSeed = ({ args }: Layer): boolean => 'seed' in args && args.seed !== null;
const cases = fc.sample(fuzzCase().filter(({ program }) => program.layers.every((layer) => isExact(layer) && !hasOwnSeed(layer)) && program.compile.precision === 'float32'), { numRuns: count, seed });

let tf: typeof Tfjs;
const made: Generated[] = [];
beforeAll(async () => {
  tf = await tfjs();
});
afterAll(() => Promise.all(made.map((generated) => generated.remove())));

describe('random programs as generated code', () => {
  it.each(cases.map((one, i) => [i + 1, one] as const))('program %i trains as the graph does', async (_, one) => {
    const generated = await generate(one.program, { pretty: false });
    made.push(generated);
    const code = (await generated.load()) as Module;
    const data = asDrawn(code, one, dataOf(one));
    const exact = await traceOf(reference(), one, data, STEPS);
    const rounding = await Promise.all([1, 2, 3].map((errors) => traceOf(reference(errors), one, data, STEPS)));
    const printed = await traceOfCode(code, one, data, exact);
    expect(differences(exact, printed, exact, rounding, one.program), one.text).toEqual([]);
  });

  it('compiles under --strict', async () => expect(await typecheck(made)).toBe(''), 300_000);
});

const numbersFor = (step: number): { readonly number: () => number } => ({ number: draws(seed, Purpose.augment, step).uniform });

/** The same data, changed by what generated code draws. */
function asDrawn(code: Module, { program }: FuzzCase, data: FuzzData): FuzzData {
  const feeds: FuzzData['feeds'] = (step, fn) => {
    const given = data.feeds(step, fn);
    const own = drawnFeeds(program, code, numbersFor(step), given.x.shape[0]);
    return { ...given, ...Object.fromEntries(Object.entries(own).map(([name, { shape, data: values }]) => [name, { dtype: 'float32' as const, shape, data: Float32Array.from(values) }])) };
  };
  return { ...data, feeds };
}

/** What generated code says itself; the gradients, which it does not say, are taken from the graph. */
async function traceOfCode(code: Module, { program, seed: drawn }: FuzzCase, data: FuzzData, exact: Trace): Promise<Trace> {
  const weights = Object.keys(exact.first);
  const model = code.modelWith(new Map(weights.map((name) => [name, tensorOf(data.start[name])])));
  const optimizer = code.newOptimizer(model);
  const statistics = { mean: data.start['preprocess/mean'] && tensorOf(data.start['preprocess/mean']), std: data.start['preprocess/std'] && tensorOf(data.start['preprocess/std']), zca: data.start['preprocess/zca'] && tensorOf(data.start['preprocess/zca']) };
  const predict = (): Numbers => numbersOf(code.predict(model, tensorOf(data.x) as Tfjs.Tensor4D, statistics));
  const state = (): Record<string, Numbers> => Object.fromEntries(weights.map((name) => [name, numbersOf(model.variables.get(name)!)]));
  const before = predict();
  const sums: number[][] = [];
  let first: Trace['first'] = {};
  for (let step = 1; step <= STEPS; step++) {
    const [from, to] = data.batches[(step - 1) % data.batches.length];
    const uniforms = uniformNumbers(program, step, keyOf(drawn, Purpose.dropout));
    const random = { ...numbersFor(step), tensor: (shape: number[]) => tf.tensor(uniforms(shape.reduce((a, b) => a * b, 1)), shape) };
    const fed = data.feeds(step, data.graph.train);
    const labels = labelsOf(rowsOf(data.y, from, to), isClasses(program));
    const batch = {
      images: tensorOf(rowsOf(data.x, from, to)), labels,
      ...(fed.x2 ? { others: { images: tensorOf(fed.x2), labels: labelsOf(fed.y2, isClasses(program)) } } : {}),
      ...(fed.weights ? { weights: tensorOf(fed.weights) } : {}),
    };
    const made = code.trainStep(model, optimizer, batch, { statistics, random });
    const tally = code.newTally() as { readonly sums: readonly (readonly number[])[] };
    await (program.compile.metrics.length > 0 ? code.addBatch(tally, made.loss, labels, made.logits ?? made.outputs) : code.addBatch(tally, made.loss, to - from));
    const [[sum], ...metrics] = tally.sums;
    // Of a loss that is almost 0, nothing but rounding is left: 1 − p of a p that is almost 1.
    const right = exact.sums[step - 1][0];
    sums.push([Math.abs(sum - right) <= 1e-7 * (to - from) ? right : sum, ...metrics.flat()]);
    if (step === 1) first = state();
  }
  const gradients = { ...exact.gradients, loss: { shape: [], data: [sums[0][0] / (data.batches[0][1] - data.batches[0][0])] } };
  return { gradients, before, after: predict(), sums, first, last: state() };
}

const tensorOf = ({ shape, data, dtype }: Tensor): Tfjs.Tensor =>
  dtype === 'uint8' ? tf.tensor(Int32Array.from(data), [...shape], 'int32') : tf.tensor(data as Float32Array, [...shape], dtype === 'int32' ? 'int32' : 'float32');

const labelsOf = (labels: Tensor, classes: boolean): Tfjs.Tensor => (classes ? tf.tensor1d(Array.from(labels.data), 'int32') : tensorOf(labels));

const numbersOf = (tensor: Tfjs.Tensor): Numbers => ({ shape: tensor.shape, data: tensor.dataSync() });
