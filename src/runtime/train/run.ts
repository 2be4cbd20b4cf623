/**
 * One run from loaded data to a finished run folder: train, restore the best, measure the test part, write everything.
 * Whatever ends it early leaves a manifest that says so and a checkpoint to go on from.
 */
import { availableParallelism, cpus } from 'node:os';
import { relative, resolve } from 'node:path';
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { initialSlots, initialWeights } from '../../compiler/graph/initial.ts';
import { sizeOfSums } from '../../compiler/graph/metrics/finish.ts';
import type { TrainingGraph } from '../../compiler/graph/types.ts';
import { decisionThreshold, isYesOrNo } from '../../compiler/model/decision.ts';
import type { Program } from '../../compiler/model/program.ts';
import { fileSpan } from '../../compiler/source/source.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Engine, Tensors } from '../engine/engine.ts';
import { figuresOf, type Figures } from '../report/figures.ts';
import { batchesOf } from './batches.ts';
import { answersOf } from './answers.ts';
import { faultOf } from './faults.ts';
import { guarded } from './guard.ts';
import { logsOf, type History, type Logs } from './history.ts';
import { epochLogs } from './logs.ts';
import { measure, train, type Job, type Listener, type Outcome, type Store } from './loop.ts';
import { writeManifest, type Manifest, type Status } from './manifest.ts';
import { writeFigures, writeHistory, writeMetrics, writeModel, writePlots } from './results.ts';
import { placeOf, startOfRun, type Snapshot } from './state.ts';
import { reasonOf } from './reason.ts';
import { CannotWrite, folderStore, writing } from './store.ts';
import { asTensors, ofRole } from './tensors.ts';

export interface RunListener extends Listener {
  readonly saved: (file: string, snapshot: Snapshot, why: 'epoch' | 'interrupted') => void;
}

export interface RunPlan {
  /** Claimed and locked. */
  readonly folder: string;
  readonly programPath: string;
  readonly programText: string;
  /** The files that the program imports, kept for the record. */
  readonly imported?: readonly { readonly path: string; readonly text: string }[];
  readonly programHash: string;
  readonly program: Program;
  readonly graph: TrainingGraph;
  readonly set: Readonly<Record<string, string>>;
  readonly dataset: Dataset;
  /** `preprocess/mean` and `preprocess/std` where the graph has them. */
  readonly statistics: Tensors;
  readonly engine: Engine;
  /** All weights of the network, instead of drawn ones. */
  readonly initial: { readonly weights: Tensors; readonly from: NonNullable<Manifest['initialWeights']> } | null;
  /** What to go on from: the run's manifest, and its newest checkpoint if it has one. */
  readonly resumed: { readonly manifest: Manifest; readonly snapshot: Snapshot | null } | null;
  readonly cnnc: string;
  /** What to type to go on. */
  readonly resumeCommand: string;
  readonly listener: RunListener;
  readonly signal: AbortSignal;
}

export interface RunResult {
  readonly status: 'finished' | 'interrupted';
  readonly epochs: number;
  readonly stoppedEarly: boolean;
  readonly history: History;
  /** The epoch whose weights are kept (0-based) and its numbers; the last one where nothing is restored. */
  readonly kept: { readonly epoch: number; readonly logs: Logs; readonly restored: boolean } | null;
  readonly test: { readonly metrics: Logs; readonly count: number; readonly figures: Figures } | null;
  /** PNG plots have their lettering. */
  readonly lettering: boolean;
  readonly seconds: number;
}

/** Everything that the graph keeps, as a new run begins with it. */
export const startVariables = ({ program, graph, initial, statistics }: Pick<RunPlan, 'program' | 'graph' | 'initial' | 'statistics'>): Tensors => ({
  ...(initial?.weights ?? asTensors(initialWeights(program, program.fit.seed), graph.variables)),
  ...asTensors(initialSlots(graph), graph.variables),
  ...statistics,
});

/** Brings the engine to where the run begins. Its variables are not kept here: the engine has them, and a second copy would stay for the whole run. */
async function restored(plan: RunPlan, engine: Engine, store: Store, begin: () => Promise<void>): Promise<Job['start']> {
  const { program } = plan;
  const start: Snapshot = plan.resumed?.snapshot ?? {
    progress: startOfRun(sizeOfSums(program)),
    variables: startVariables(plan),
    best: null,
  };
  // A file from outside may be gone when the run is resumed, so its weights are there before there is anything to resume.
  if (plan.initial && !plan.resumed?.snapshot) await store.checkpoint(start, 'epoch');
  await begin();
  await engine.restore(start.variables);
  return { progress: start.progress, best: start.best };
}

/** Rejects with DiagnosticError (CNN5xxx) for faults of training; the manifest then says `failed`. */
export async function runTraining(plan: RunPlan): Promise<RunResult> {
  const { folder, program, graph, dataset, listener, signal } = plan;
  const engine = guarded(plan.engine);
  const began = Date.now();
  let saved = plan.resumed?.snapshot?.progress ?? null;
  let during = 'the start';
  const place = {
    get saved() {
      return saved ? placeOf(saved) : null;
    },
    get during() {
      return during;
    },
  };
  const state = { done: saved?.epoch ?? 0, best: saved?.earlyStopping.bestEpoch ?? null, stoppedEarly: false };
  const record = async (status: Status, usage: Usage, fault: Manifest['fault'] = null): Promise<void> => {
    await writing('the manifest', folder, () => writeManifest(folder, manifestOf(plan, status, state, began, usage, fault)));
  };
  let begun = plan.resumed !== null;

  try {
    const batches = batchesOf(dataset, program);
    const log = epochLogs(folder, program.fit);
    const store = folderStore(folder, plan.programHash, (file, snapshot, why) => {
      saved = snapshot.progress;
      listener.saved(file, snapshot, why);
    }, log);
    const start = await restored(plan, engine, store, async () => {
      await record('running', unknownUsage);
      begun = true;
    });
    // A run that was killed between a checkpoint and its logs, the last one perhaps.
    if (plan.resumed) await writing('a log of the epochs', folder, () => log(start.progress.history));
    const watching: Listener = {
      step: (report) => {
        during = `step ${report.step} (epoch ${report.epoch + 1})`;
        listener.step(report);
      },
      measured: (part, done, total) => {
        during = `measuring the ${part} part`;
        listener.measured(part, done, total);
      },
      epoch: listener.epoch,
    };
    const job = { program, variables: graph.variables, engine, batches, start, store, listener: watching, signal };
    during = `step ${start.progress.step + 1}`;
    const outcome = await train(job);
    const { progress } = outcome;
    Object.assign(state, { done: progress.epoch, best: progress.earlyStopping.bestEpoch, stoppedEarly: progress.earlyStopping.stoppedEpoch !== null });

    const test = outcome.status === 'finished' && batches.count.test > 0 ? await measure(job, 'test') : null;
    const answers = test && !signal.aborted ? await answersOf('test', engine, program, dataset, batches, signal) : null;
    // Thresholds are looked for on the validation part, and tried on the test part.
    const before = answers && isYesOrNo(program.labels.kind) && batches.count.validation > 0 ? await answersOf('validation', engine, program, dataset, batches, signal) : null;
    const finished = outcome.status === 'finished' && !signal.aborted;
    const threshold = decisionThreshold(program);
    const figures = answers && figuresOf(answers, before, threshold);
    await writeHistory(folder, progress.history);
    const kept = keptEpoch(outcome);
    let lettering = true;
    if (finished) {
      during = 'writing the results';
      if (test) await writeMetrics(folder, test, batches.count.test);
      if (answers && figures) await writeFigures(folder, answers, figures, threshold);
      const weights = ofRole(await engine.state(), graph.variables, 'weight');
      const bundle = { program, weights, statistics: plan.statistics, classes: dataset.classes, pixels: dataset.pixelType };
      await writeModel(folder, bundle, { cnnc: plan.cnnc, created: new Date().toISOString() });
      if (progress.epoch > 0) lettering = await writePlots(folder, program, progress.history, kept?.restored ? kept.epoch : null);
    }
    await record(finished ? 'finished' : 'interrupted', await usageOf(engine));
    return {
      status: finished ? 'finished' : 'interrupted',
      epochs: progress.epoch,
      stoppedEarly: state.stoppedEarly,
      history: progress.history,
      kept,
      test: finished && test && figures ? { metrics: test, count: batches.count.test, figures } : null,
      lettering,
      seconds: secondsOf(plan, began),
    };
  } catch (error) {
    const fault = await faultOf(error, program, engine, place, plan.resumeCommand);
    if (!begun && error instanceof CannotWrite) throw new DiagnosticError([diagnostic('CNN6061', fileSpan(''), { path: folder, reason: reasonOf(error.cause) })]);
    const [first] = fault?.diagnostics ?? [];
    state.done = saved?.epoch ?? 0;
    // The disk may be full: the manifest then stays as it was, `running`, which can be resumed as well.
    await record('failed', await usageOf(engine).catch(() => unknownUsage), first ? { code: first.code, message: first.message } : { code: 'internal', message: String(error) }).catch(() => undefined);
    throw fault ?? error;
  }
}

function keptEpoch({ progress, best }: Outcome): RunResult['kept'] {
  if (progress.epoch === 0) return null;
  const { bestEpoch } = progress.earlyStopping;
  const epoch = best && bestEpoch !== null ? bestEpoch : progress.epoch - 1;
  return { epoch, logs: logsOf(progress.history, epoch), restored: best !== null };
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;
const secondsOf = (plan: RunPlan, began: number): number => (plan.resumed?.manifest.times.seconds ?? 0) + (Date.now() - began) / 1000;

/** Of this sitting. */
interface Usage {
  readonly memory: Manifest['memory'];
  readonly graph: number;
}
const unknownUsage: Usage = { memory: null, graph: 0 };

async function usageOf(engine: Engine): Promise<Usage> {
  // maxRSS is in kilobytes.
  return { memory: { own: process.resourceUsage().maxRSS * 1024, engine: await engine.memory() }, graph: await engine.seconds() };
}

function manifestOf(plan: RunPlan, status: Status, state: { readonly done: number; readonly best: number | null; readonly stoppedEarly: boolean }, began: number, usage: Usage, fault: Manifest['fault']): Manifest {
  const { program, dataset, resumed } = plan;
  const now = new Date().toISOString();
  return {
    schema: 1,
    cnnc: plan.cnnc,
    status,
    model: program.name,
    program: {
      path: relative(plan.folder, plan.programPath),
      text: plan.programText,
      hash: plan.programHash,
      ...(plan.imported?.length ? { imports: plan.imported.map(({ path, text }) => ({ path: relative(plan.folder, resolve(path)), text })) } : {}),
    },
    set: plan.set,
    data: { hash: dataset.hash, classes: dataset.classes, train: dataset.parts.train.length, validation: dataset.parts.validation.length, test: dataset.parts.test.length },
    seed: program.fit.seed,
    epochs: { asked: program.fit.epochs, ...state },
    engine: plan.engine.info,
    system: { node: process.version, platform: process.platform, arch: process.arch, cpu: cpus()[0]?.model ?? `${availableParallelism()} processors` },
    initialWeights: plan.initial?.from ?? resumed?.manifest.initialWeights ?? null,
    times: {
      started: resumed?.manifest.times.started ?? new Date(began).toISOString(),
      updated: now,
      finished: status === 'finished' ? now : null,
      seconds: rounded(secondsOf(plan, began)),
      graph: rounded((resumed?.manifest.times.graph ?? 0) + usage.graph),
    },
    memory: usage.memory,
    fault,
  };
}
