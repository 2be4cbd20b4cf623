/** What `cnnc run` shows: a view hears what happens and writes it, for a terminal, for a log, as JSON, or not at all. */
import type { Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import type { Program } from '../compiler/model/program.ts';
import { summarise } from '../compiler/model/summary.ts';
import type { TrainingMemory } from '../compiler/model/summary.ts';
import type { PartName } from '../runtime/data/dataset.ts';
import type { EngineInfo } from '../runtime/engine/engine.ts';
import { bytes, count, large, plural, short } from '../runtime/report/numbers.ts';
import type { Figures, LabelFigures, ValueFigures } from '../runtime/report/figures.ts';
import { bestIndex, directionOf } from '../runtime/train/best.ts';
import type { EpochReport, StepReport } from '../runtime/train/loop.ts';
import type { RunResult } from '../runtime/train/run.ts';
import { spread } from './render-parts.ts';

export interface Start {
  readonly cnnc: string;
  /** As the user typed it. */
  readonly path: string;
  readonly program: Program;
  readonly folder: string;
  readonly classes: readonly string[];
  readonly parts: Readonly<Record<PartName, number>>;
  readonly engine: EngineInfo;
  /** What training is expected to take. */
  readonly memory: TrainingMemory;
  /** Where it goes on: epochs and steps done before; null for a new run. */
  readonly resumed: { readonly epoch: number; readonly step: number } | null;
}

export interface End {
  readonly start: Start;
  readonly result: RunResult;
  readonly resumeCommand: string;
}

export interface View {
  /** Pictures decoded and of how many. */
  readonly opening: (done: number, total: number) => void;
  /** The whitening matrix is worked out: a share of 0 to 1. */
  readonly whitening: (share: number) => void;
  readonly start: (start: Start) => void;
  readonly step: (report: StepReport) => void;
  readonly measured: (part: PartName, done: number, total: number) => void;
  readonly epoch: (report: EpochReport) => void;
  readonly saved: (file: string, step: number, epoch: number, why: 'epoch' | 'interrupted') => void;
  /** The signal came; the steps under way are being finished. */
  readonly stopping: () => void;
  readonly end: (end: End) => void;
  /** Clears the way for messages on stderr; JSON views give them too. */
  readonly diagnostics: (diagnostics: readonly Diagnostic[]) => void;
}

/** The column after which every line begins. */
export const indent = 13;
export const label = (text: string): string => (text.length < indent - 1 ? text.padEnd(indent) : `${text}  `);

const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** The three lines at the top. */
export function headLines({ path, program, classes, parts, engine, memory }: Start, width: number): readonly string[] {
  const { kind } = program.labels;
  const total = parts.train + parts.validation + parts.test;
  const what = kind === 'values' ? plural(classes.length, 'value') : kind === 'multilabel' ? plural(classes.length, 'label') : `${count(classes.length)} ${classes.length === 1 ? 'class' : 'classes'}`;
  const split = [`${count(parts.train)} train`, ...(parts.validation > 0 ? [`${count(parts.validation)} validation`] : []), ...(parts.test > 0 ? [`${count(parts.test)} test`] : [])];
  const summary = summarise(program);
  return [
    `${label(nameOf(path))}${program.name}  ${what}, ${plural(total, 'picture')} → ${split.join(' · ')}`,
    `${label('network')}${plural(program.layers.length, 'layer')}, ${plural(summary.params.total, 'parameter')}, ${large(summary.macs)} multiply-adds, about ${bytes(memory.total)} of memory`,
    spread(`${label('engine')}${engine.kind} ${engine.version.replace(/^(\d+\.\d+)\.0$/, '$1')} (${plural(engine.threads, 'thread')})`, `seed ${program.fit.seed}`, Math.min(width, 80)),
  ];
}

/** The five lines at the end. `files` is the run folder as the user would type it. */
export function closingLines({ result, resumeCommand }: End, files: string, values: (logs: Readonly<Record<string, number>>) => string): readonly string[] {
  if (result.status === 'interrupted') {
    return [`${label('interrupted')}after ${plural(result.epochs, 'whole epoch')}; everything up to the last step is saved in ${files}`, `${label('next')}${resumeCommand}`];
  }
  const { kept, test } = result;
  return [
    label('best') + bestText(result, values),
    `${label('test')}${test ? `${values(test.metrics)}  on ${plural(test.count, 'picture')}` : 'no test part; split test=20% would keep one apart'}`,
    ...(test ? [weakestLine(test.figures)] : []),
    `${label('files')}${files}: weights.npz, history.json, ${test ? 'figures.json, ' : ''}${kept ? 'plots/, ' : ''}model/`,
    `${label('next')}cnnc predict ${quoted(files)} picture.jpg`,
  ];
}

function bestText({ kept, stoppedEarly, history }: RunResult, values: (logs: Readonly<Record<string, number>>) => string): string {
  if (!kept) return 'no epoch was trained';
  const early = stoppedEarly ? `, stopped early after ${plural(history.epoch.length, 'epoch')}` : '';
  if (kept.restored) return `epoch ${kept.epoch + 1}, its weights kept  ${values(kept.logs)}${early}`;
  const name = history.values.val_loss ? 'val_loss' : 'loss';
  const at = bestIndex(history.values[name] ?? [], directionOf(name));
  if (at < 0) return `none: ${name} was never a number`;
  const note = at === kept.epoch ? '' : `; the weights are those of the last epoch, ${name} ${short(history.values[name][kept.epoch])} (early_stopping restore_best keeps the best)`;
  return `epoch ${at + 1}, ${name} ${short(history.values[name][at])}${note}${early}`;
}

/** Where the test went worst, in one line. */
function weakestLine(figures: Figures): string {
  if (figures.kind === 'values') return farthestLine(figures);
  if (figures.kind === 'multilabel') return weakestLabel(figures);
  const [most] = figures.confused;
  return label('confused') + (most ? `most: ${most.actual} taken for ${most.predicted}, ${count(most.count)} of ${count(most.of)}` : 'nothing: all test pictures were recognised');
}

function weakestLabel({ labels, exact, count: pictures }: LabelFigures): string {
  const all = Math.round(exact * pictures);
  if (all === pictures) return `${label('weakest')}none: every label of all test pictures is right`;
  // A label that no test picture has says nothing.
  const weakest = labels.filter((one) => one.count > 0).reduce<LabelFigures['labels'][number] | null>((a, b) => (a === null || (b.f1 ?? 0) < (a.f1 ?? 0) ? b : a), null);
  const every = `every label right on ${count(all)} of ${count(pictures)}`;
  if (!weakest) return `${label('weakest')}${every}`;
  const right = Math.round((weakest.recall ?? 0) * weakest.count);
  const wrong = weakest.predicted - right;
  return `${label('weakest')}${weakest.label}: ${count(right)} of ${count(weakest.count)} found, ${wrong === 0 ? 'none' : count(wrong)} said wrongly; ${every}`;
}

function farthestLine({ values, count: pictures }: ValueFigures): string {
  // Values of different size are compared by what is left of their spread.
  const worst = values.reduce((a, b) => ((b.r2 ?? Infinity) < (a.r2 ?? Infinity) ? b : a));
  const { picture, actual, predicted } = worst.farthest;
  const which = values.length === 1 ? '' : `${worst.value}, off by ${short(worst.mae)} on average; `;
  return pictures === 0 ? `${label('farthest')}nothing` : `${label('farthest')}${which}${short(predicted)} instead of ${short(actual)}: ${picture}`;
}

/** For a shell, where it needs it. */
export const quoted = (word: string): string => (/^[\w@%+=:,./\\-]+$/.test(word) ? word : `"${word.replace(/(["$`\\])/g, '\\$1')}"`);
