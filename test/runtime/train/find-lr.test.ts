/** The search for a learning rate: what it says of curves, and a real one on the interpreter. */
import { describe, expect, it } from 'vitest';
import { buildTraining } from '../../../src/compiler/graph/training.ts';
import { ratePlotSvg } from '../../../src/runtime/report/rate-plot.ts';
import { batchesOf } from '../../../src/runtime/train/batches.ts';
import { conclude, findRate, highest, lowest, type Trial } from '../../../src/runtime/train/find-lr.ts';
import { startVariables } from '../../../src/runtime/train/run.ts';
import { interpreterEngine } from '../../support/interpreter-engine.ts';
import { memoryDataset } from '../../support/memory-data.ts';
import { tinyProgram } from '../../support/tiny-program.ts';

const curve = (loss: (decade: number) => number): readonly Trial[] =>
  Array.from({ length: 160 }, (_, i) => {
    const rate = lowest * (highest / lowest) ** (i / 159);
    const value = loss(Math.log10(rate));
    return { rate, loss: value, smoothed: value };
  });

describe('what a curve says', () => {
  it('a valley: a tenth of its deepest place', () => {
    const found = conclude(curve((d) => 2.3 - Math.exp(-((d + 2) ** 2))));
    expect(found.trials[found.least].rate).toBeCloseTo(0.01, 3);
    expect(found).toMatchObject({ suggestion: 0.001, exploded: null });
  });

  it('a flat line, or one that only rises: nothing', () => {
    expect(conclude(curve(() => 2.3))).toMatchObject({ suggestion: null });
    expect(conclude(curve((d) => 2.3 + 10 ** (d + 1)))).toMatchObject({ suggestion: null });
  });

  it('an explosion: where it was', () => {
    const trials = curve((d) => (d < -3 ? 2.3 - 0.2 * (d + 7) : 50)).filter(({ rate }) => Math.log10(rate) < -2.9);
    expect(conclude(trials)).toMatchObject({ suggestion: 0.0001, exploded: trials.at(-1)!.rate });
    const broken = [...trials.slice(0, -3), { rate: 1, loss: NaN, smoothed: NaN }];
    expect(conclude(broken)).toMatchObject({ exploded: 1, suggestion: 0.0001 });
  });

  it('nothing at all', () => {
    expect(conclude([])).toEqual({ trials: [], least: -1, suggestion: null, exploded: null });
  });

  it.each([['a valley', (d: number) => 2.3 - Math.exp(-((d + 2) ** 2))], ['a flat line', () => 2.3], ['negative losses', (d: number) => -3 - Math.exp(-((d + 2) ** 2))]] as const)('%s is drawn with finite numbers', (_, loss) => {
    for (const scheme of ['auto', 'light'] as const) expect(ratePlotSvg(conclude(curve(loss)), scheme)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('too little to draw is drawn empty', () => {
    for (const count of [0, 1, 2]) expect(ratePlotSvg(conclude(curve(() => 1).slice(0, count)))).not.toMatch(/NaN|Infinity|undefined/);
  });
});

it('tries rates from small to large on a network at its start, equally each time', async () => {
  const program = tinyProgram();
  const search = async () => {
    const graph = buildTraining(program);
    const engine = interpreterEngine();
    await engine.load(graph);
    await engine.restore(startVariables({ program, graph, initial: null, statistics: {} }));
    return findRate({ program, engine, batches: batchesOf(memoryDataset(program), program), signal: new AbortController().signal });
  };
  const [a, b] = [await search(), await search()];
  expect(a).toEqual(b);
  expect(a.trials.length).toBeGreaterThan(20);
  expect(a.trials[0].rate).toBe(lowest);
  a.trials.slice(1).forEach(({ rate }, i) => expect(rate).toBeGreaterThan(a.trials[i].rate));
  // Nothing was learned with the smallest: the first losses are those of the start.
  expect(Math.abs(a.trials[1].loss - a.trials[0].loss)).toBeLessThan(1);
});

it('stops when it is told to', async () => {
  const program = tinyProgram();
  const graph = buildTraining(program);
  const control = new AbortController();
  const engine = interpreterEngine({ beforeStep: (step) => void (step === 4 && control.abort()) });
  await engine.load(graph);
  await engine.restore(startVariables({ program, graph, initial: null, statistics: {} }));
  const { trials } = await findRate({ program, engine, batches: batchesOf(memoryDataset(program), program), signal: control.signal });
  expect(trials.length).toBeLessThan(10);
});
