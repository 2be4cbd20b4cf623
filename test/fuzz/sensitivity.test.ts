/** The comparison can fail: an operation that is a thousandth off is found, though much that differs by rounding is let through. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reachable } from '../../src/compiler/graph/rewrite/reachable.ts';
import type { OpName } from '../../src/compiler/graph/types.ts';
import { dataOf } from './data.ts';
import { fuzzCase } from './generate.ts';
import { reference } from './reference.ts';
import { differences, traceOf, type Trace } from './trace.ts';

const STEPS = 4;
const cases = fc.sample(fuzzCase({ warps: false }), { numRuns: process.env.CNNC_SOAK ? 100 : 24, seed: 3 });

/** Operations whose error the loss, the predictions or a gradient must show wherever they are used. */
const wrong: readonly OpName[] = ['conv2d', 'conv2dFilterGrad', 'matmul', 'biasAdd', 'batchNormTrain', 'batchNormTrainGrad', 'concat', 'adamUpdate'];

it('finds operations that are a thousandth off, and nothing in those that only round', async () => {
  const found = new Map<OpName, number>(wrong.map((op) => [op, 0]));
  const used = new Map<OpName, number>(wrong.map((op) => [op, 0]));
  for (const one of cases) {
    const data = dataOf(one);
    const trace = (runner: ReturnType<typeof reference>): Promise<Trace> => traceOf(runner, one, data, STEPS);
    const exact = await trace(reference());
    const rounding = [await trace(reference(1)), await trace(reference(2)), await trace(reference(3))];
    expect(differences(exact, await trace(reference(4)), exact, rounding, one.program), one.text).toEqual([]);
    const ops = new Set(reachable([...Object.values(data.graph.train.outputs), ...data.graph.train.updates.map(({ value }) => value)]).map(({ op }) => op));
    for (const op of wrong.filter((name) => ops.has(name))) {
      used.set(op, used.get(op)! + 1);
      if (differences(exact, await trace(reference(null, { op, by: 1e-3 })), exact, rounding, one.program).length > 0) found.set(op, found.get(op)! + 1);
    }
  }
  // A normalisation undoes a factor before it, and a network may be flat where an error stands: not everywhere, but somewhere each is found.
  for (const op of wrong) expect(found.get(op), `${op}, used in ${used.get(op)} programs, found in`).toBeGreaterThan(0);
  const sum = (counts: ReadonlyMap<OpName, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);
  expect(sum(found) / sum(used), `${JSON.stringify([...found])} of ${JSON.stringify([...used])}`).toBeGreaterThan(0.7);
}, 240_000);
