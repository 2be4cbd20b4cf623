/** Every word of the vocabulary in generated code: compared with the graph and the trainer here, or listed with a reason. A word without a row fails. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { initialSlots, initialWeights } from '../../../src/compiler/graph/initial.ts';
import { sizeOfSums } from '../../../src/compiler/graph/metrics/finish.ts';
import { buildTraining } from '../../../src/compiler/graph/training.ts';
import type { Program } from '../../../src/compiler/model/program.ts';
import { allWords, initializers } from '../../../src/compiler/vocabulary/index.ts';
import { batchesOf } from '../../../src/runtime/train/batches.ts';
import { csvLog } from '../../../src/runtime/train/logs.ts';
import { train } from '../../../src/runtime/train/loop.ts';
import type { EpochReport } from '../../../src/runtime/train/loop.ts';
import { startOfRun } from '../../../src/runtime/train/state.ts';
import { asTensors } from '../../../src/runtime/train/tensors.ts';
import { interpreterEngine } from '../../support/interpreter-engine.ts';
import { memoryDataset } from '../../support/memory-data.ts';
import { close, expectAgreement } from './agree.ts';
import type { Module } from './agree.ts';
import { generate, tfjs, typecheck } from './generated.ts';
import type { Generated } from './generated.ts';
import { programOf, rows, runs, without } from './words.ts';

type Logs = Readonly<Record<string, number>>;
interface FitModule extends Module {
  fit(model: unknown, training: unknown, validation: unknown, options: unknown): Promise<Logs[]>;
  csvOf?(history: readonly Logs[]): string;
}

let tf: typeof Tfjs;
const made: Generated[] = [];
beforeAll(async () => {
  tf = await tfjs();
});
afterAll(() => Promise.all(made.map((generated) => generated.remove())));

async function load(program: Program): Promise<FitModule> {
  const generated = await generate(program, { pretty: false });
  made.push(generated);
  return (await generated.load()) as FitModule;
}

it('has a row for every word, or a reason', () => {
  const compared = new Set([...rows, ...runs].flatMap(({ words }) => words));
  const isNamed = (group: string, word: string): boolean => compared.has(`${group} ${word}`) || `${group} ${word}` in without || `${group} *` in without;
  const words = allWords.filter(({ later }) => !later);
  // Initializers have a test of their own.
  expect(words.filter(({ group, word }) => group !== 'initializer' && !isNamed(group, word)).map(({ group, word }) => `${group} ${word}`)).toEqual([]);
  // And each row has the words that it says, none of them unknown.
  for (const { words: said, text } of [...rows, ...runs])
    for (const one of said) {
      const [group, word] = one.split(' ');
      expect(words.some((known) => known.group === group && known.word === word), one).toBe(true);
      if (group !== 'compile') expect(text, one).toMatch(new RegExp(`(^|[^\\w])${word}\\b`));
    }
});

const STEPS = 20;

describe(`${STEPS} steps, what is measured, predictions`, () => {
  it.each(rows.map((row, i) => [`${i + 1}: ${row.words.join(', ')}`, row] as const))('%s', async (_, row) => {
    const program = programOf(row);
    await expectAgreement(tf, program, await load(program), STEPS);
  });
});

describe('whole runs are those of the trainer', () => {
  const dataset = (program: Program) => {
    const all = memoryDataset(program);
    // Eight pictures of the one class, four of the other.
    const parts = { train: Int32Array.of(0, 2, 1, 4, 6, 3, 8, 10, 5, 12, 14, 7), validation: Int32Array.of(16, 17, 18, 19, 9), test: new Int32Array() };
    return { ...all, parts, weights: program.data.source.kind === 'csv' ? Float32Array.from({ length: 20 }, (_, i) => 0.5 + (i % 3)) : null };
  };

  async function trained(program: Program) {
    const graph = buildTraining(program);
    const engine = interpreterEngine();
    await engine.load(graph);
    const start = { ...asTensors(initialWeights(program, 1), graph.variables), ...asTensors(initialSlots(graph), graph.variables) };
    await engine.restore(start);
    const [epochs, copies]: [EpochReport[], number[]] = [[], []];
    const outcome = await train({
      program, variables: graph.variables, engine, batches: batchesOf(dataset(program), program), start: { progress: startOfRun(sizeOfSums(program)), best: null },
      store: { checkpoint: async () => undefined, copy: async (_, epoch) => void copies.push(epoch) },
      listener: { step: () => undefined, measured: () => undefined, epoch: (report) => void epochs.push(report) },
      signal: new AbortController().signal,
    });
    return { start, epochs, copies, history: outcome.progress.history, weights: await engine.state(graph.variables.filter((v) => v.role === 'weight').map((v) => v.name)) };
  }

  it.each(runs.map((row, i) => [`${i + 1}: ${row.words.join(', ')}`, row] as const))('%s', async (_, row) => {
    const program = programOf(row, [4, 4, 1]);
    const { start, epochs, copies, history, weights } = await trained(program);
    const code = await load(program);
    const model = code.modelWith(new Map(Object.keys(weights).map((name) => [name, tf.tensor(start[name].data as Float32Array, [...start[name].shape])])));
    const data = dataset(program);
    const samples = (part: Int32Array) => {
      const pixels = Uint8Array.from(part, () => 0).length * 16;
      const images = new Uint8Array(pixels);
      part.forEach((index, i) => data.read(index, images, i * 16));
      return {
        images: tf.tensor4d(Int32Array.from(images), [part.length, 4, 4, 1], 'int32'), labels: tf.tensor1d(Array.from(part, (i) => data.labels[i]), 'int32'),
        ...(data.weights ? { weights: tf.tensor1d(Array.from(part, (i) => data.weights![i])) } : {}),
      };
    };
    const [training, validation] = [samples(data.parts.train), samples(data.parts.validation)];
    const kept: number[] = [];
    const told: Logs[] = [];
    const before = tf.memory().numTensors;
    const logs = await code.fit(model, training, validation, { onEpoch: (epoch: number, one: Logs) => void (told[epoch] = one), onCheckpoint: (epoch: number) => void kept.push(epoch) });
    expect(tf.memory().numTensors).toBe(before);
    expect(told).toEqual(logs);
    expect(kept).toEqual(copies);
    expect(logs.map((one) => Object.keys(one).sort())).toEqual(epochs.map((one) => Object.keys(one.logs).sort()));
    logs.forEach((one, epoch) => Object.entries(one).forEach(([name, value]) => close([value], [epochs[epoch].logs[name]], `${name} of epoch ${epoch + 1}`)));
    for (const [name, { data: wanted }] of Object.entries(weights)) close(model.variables.get(name)!.dataSync(), wanted as Float32Array, name);
    if (program.fit.csvLog) {
      const table = (text: string): string[][] => text.split('\n').map((line) => line.split(program.fit.csvLog!.separator));
      const [got, wanted] = [table(code.csvOf!(logs)), table(csvLog(history, program.fit.csvLog.separator))];
      expect(got.length).toBe(wanted.length);
      expect(got[0]).toEqual(wanted[0]);
      got.slice(1, -1).forEach((line, i) => close(line.map(Number), wanted[i + 1].map(Number), `line ${i + 1}`));
    }
  });
});

describe('initializers', () => {
  const options: Readonly<Record<string, string>> = { constant: '(.25)', random_normal: '(mean=.2, stddev=.1)', truncated_normal: '(stddev=.2)', random_uniform: '(low=-1, high=3)', variance_scaling: '(scale=2, mode=fan_out, distribution=uniform)', orthogonal: '(gain=2)', identity: '(gain=.5)' };
  const words = Object.values(initializers).filter(({ later }) => !later).map(({ word }) => word);

  it('make what the trainer makes, but for the draw: the same mean, spread and largest number', async () => {
    const layers = words.map((word) => `dense 42 kernel_initializer=${word}${options[word] ?? ''}`).join('; ');
    const program = programOf({ words: [], labels: 'categorical', text: `data { npz "x.npz" }\nnetwork < flatten; dense 42; ${layers}; dense classes; softmax >` });
    const model = (await load(program)).newModel(3);
    const initial = initialWeights(program, 3);
    words.forEach((word, i) => {
      const name = `dense_${i + 2}/kernel`;
      const [got, wanted] = [model.variables.get(name)!.dataSync(), initial[name]].map(momentsOf);
      expect(Math.abs(got.mean - wanted.mean), `mean of ${word}`).toBeLessThanOrEqual(0.12 * wanted.deviation + 1e-7);
      expect(Math.abs(got.deviation - wanted.deviation), `spread of ${word}`).toBeLessThanOrEqual(0.08 * wanted.deviation + 1e-7);
      expect(Math.abs(got.most - wanted.most), `largest of ${word}`).toBeLessThanOrEqual((/random_normal|orthogonal/.test(word) ? 0.3 : /normal/.test(word) ? 0.05 : 0.02) * wanted.most + 1e-7);
      if (/identity|constant|zeros|ones/.test(word)) expect([...model.variables.get(name)!.dataSync()]).toEqual([...initial[name]]);
      if (word === 'orthogonal') close(tf.matMul(model.variables.get(name) as Tfjs.Tensor2D, model.variables.get(name) as Tfjs.Tensor2D, true).dataSync(), tf.mul(tf.eye(42), 4).dataSync(), 'squares of orthogonal');
    });
  });

  const momentsOf = (values: ArrayLike<number>): { readonly mean: number; readonly deviation: number; readonly most: number } => {
    const list = Array.from(values);
    const mean = list.reduce((a, b) => a + b, 0) / list.length;
    return { mean, deviation: Math.sqrt(list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / list.length), most: Math.max(...list.map(Math.abs)) };
  };
});

it('all of it compiles under --strict', async () => expect(await typecheck(made)).toBe(''), 300_000);
