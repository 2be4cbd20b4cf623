/** Learning rates by the step and as they are lowered: Keras's traces (scripts/goldens/schedules.py), and PyTorch's one cycle by its corners. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rateAt } from '../../../src/compiler/graph/schedule.ts';
import type { Schedule } from '../../../src/compiler/model/program.ts';
import { plateauAfter, plateauStart, type PlateauState, type ReduceLrPlan } from '../../../src/runtime/train/plateau.ts';

interface Goldens {
  readonly steps: readonly number[];
  readonly schedules: readonly { readonly schedule: Schedule; readonly rates: readonly number[] }[];
  /** A value that is null was NaN. */
  readonly plateaus: readonly { readonly plan: ReduceLrPlan; readonly lr: number; readonly values: readonly (number | null)[]; readonly rates: readonly number[] }[];
}

const { steps, schedules, plateaus } = JSON.parse(readFileSync(new URL('../../fixtures/goldens/schedules.json', import.meta.url), 'utf8')) as Goldens;

describe('schedules', () => {
  it.each(schedules.map((one) => [JSON.stringify(one.schedule), one] as const))('%s', (_, { schedule, rates }) => {
    // Keras computes in float32; a fall that begins again is steep where it does.
    steps.forEach((step, i) => expect(Math.abs(rateAt(schedule, step) - rates[i]), `step ${step}`).toBeLessThan(2e-6 * Math.max(...rates)));
  });

  it('a number stays', () => expect(rateAt(0.01, 1000)).toBe(0.01));

  it('one cycle rises to its top and falls to its end, and stays there', () => {
    const cycle: Schedule = { kind: 'one_cycle', max_lr: 0.1, steps: 11, pct_start: 3 / 11, div_factor: 25, final_div_factor: 1e4 };
    const rates = [0, 1, 2, 6, 10, 50].map((step) => rateAt(cycle, step));
    [0.004, 0.052, 0.1, (0.1 + 4e-7) / 2, 4e-7, 4e-7].forEach((wanted, i) => expect(rates[i]).toBeCloseTo(wanted, 12));
    expect(rateAt({ ...cycle, pct_start: 0 }, 0)).toBeCloseTo(0.1, 12);
  });
});

describe('reduce_lr', () => {
  it.each(plateaus.map((one) => [JSON.stringify(one.plan), one] as const))('%s', (_, { plan, lr, values, rates }) => {
    let state: PlateauState = plateauStart;
    values.forEach((value, epoch) => {
      const rate = state.rate ?? lr;
      expect(Math.fround(rate), `epoch ${epoch}`).toBe(Math.fround(rates[epoch]));
      state = plateauAfter(state, plan, rate, { val_loss: value ?? NaN });
    });
    expect(new Set(rates).size).toBeGreaterThan(1);
  });

  it('does nothing without the value it watches', () => expect(plateauAfter(plateauStart, { ...plateaus[0].plan, patience: 0 }, 0.1, { loss: 1 })).toBe(plateauStart));
});
