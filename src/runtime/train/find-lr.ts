/**
 * The learning rate range test (Smith 2017, "Cyclical Learning Rates for Training Neural Networks", arXiv:1506.01186): a short
 * training in which the rate grows by the same factor from step to step. Too small, and nothing happens; too large, and the loss
 * explodes; a tenth of the rate where the smoothed loss was least is a good one to train with.
 */
import { keyOf, Purpose } from '../../compiler/graph/philox.ts';
import type { Program } from '../../compiler/model/program.ts';
import type { Engine, Tensor } from '../engine/engine.ts';
import { passesOf, type Batches } from './loop.ts';
import { pipeline } from './pipeline.ts';

export interface Trial {
  readonly rate: number;
  /** Of the batch, before its step. */
  readonly loss: number;
  /** Exponential mean of the losses so far, without the bias of its start. */
  readonly smoothed: number;
}

export interface RateSearch {
  readonly trials: readonly Trial[];
  /** Index of the least smoothed loss; −1: none is a number. */
  readonly least: number;
  /** null: the loss never fell, so that nothing can be said. */
  readonly suggestion: number | null;
  /** The first rate with which the loss exploded; null: none did. */
  readonly exploded: number | null;
}

export interface RateSearchJob {
  readonly program: Program;
  /** Loaded, its variables those of a start. */
  readonly engine: Engine;
  readonly batches: Batches;
  readonly signal: AbortSignal;
  readonly onStep?: (done: number, total: number) => void;
}

export const lowest = 1e-7;
export const highest = 10;
const steps = 160;
const keep = 0.9;
/** A smoothed loss this many times the least one has exploded. */
const explosion = 4;
/** Steps before the least loss counts: the first smoothed values hang on one batch. */
const settling = 10;

/** The search. It changes the engine's variables. Fewer trials when the signal comes. */
export async function findRate({ program, engine, batches, signal, onStep }: RateSearchJob): Promise<RateSearch> {
  const passes = passesOf(batches, program.fit.batch);
  const rates = Array.from({ length: steps }, (_, i) => lowest * (highest / lowest) ** (i / (steps - 1)));
  const key: Tensor = { dtype: 'int32', shape: [2], data: Int32Array.from(keyOf(program.fit.seed, Purpose.dropout), (word) => word | 0) };
  const losses: number[] = [];
  let over = false;
  await pipeline(
    0,
    steps,
    (i) => {
      const { pass, samples } = passes.batch(i);
      return engine.run('train', {
        ...batches.feeds('train', samples, pass),
        key,
        step: { dtype: 'int32', shape: [], data: Int32Array.of(i + 1) },
        lr: { dtype: 'float32', shape: [], data: Float32Array.of(rates[i]) },
      });
    },
    (i, answer) => {
      if (over) return;
      losses.push(answer.sums.data[0] / passes.batch(i).samples.length);
      over = hasExploded(trialsOf(rates, losses));
      onStep?.(i + 1, steps);
    },
    () => signal.aborted || over,
  );
  return conclude(trialsOf(rates, losses));
}

function trialsOf(rates: readonly number[], losses: readonly number[]): readonly Trial[] {
  let mean = 0;
  return losses.map((loss, i) => {
    mean = keep * mean + (1 - keep) * loss;
    return { rate: rates[i], loss, smoothed: mean / (1 - keep ** (i + 1)) };
  });
}

function hasExploded(trials: readonly Trial[]): boolean {
  const last = trials[trials.length - 1];
  if (!Number.isFinite(last.loss)) return true;
  const least = leastOf(trials);
  return trials.length > settling && least >= 0 && last.smoothed > explosion * trials[least].smoothed;
}

function leastOf(trials: readonly Trial[]): number {
  let least = -1;
  trials.forEach(({ smoothed }, i) => {
    if (i >= settling && Number.isFinite(smoothed) && (least < 0 || smoothed < trials[least].smoothed)) least = i;
  });
  return least;
}

/** What the trials say: the loss must have fallen by a twentieth of what it began with. */
export function conclude(trials: readonly Trial[]): RateSearch {
  const least = leastOf(trials);
  const last = trials.at(-1);
  const exploded = last && hasExploded(trials) ? last.rate : null;
  const begin = trials[settling]?.smoothed ?? NaN;
  const fell = least >= 0 && begin - trials[least].smoothed > 0.05 * Math.abs(begin);
  return { trials, least, suggestion: fell ? round(trials[least].rate / 10) : null, exploded };
}

/** To 1, 2 or 5 times a power of ten, the nearest by ratio. */
function round(rate: number): number {
  const power = Math.floor(Math.log10(rate));
  const candidates = [1, 2, 5, 10].map((digit) => Number(`${digit}e${power}`));
  return candidates.reduce((best, one) => (Math.abs(Math.log(one / rate)) < Math.abs(Math.log(best / rate)) ? one : best));
}
