/** What a run is between two steps: enough to go on to the same bytes. */
import type { Tensors } from '../engine/engine.ts';
import { earlyStoppingStart, type EarlyStoppingState } from './best.ts';
import { emptyHistory, type History } from './history.ts';
import { plateauStart, type PlateauState } from './plateau.ts';

export interface Progress {
  /** 0-based epoch under way; equal to the number of epochs when all are done. */
  readonly epoch: number;
  /** Batches of it that are done; all of them when only the validation is missing. */
  readonly batch: number;
  /** Steps done over the whole run. */
  readonly step: number;
  /** Sums over this epoch's batches, in float64: the accumulators of the loss, then of each metric in the program's order. */
  readonly sums: readonly number[];
  readonly samples: number;
  readonly history: History;
  readonly earlyStopping: EarlyStoppingState;
  readonly plateau: PlateauState;
  /** Best value of the number that `checkpoint best` watches. */
  readonly bestCopy: number | null;
}

export interface Snapshot {
  readonly progress: Progress;
  /** Every variable of the graph: weights, slots, statistics. */
  readonly variables: Tensors;
  /** Weights of the best epoch, when early stopping restores them. */
  readonly best: Tensors | null;
}

/** `numbers`: length of `sums`. */
export const startOfRun = (numbers: number): Progress => ({
  epoch: 0,
  batch: 0,
  step: 0,
  sums: new Array<number>(numbers).fill(0),
  samples: 0,
  history: emptyHistory,
  earlyStopping: earlyStoppingStart,
  plateau: plateauStart,
  bestCopy: null,
});

/** For messages: `epoch 3`, `step 812 of epoch 4`, counted from 1. */
export const placeOf = (p: Progress): string => (p.batch === 0 ? `epoch ${p.epoch}` : `step ${p.step} in epoch ${p.epoch + 1}`);
