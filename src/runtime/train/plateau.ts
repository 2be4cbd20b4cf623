/** Lowering the learning rate when a number no longer improves: Keras's ReduceLROnPlateau (keras/src/callbacks/reduce_lr_on_plateau.py). Pure: state in, state out. */
import type { Fit } from '../../compiler/model/program.ts';
import { improves } from './best.ts';
import type { Logs } from './history.ts';

export type ReduceLrPlan = NonNullable<Fit['reduceLr']>;

export interface PlateauState {
  /** null until the first value was seen. */
  readonly best: number | null;
  readonly wait: number;
  /** Epochs of cooling down that are left. */
  readonly cooldown: number;
  /** The learning rate as lowered so far; null: as the program says. */
  readonly rate: number | null;
}

export const plateauStart: PlateauState = { best: null, wait: 0, cooldown: 0, rate: null };

/** After an epoch that ran with `rate`. A missing monitor value changes nothing. */
export function plateauAfter(state: PlateauState, plan: ReduceLrPlan, rate: number, logs: Logs): PlateauState {
  const value = logs[plan.monitor];
  if (value === undefined) return state;
  const cooling = state.cooldown > 0;
  const cooldown = cooling ? state.cooldown - 1 : 0;
  const wait = cooling ? 0 : state.wait;
  if (improves(value, state.best, plan.mode, plan.minDelta)) return { ...state, best: value, wait: 0, cooldown };
  if (cooldown > 0) return { ...state, wait, cooldown };
  if (wait + 1 < plan.patience) return { ...state, wait: wait + 1, cooldown };
  // Keras keeps the rate in float32.
  const old = Math.fround(rate);
  if (!(old > Math.fround(plan.minLr))) return { ...state, wait: wait + 1, cooldown };
  return { ...state, wait: 0, cooldown: plan.cooldown, rate: Math.max(old * plan.factor, plan.minLr) };
}
