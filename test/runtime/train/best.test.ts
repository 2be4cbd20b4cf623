import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bestIndex, copyAfter, earlyStoppingAfter, earlyStoppingStart, type EarlyStoppingPlan } from '../../../src/runtime/train/best.ts';

interface Golden {
  readonly mode: 'min' | 'max';
  readonly patience: number;
  readonly minDelta: number;
  readonly startFromEpoch: number;
  readonly values: readonly (number | null)[];
  readonly ran: number;
  readonly stopped: boolean;
  readonly restored: number | null;
}
const goldens = JSON.parse(readFileSync(new URL('../../fixtures/goldens/early_stopping.json', import.meta.url), 'utf8')) as Golden[];

const plan = (g: Partial<EarlyStoppingPlan>): EarlyStoppingPlan => ({ monitor: 'val_loss', mode: 'min', patience: 0, minDelta: 0, restoreBest: true, startFromEpoch: 0, baseline: null, ...g });

describe('early stopping', () => {
  it.each(goldens.map((g, i) => [i, g] as const))('does what Keras does, trace %i', (_, g) => {
    let state = earlyStoppingStart;
    let remembered: number | null = null;
    let ran = 0;
    for (const value of g.values) {
      const after = earlyStoppingAfter(state, plan(g), ran, { val_loss: value ?? NaN });
      if (after.improved) remembered = ran;
      state = after.state;
      ran++;
      if (state.stoppedEpoch !== null) break;
    }
    expect({ ran, stopped: state.stoppedEpoch !== null, restored: remembered }).toEqual({ ran: g.ran, stopped: g.stopped, restored: g.restored });
  });

  it('waits for the number it watches', () => {
    expect(earlyStoppingAfter(earlyStoppingStart, plan({}), 3, { loss: 1 })).toEqual({ state: earlyStoppingStart, improved: false });
  });
});

describe('copies to keep', () => {
  const logs = [5, 4, 6, 3, 2].map((v) => ({ val_loss: v }));
  const trace = (every: number, best: boolean, threshold: number | null = null): string[] => {
    let value: number | null = null;
    return logs.map((l, epoch) => {
      const after = copyAfter({ every, best, monitor: 'val_loss', mode: 'min', initialValueThreshold: threshold }, value, epoch, l);
      value = after.best;
      return after.copy;
    });
  };
  it.each([
    [1, false, ['epoch', 'epoch', 'epoch', 'epoch', 'epoch']],
    [2, false, ['none', 'epoch', 'none', 'epoch', 'none']],
    [1, true, ['best', 'best', 'none', 'best', 'best']],
    [2, true, ['none', 'best', 'none', 'best', 'none']],
    [1, true, ['none', 'none', 'none', 'best', 'best'], 4],
  ] as [number, boolean, string[], number?][])('every %i, best %s', (every, best, expected, threshold) => {
    expect(trace(every, best, threshold)).toEqual(expected);
  });
});

it('finds the best epoch past numbers that are none', () => {
  expect(bestIndex([NaN, 3, 2, Infinity, 2], 'min')).toBe(2);
  expect(bestIndex([NaN], 'max')).toBe(-1);
});
