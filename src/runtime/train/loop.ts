/**
 * The training loop: epochs, batches, validation, callbacks, checkpoints; Keras's `fit` (keras/src/backend/tensorflow/trainer.py),
 * with every order and draw a function of (seed, epoch, step), so that a run may stop after any step and go on to the same bytes.
 */
import { numbersOf, sizeOfSums } from '../../compiler/graph/metrics/finish.ts';
import { averageName } from '../../compiler/graph/optimizers/apply.ts';
import { keyOf, Purpose } from '../../compiler/graph/philox.ts';
import { rateAt } from '../../compiler/graph/schedule.ts';
import type { GraphVariable } from '../../compiler/graph/types.ts';
import type { Program } from '../../compiler/model/program.ts';
import type { PartName } from '../data/dataset.ts';
import type { Engine, Tensor, Tensors } from '../engine/engine.ts';
import { copyAfter, earlyStoppingAfter } from './best.ts';
import { appendEpoch, type Logs } from './history.ts';
import { pipeline } from './pipeline.ts';
import { plateauAfter } from './plateau.ts';
import type { Progress, Snapshot } from './state.ts';
import { ofRole } from './tensors.ts';

/** Where batches come from. The tensors of one call must stay untouched until `depth` more calls were made. */
export interface Batches {
  readonly count: Readonly<Record<PartName, number>>;
  /** Sample numbers of a part, in the order of the source. */
  readonly part: (part: PartName) => Int32Array;
  /** Samples of the training part in the order of a pass (0-based); every pass has as many. */
  readonly pass: (pass: number) => Int32Array;
  /** `x` and `y` of these samples; for training `weights` and `transforms` too where the program has them, drawn for (pass, sample). */
  readonly feeds: (part: PartName, samples: Int32Array, pass: number) => Tensors;
}

/** What the loop leaves behind. Rejections end the run. */
export interface Store {
  /** A state to go on from. `why`: an epoch ended, or the run was interrupted. */
  readonly checkpoint: (snapshot: Snapshot, why: 'epoch' | 'interrupted') => Promise<void>;
  /** Weights to keep for good: of one epoch (0-based), or the best so far. */
  readonly copy: (kind: 'epoch' | 'best', epoch: number, weights: Tensors) => Promise<void>;
}

export interface StepReport {
  readonly epoch: number;
  /** Batches of this epoch that are done, and of how many. */
  readonly batch: number;
  readonly batches: number;
  readonly step: number;
  readonly samples: number;
  /** Loss of this batch alone. */
  readonly batchLoss: number;
  /** Means over this epoch so far. */
  readonly logs: Logs;
}

export interface EpochReport {
  readonly epoch: number;
  readonly step: number;
  readonly logs: Logs;
  readonly best: { readonly monitor: string; readonly epoch: number; readonly improved: boolean } | null;
  readonly stopping: boolean;
}

export interface Listener {
  readonly step: (report: StepReport) => void;
  /** While a part is measured: samples done and of how many. */
  readonly measured: (part: PartName, done: number, total: number) => void;
  readonly epoch: (report: EpochReport) => void;
}

export interface Job {
  readonly program: Program;
  readonly variables: readonly GraphVariable[];
  /** Loaded, its variables those of `start`. */
  readonly engine: Engine;
  readonly batches: Batches;
  readonly start: Omit<Snapshot, 'variables'>;
  readonly store: Store;
  readonly listener: Listener;
  readonly signal: AbortSignal;
}

export interface Outcome {
  readonly status: 'finished' | 'interrupted';
  readonly progress: Progress;
  readonly best: Tensors | null;
}

/** The loss or a weight is no number; the run turns it into a diagnostic. */
export class NotFinite extends Error {
  constructor(readonly step: number, readonly epoch: number, /** Of the last steps, oldest first; none where a weight was found at the end of an epoch. */ readonly losses: readonly number[]) {
    super(`the loss or a weight is not finite at step ${step}`);
  }
}

/** Trains from `start` to the end, early stopping, or the signal. Rejects with NotFinite, EngineDied, or what the store rejects with. */
export async function train(job: Job): Promise<Outcome> {
  const { program, engine, store, listener, signal } = job;
  const { fit } = program;
  let { progress, best } = job.start;
  /**
   * Everything to keep. The loss of a step does not always show a NaN: kernels of relu and max-pooling may drop one, and a
   * filter that is no number then only looks dead. So the weights themselves are looked at before they are kept.
   */
  const stateNow = async (): Promise<Tensors> => {
    const variables = await engine.state();
    if (fit.stopOnNan && !job.variables.every(({ name }) => allFinite(variables[name]))) throw new NotFinite(progress.step, progress.epoch, []);
    return variables;
  };
  const interrupted = async (): Promise<Outcome> => {
    await store.checkpoint({ progress, variables: await stateNow(), best }, 'interrupted');
    return { status: 'interrupted', progress, best };
  };

  while (progress.epoch < fit.epochs && progress.earlyStopping.stoppedEpoch === null) {
    progress = await trainEpoch(job, progress);
    if (signal.aborted) return interrupted();
    const validation = job.batches.count.validation > 0 ? await measure(job, 'validation') : {};
    if (validation === null) return interrupted();

    const { epoch, sums, samples, step } = progress;
    const prefixed = Object.fromEntries(Object.entries(validation).map(([name, value]) => [`val_${name}`, value]));
    // As in Keras: the rate of this epoch, or where the schedule stands now.
    const rate = rateOf(program, progress, step);
    const logs: Logs = { ...numbersOf(program, sums, samples), ...prefixed, learning_rate: rate };
    const stopping = fit.earlyStopping ? earlyStoppingAfter(progress.earlyStopping, fit.earlyStopping, epoch, logs) : { state: progress.earlyStopping, improved: false };
    const copy = fit.checkpoint ? copyAfter(fit.checkpoint, progress.bestCopy, epoch, logs) : { copy: 'none' as const, best: progress.bestCopy };

    const variables = await stateNow();
    const weights = ofRole(variables, job.variables, 'weight');
    if (stopping.improved && fit.earlyStopping?.restoreBest) best = weights;
    progress = {
      ...progress,
      epoch: epoch + 1,
      batch: 0,
      sums: sums.map(() => 0),
      samples: 0,
      history: appendEpoch(progress.history, logs),
      earlyStopping: stopping.state,
      plateau: fit.reduceLr ? plateauAfter(progress.plateau, fit.reduceLr, rate, logs) : progress.plateau,
      bestCopy: copy.best,
    };
    if (copy.copy !== 'none') await store.copy(copy.copy, epoch, weights);
    await store.checkpoint({ progress, variables, best }, 'epoch');
    const { bestEpoch, stoppedEpoch } = stopping.state;
    listener.epoch({
      epoch,
      step,
      logs,
      best: fit.earlyStopping && bestEpoch !== null ? { monitor: fit.earlyStopping.monitor, epoch: bestEpoch, improved: stopping.improved } : null,
      stopping: stoppedEpoch !== null,
    });
  }
  await takeAverages(job);
  // Keras restores the best weights whatever ended training.
  if (best) await engine.restore(best);
  return { status: 'finished', progress, best };
}

/** With `ema`, the averages take the weights' place at the end. */
async function takeAverages({ program, engine }: Job): Promise<void> {
  if (!program.compile.around.ema) return;
  const names = program.layers.flatMap((layer) => layer.variables).filter((variable) => variable.trainable).map((variable) => variable.name);
  const averages = await engine.state(names.map(averageName));
  await engine.restore(Object.fromEntries(names.map((name) => [name, averages[averageName(name)]])));
}

/** The rate of a step, which counts from 0: by the schedule, or as it was lowered. */
const rateOf = ({ compile }: Program, { plateau }: Progress, step: number): number => plateau.rate ?? rateAt(compile.optimizer.lr, step);

/** The steps of one epoch from where `progress` stands; fewer when the signal comes. */
async function trainEpoch(job: Job, begin: Progress): Promise<Progress> {
  const { program, engine, batches, listener, signal } = job;
  const size = program.fit.batch;
  const passes = passesOf(batches, size);
  const total = program.fit.stepsPerEpoch ?? passes.steps;
  const sums = [...begin.sums];
  let samples = begin.samples;
  const trail: number[] = [];
  const key: Tensor = { dtype: 'int32', shape: [2], data: Int32Array.from(keyOf(program.fit.seed, Purpose.dropout), (word) => word | 0) };
  const stepOf = (batch: number): number => begin.step + batch - begin.batch + 1;
  const start = (batch: number): Promise<Tensors> => {
    const step = stepOf(batch);
    const { pass, samples } = passes.batch(step - 1);
    const lr: Tensor = { dtype: 'float32', shape: [], data: Float32Array.of(rateOf(program, begin, step - 1)) };
    return engine.run('train', { ...batches.feeds('train', samples, pass), key, step: { dtype: 'int32', shape: [], data: Int32Array.of(step) }, lr });
  };

  const batch = await pipeline(
    begin.batch,
    total,
    start,
    (i, answer) => {
      const n = passes.batch(stepOf(i) - 1).samples.length;
      for (let k = 0; k < sums.length; k++) sums[k] += answer.sums.data[k];
      samples += n;
      trail.push(answer.sums.data[0] / n);
      if (program.fit.stopOnNan && answer.finite.data[0] === 0) throw new NotFinite(stepOf(i), begin.epoch, trail.slice(-3));
      if (trail.length > 3) trail.shift();
      listener.step({ epoch: begin.epoch, batch: i + 1, batches: total, step: stepOf(i), samples, batchLoss: answer.sums.data[0] / n, logs: numbersOf(program, sums, samples) });
    },
    () => signal.aborted,
  );
  return { ...begin, batch, step: stepOf(batch - 1), sums, samples };
}

/**
 * Batches by the step over the whole run, which counts from 0: passes follow one another, whatever an epoch is. A few orders
 * are kept, since calls are under way at both ends of a pass.
 */
export function passesOf(batches: Batches, size: number): { readonly steps: number; readonly batch: (step: number) => { readonly pass: number; readonly samples: Int32Array } } {
  const orders = new Map<number, Int32Array>();
  const order = (pass: number): Int32Array => {
    const known = orders.get(pass);
    if (known) return known;
    const made = batches.pass(pass);
    orders.delete(pass - 2);
    orders.set(pass, made);
    return made;
  };
  const length = order(0).length;
  orders.clear();
  const steps = Math.ceil(length / size);
  return {
    steps,
    batch(step) {
      const pass = Math.floor(step / steps);
      const at = (step - pass * steps) * size;
      return { pass, samples: order(pass).subarray(at, Math.min(length, at + size)) };
    },
  };
}

/** Loss and metrics over a whole part with the weights as they are; null when the signal came first. */
export async function measure(job: Pick<Job, 'program' | 'engine' | 'batches' | 'listener' | 'signal'>, part: PartName): Promise<Logs | null> {
  const { program, engine, batches, listener, signal } = job;
  const samples = batches.part(part);
  const size = program.fit.batch;
  const total = Math.ceil(samples.length / size);
  const sums = new Array<number>(sizeOfSums(program)).fill(0);
  const done = await pipeline(
    0,
    total,
    (i) => engine.run('evaluate', batches.feeds(part, samples.subarray(i * size, Math.min(samples.length, (i + 1) * size)), 0)),
    (i, answer) => {
      for (let k = 0; k < sums.length; k++) sums[k] += answer.sums.data[k];
      listener.measured(part, Math.min(samples.length, (i + 1) * size), samples.length);
    },
    () => signal.aborted,
  );
  return done < total ? null : numbersOf(program, sums, samples.length);
}

/** Names of an epoch's numbers: the loss, then the program's metrics. */
export const numberNames = (program: Program): readonly string[] => ['loss', ...program.compile.metrics.map((m) => m.name)];

/** A plain loop: `every` takes nine times as long, a second for the state of a ResNet-18. */
function allFinite({ data }: Tensor): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}
