/**
 * Random programs on every engine and on the float64 interpreter: loss, predictions, gradients, weights. The engines share
 * nothing below the graph, so what they agree on is what the graph says. CNNC_FUZZ_RUNS and CNNC_FUZZ_SEED choose other programs.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Tensors } from '../../src/runtime/engine/engine.ts';
import { anyEngine, openEngines } from '../support/engines.ts';
import { dataOf } from './data.ts';
import { foundCases } from './found.ts';
import { fuzzCase, type FuzzCase } from './generate.ts';
import { reference } from './reference.ts';
import { differences, diverges, distance, sizeOfPredictions, tolerances, traceOf, type Runner, type Trace } from './trace.ts';

const soak = Boolean(process.env.CNNC_SOAK);
const numRuns = Number(process.env.CNNC_FUZZ_RUNS ?? (soak ? 200 : 20));
const seed = Number(process.env.CNNC_FUZZ_SEED ?? 1);
const STEPS = 10;
/** Milliseconds for one program on all engines, generously; shrinking needs as much again. */
const PATIENCE = 5000;

describe.skipIf(!anyEngine())('random programs', () => {
  let engines: readonly Engine[];
  beforeAll(async () => {
    engines = await openEngines();
  });
  afterAll(() => Promise.all(engines?.map((engine) => engine.close()) ?? []));

  it.each(foundCases.map((one, i) => [i + 1, one] as const))('found %i is the same on every engine', async (_, one) => expect(await disagreements(one, engines)).toEqual([]));

  it(
    'are the same on every engine',
    async () => {
      await fc.assert(
        fc.asyncProperty(fuzzCase(), async (one) => {
          expect(await disagreements(one, engines)).toEqual([]);
        }),
        { numRuns, seed, interruptAfterTimeLimit: numRuns * PATIENCE, markInterruptAsFailure: true },
      );
    },
    numRuns * PATIENCE + 30_000,
  );
});

/** What the engines and the interpreter do not agree on, as text. */
async function disagreements(one: FuzzCase, engines: readonly Engine[]): Promise<readonly string[]> {
  const data = dataOf(one);
  const exact = { name: 'interpreter', runner: reference() };
  const inexact = [1, 2, 3].map((errors) => ({ name: 'inexact', runner: reference(errors) }));
  const others = engines.map((engine) => ({ name: engine.info.kind, runner: engine }));
  const traced: { readonly name: string; readonly trace: Trace }[] = [];
  for (const { name, runner } of [exact, ...inexact, ...others]) traced.push({ name, trace: await traceOf(runner, one, data, STEPS) });
  const [{ trace: truth }] = traced;
  const rounding = traced.filter(({ name }) => name === 'inexact').map(({ trace }) => trace);
  const pairs = traced.filter(({ name }) => name !== 'inexact').flatMap((a, i, list) => list.slice(i + 1).map((b) => [a, b] as const));
  const found = pairs.flatMap(([a, b]) => differences(a.trace, b.trace, truth, rounding, one.program).map((text) => `${a.name} and ${b.name}: ${text}`));

  // Whatever became of the weights: the same ones give the same answers.
  const same: Tensors = Object.fromEntries(Object.entries(truth.last).map(([name, { shape, data: values }]) => [name, { dtype: 'float32', shape, data: Float32Array.from(values) }]));
  const answer = async ({ runner }: { readonly runner: Runner }): Promise<ArrayLike<number>> => {
    await runner.restore(same);
    return (await runner.run('predict', { x: data.x })).y.data;
  };
  const right = await answer(exact);
  const size = sizeOfPredictions(right);
  const allowed = tolerances.predictions + (tolerances.slack * distance(right, await answer(inexact[0]))) / size;
  for (const other of diverges(truth) ? [] : others) {
    const apart = distance(right, await answer(other)) / size;
    if (!(apart <= allowed)) found.push(`${other.name}: predictions with the interpreter's weights: ${apart.toExponential(2)} > ${allowed.toExponential(2)}`);
  }
  return found;
}
