/**
 * Random programs on every engine and on the float64 interpreter: loss, predictions, gradients, weights. The engines share
 * nothing below the graph, so what they agree on is what the graph says. CNNC_FUZZ_RUNS and CNNC_FUZZ_SEED choose other programs.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/runtime/engine/engine.ts';
import { engineAvailable } from '../support/engine.ts';
import { openEngines } from '../support/engines.ts';
import { dataOf } from './data.ts';
import { fuzzCase } from './generate.ts';
import { reference } from './reference.ts';
import { differences, distance, norm, tolerances, traceOf } from './trace.ts';

const soak = Boolean(process.env.CNNC_SOAK);
const numRuns = Number(process.env.CNNC_FUZZ_RUNS ?? (soak ? 200 : 20));
const seed = Number(process.env.CNNC_FUZZ_SEED ?? 1);
const STEPS = 10;
/** Milliseconds for one program on all engines, generously; shrinking needs as much again. */
const PATIENCE = 5000;

describe.skipIf(!engineAvailable())('random programs', () => {
  let engines: readonly Engine[];
  beforeAll(async () => {
    engines = await openEngines();
  });
  afterAll(() => Promise.all(engines?.map((engine) => engine.close()) ?? []));

  it(
    'are the same on every engine',
    async () => {
      await fc.assert(
        fc.asyncProperty(fuzzCase(), async (one) => {
          const data = dataOf(one);
          const [exact, rounded] = [reference({ round: false }), reference({ round: true })];
          const traces = [{ name: 'interpreter', engine: exact, trace: await traceOf(exact, one, data, STEPS) }] as { name: string; engine: Pick<Engine, 'restore' | 'run'>; trace: Awaited<ReturnType<typeof traceOf>> }[];
          const bare = await traceOf(rounded, one, data, STEPS);
          for (const engine of engines) traces.push({ name: engine.info.kind, engine, trace: await traceOf(engine, one, data, STEPS) });

          const optimizer = one.program.compile.optimizer.kind;
          const found = traces.flatMap((a, i) => traces.slice(i + 1).flatMap((b) => differences(a.trace, b.trace, traces[0].trace, bare, optimizer).map((text) => `${a.name} and ${b.name}: ${text}`)));

          // Whatever became of the weights: the same ones give the same answers.
          const { last } = traces[0].trace;
          const answers: ArrayLike<number>[] = [];
          for (const engine of [rounded, ...traces.map((t) => t.engine)]) {
            await engine.restore(last);
            answers.push((await engine.run('predict', { x: data.x })).y.data);
          }
          const size = Math.max(norm(answers[1]), 1e-6);
          const allowed = tolerances.predictions + (tolerances.slack * distance(answers[0], answers[1])) / size;
          answers.slice(2).forEach((answer, i) => {
            const apart = distance(answer, answers[1]) / size;
            if (!(apart <= allowed)) found.push(`${traces[i + 1].name}: predictions with the interpreter's weights: ${apart.toExponential(2)} > ${allowed.toExponential(2)}`);
          });
          expect(found).toEqual([]);
        }),
        { numRuns, seed, interruptAfterTimeLimit: numRuns * PATIENCE, markInterruptAsFailure: true },
      );
    },
    numRuns * PATIENCE + 30_000,
  );
});
