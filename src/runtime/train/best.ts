/**
 * Following one number over the epochs: early stopping and keeping the best, with Keras's semantics
 * (keras/src/callbacks/early_stopping.py, model_checkpoint.py, monitor_callback.py). Pure: state in, state out.
 */
import type { Fit } from '../../compiler/model/program.ts';
import type { Logs } from './history.ts';

export type EarlyStoppingPlan = NonNullable<Fit['earlyStopping']>;
export type CheckpointPlan = NonNullable<Fit['checkpoint']>;

export interface EarlyStoppingState {
  /** null until the first value was seen. */
  readonly best: number | null;
  readonly bestEpoch: number | null;
  readonly wait: number;
  /** The epoch after which training stops; null while it goes on. */
  readonly stoppedEpoch: number | null;
}

export const earlyStoppingStart: EarlyStoppingState = { best: null, bestEpoch: null, wait: 0, stoppedEpoch: null };

/** Keras compares in float32; a first value always improves, and nothing improves on NaN. */
export function improves(value: number, best: number | null, mode: 'min' | 'max', minDelta = 0): boolean {
  if (best === null) return true;
  return mode === 'min' ? Math.fround(value + minDelta) < Math.fround(best) : Math.fround(value - minDelta) > Math.fround(best);
}

/** After an epoch. `improved`: its weights are the best so far and to be remembered. A missing monitor value changes nothing. */
export function earlyStoppingAfter(state: EarlyStoppingState, plan: EarlyStoppingPlan, epoch: number, logs: Logs): { readonly state: EarlyStoppingState; readonly improved: boolean } {
  const value = logs[plan.monitor];
  if (value === undefined || epoch < plan.startFromEpoch) return { state, improved: false };
  const wait = state.wait + 1;
  if (improves(value, state.best, plan.mode, plan.minDelta)) {
    // Patience begins anew only beyond the baseline; and where a value improves, training goes on.
    const beyond = improves(value, plan.baseline, plan.mode, plan.minDelta);
    return { state: { best: value, bestEpoch: epoch, wait: beyond ? 0 : wait, stoppedEpoch: null }, improved: true };
  }
  // Keras: an only epoch never stops, whatever the patience.
  return { state: { ...state, wait, stoppedEpoch: wait >= plan.patience && epoch > 0 ? epoch : null }, improved: false };
}

/** Which copy of the weights to keep after an epoch: none, one of its own, or the new best. */
export function copyAfter(plan: CheckpointPlan, best: number | null, epoch: number, logs: Logs): { readonly copy: 'none' | 'epoch' | 'best'; readonly best: number | null } {
  if ((epoch + 1) % plan.every !== 0) return { copy: 'none', best };
  if (!plan.best) return { copy: 'epoch', best };
  const value = logs[plan.monitor];
  if (value === undefined || !improves(value, best ?? plan.initialValueThreshold, plan.mode)) return { copy: 'none', best };
  return { copy: 'best', best: value };
}

/** Accuracies go up, losses and errors down. For marking the best epoch of a number nobody monitors. */
export const directionOf = (name: string): 'min' | 'max' => (/acc|top_?k|top_\d|auc|precision|recall|f1|r2|cosine/i.test(name) ? 'max' : 'min');

/** Index of the best finite value; −1 if there is none. The first of equals. */
export function bestIndex(values: readonly number[], mode: 'min' | 'max'): number {
  let at = -1;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (at < 0 || (mode === 'min' ? values[i] < values[at] : values[i] > values[at])) at = i;
  }
  return at;
}
