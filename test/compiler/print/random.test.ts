/**
 * Random programs, cells among them, as generated code: it compiles strictly, predicts and trains as the graph does on the float64
 * interpreter, allowing what rounding does (test/fuzz).
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { keyOf, Purpose } from '../../../src/compiler/graph/philox.ts';
import { asLayer } from '../../../src/compiler/model/program.ts';
import type { Layer, LayerWord } from '../../../src/compiler/model/program.ts';
import { withoutCode } from '../../../src/compiler/print/typescript/weights-rules.ts';
import type { Tensor } from '../../../src/runtime/engine/engine.ts';
import { dataOf, rowsOf } from '../../fuzz/data.ts';
import { fuzzCase } from '../../fuzz/generate.ts';
import type { FuzzCase } from '../../fuzz/generate.ts';
import { reference } from '../../fuzz/reference.ts';
import { differences, traceOf } from '../../fuzz/trace.ts';
import type { Numbers, Trace } from '../../fuzz/trace.ts';
import { generate, tfjs, typecheck } from './generated.ts';
import type { Generated } from './generated.ts';
import { dropoutNumbers } from './reference.ts';

const count = process.env.CNNC_SOAK ? 100 : 8;
const seed = Number(process.env.CNNC_FUZZ_SEED ?? 5);
const STEPS = 3;

/** Random numbers of these are drawn in another way by generated code. */
const noisy: readonly LayerWord[] = ['spatial_dropout', 'gaussian_dropout', 'gaussian_noise'];
/** Generated code divides by 1 − rate as it is written, the graph by what its bits make of it. */
const isExact = (layer: Layer): boolean => layer.word !== 'dropout' || Math.abs(asLayer(layer, 'dropout').args.keep / (1 - asLayer(layer, 'dropout').args.rate) - 1) < 1e-7;
const cases = fc.sample(
  fuzzCase({ warps: false }).filter(({ program }) => withoutCode(program).length === 0 && program.layers.every((layer) => !noisy.includes(layer.word) && isExact(layer)) && program.compile.precision === 'float32'),
  { numRuns: count, seed },
);

interface Module {
  modelWith(weights: ReadonlyMap<string, Tfjs.Tensor>): { variables: ReadonlyMap<string, Tfjs.Variable> };
  newOptimizer(model: unknown): unknown;
  trainStep(model: unknown, optimizer: unknown, batch: unknown, options?: unknown): Tfjs.Scalar;
  predict(model: unknown, images: Tfjs.Tensor, statistics?: unknown): Tfjs.Tensor;
}

let tf: typeof Tfjs;
const made: Generated[] = [];
beforeAll(async () => {
  tf = await tfjs();
});
afterAll(() => Promise.all(made.map((generated) => generated.remove())));

describe('random programs as generated code', () => {
  it.each(cases.map((one, i) => [i + 1, one] as const))('program %i trains as the graph does', async (_, one) => {
    const generated = await generate(one.program);
    made.push(generated);
    const data = dataOf(one);
    const exact = await traceOf(reference(), one, data, STEPS);
    const rounding = await Promise.all([1, 2, 3].map((errors) => traceOf(reference(errors), one, data, STEPS)));
    const printed = traceOfCode((await generated.load()) as Module, one, data, exact);
    expect(differences(exact, printed, exact, rounding, one.program), one.text).toEqual([]);
  });

  it('compiles under --strict', async () => expect(await typecheck(made)).toBe(''), 300_000);
});

/** What generated code says itself; what it does not say (gradients, metrics of training) is taken from the graph. */
function traceOfCode(code: Module, { program, seed: drawn }: FuzzCase, data: ReturnType<typeof dataOf>, exact: Trace): Trace {
  const weights = Object.keys(exact.first);
  const model = code.modelWith(new Map(weights.map((name) => [name, tensorOf(data.start[name])])));
  const optimizer = code.newOptimizer(model);
  const statistics = { mean: data.start['preprocess/mean'] && tensorOf(data.start['preprocess/mean']), std: data.start['preprocess/std'] && tensorOf(data.start['preprocess/std']) };
  const predict = (): Numbers => numbersOf(code.predict(model, tensorOf(data.x), statistics));
  const state = (): Record<string, Numbers> => Object.fromEntries(weights.map((name) => [name, numbersOf(model.variables.get(name)!)]));
  const before = predict();
  const sums: number[][] = [];
  let first: Trace['first'] = {};
  for (let step = 1; step <= STEPS; step++) {
    const [from, to] = data.batches[(step - 1) % data.batches.length];
    const uniforms = dropoutNumbers(program, step, keyOf(drawn, Purpose.dropout));
    const random = { number: () => 0, tensor: (shape: number[]) => tf.tensor(uniforms(shape.reduce((a, b) => a * b, 1)), shape) };
    const batch = { images: tensorOf(rowsOf(data.x, from, to)), labels: tensorOf(rowsOf(data.y, from, to)) };
    const loss = code.trainStep(model, optimizer, batch, { statistics, random }).dataSync()[0];
    sums.push([loss * (to - from), ...Array.from(exact.sums[step - 1]).slice(1)]);
    if (step === 1) first = state();
  }
  const gradients = { ...exact.gradients, loss: { shape: [], data: [sums[0][0] / (data.batches[0][1] - data.batches[0][0])] } };
  return { gradients, before, after: predict(), sums, first, last: state() };
}

const tensorOf = ({ shape, data, dtype }: Tensor): Tfjs.Tensor =>
  dtype === 'uint8' ? tf.tensor(Int32Array.from(data), [...shape], 'int32') : tf.tensor(data as Float32Array, [...shape], dtype === 'int32' ? 'int32' : 'float32');

const numbersOf = (tensor: Tfjs.Tensor): Numbers => ({ shape: tensor.shape, data: tensor.dataSync() });
