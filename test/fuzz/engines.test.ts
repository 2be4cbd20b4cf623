/**
 * Random programs on every engine and on the float64 interpreter: loss, predictions, gradients, weights. The engines share
 * nothing below the graph, so what they agree on is what the graph says. CNNC_FUZZ_RUNS and CNNC_FUZZ_SEED choose other programs.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/runtime/engine/engine.ts';
import { anyEngine, openEngines } from '../support/engines.ts';
import { disagreements } from './compare.ts';
import { foundCases } from './found.ts';
import { fuzzCase } from './generate.ts';

const soak = Boolean(process.env.CNNC_SOAK);
const numRuns = Number(process.env.CNNC_FUZZ_RUNS ?? (soak ? 500 : 50));
const seed = Number(process.env.CNNC_FUZZ_SEED ?? 1);
/** Three epochs of three batches, and one step more; otherwise an epoch and one step. */
const manySteps = 10;
/** Milliseconds for one program on all engines, generously; shrinking needs as much again. */
const PATIENCE = 5000;

describe.skipIf(!anyEngine())('random programs', () => {
  let engines: readonly Engine[];
  beforeAll(async () => {
    engines = await openEngines();
  });
  afterAll(() => Promise.all(engines?.map((engine) => engine.close()) ?? []));

  it.each(foundCases.map((one, i) => [i + 1, one] as const))('found %i is the same on every engine', async (_, one) => expect(await disagreements(one, engines, manySteps)).toEqual([]));

  it(
    'are the same on every engine',
    async () => {
      await fc.assert(
        fc.asyncProperty(fuzzCase(), async (one) => {
          expect(await disagreements(one, engines, soak ? manySteps : 4)).toEqual([]);
        }),
        { numRuns, seed, interruptAfterTimeLimit: numRuns * PATIENCE, markInterruptAsFailure: true },
      );
    },
    numRuns * PATIENCE + 30_000,
  );
});
