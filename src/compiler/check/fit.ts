/** How training goes: epochs, batch, what is watched. */
import type { DataPlan, Fit } from '../model/program.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { metrics } from '../vocabulary/index.ts';
import { read } from '../bind/bound.ts';
import type { Bound, Use } from '../bind/bound.ts';
import { checkClasses } from './classes.ts';
import type { CheckedData } from './data.ts';
import { checkCsvLog } from './logs.ts';
import type { CheckedTraining } from './training.ts';
import type { Context } from './context.ts';

const defaults = { epochs: 10, batch: 32, seed: 0 };

/** Names of history: loss, metrics, and with validation their `val_` twins. */
export function historyNames(training: CheckedTraining, validates: boolean): readonly string[] {
  const names = ['loss', ...(training.metrics?.map((m) => m.name) ?? [])];
  return validates ? [...names, ...names.map((name) => `val_${name}`)] : names;
}

export function checkFit(bound: Bound, training: CheckedTraining, data: Pick<CheckedData, 'plan' | 'validates' | 'names'>, context: Context): Fit {
  const { plan, validates } = data;
  const setting = (word: string): Use | null => {
    const use = bound.fit.settings.get(word);
    return use?.sound ? use : null;
  };
  const number = (word: string, name: string, otherwise: number): number => {
    const use = setting(word);
    return use ? read(use).number(name) : otherwise;
  };
  const isOn = (word: string): boolean => {
    const use = setting(word);
    return use ? read(use).flag('on') : true;
  };
  const epochs = number('epochs', 'count', defaults.epochs);
  const batch = number('batch', 'size', defaults.batch);
  const batchUse = setting('batch');
  const pictures = plan && trainingPictures(plan, context);
  if (batchUse && pictures !== null && batch > pictures) context.report.add('CNN2207', batchUse.args.get('size')?.span ?? batchUse.span, { batch, pictures });
  const steps = setting('steps_per_epoch');
  const stepsPerEpoch = steps && read(steps).number('count');
  const every = training.compile?.around.gradient_accumulation_steps ?? null;
  const given = bound.compile.settings.get('optimizer')?.uses[0]?.args.get('gradient_accumulation_steps');
  const all = epochs * (stepsPerEpoch ?? (pictures === null ? Infinity : Math.ceil(pictures / batch)));
  if (every !== null && given && every > all) context.report.add('CNN1282', given.whole, { every, steps: all });
  const stopping = setting('early_stopping');
  const checkpoint = setting('checkpoint');
  if (stopping) {
    checkMonitor(stopping, training, validates, context);
    const patience = read(stopping).number('patience');
    const written = stopping.args.get('patience');
    if (written && patience >= epochs) context.report.add('CNN2206', written.whole, { patience, epochs });
  }
  const reduce = setting('reduce_lr');
  if (reduce) checkReduceLr(reduce, epochs, training, validates, context);
  const tensorboard = setting('tensorboard');
  if (checkpoint && read(checkpoint).flag('best')) checkMonitor(checkpoint, training, validates, context);
  return {
    epochs,
    batch,
    seed: number('seed', 'value', defaults.seed),
    shuffle: isOn('shuffle'),
    stepsPerEpoch,
    ...checkClasses(setting('class_weight'), setting('sampling'), training, data, context),
    earlyStopping: stopping && {
      monitor: read(stopping).text('monitor'),
      mode: modeOf(stopping, training),
      patience: read(stopping).number('patience'),
      minDelta: read(stopping).number('min_delta'),
      restoreBest: read(stopping).flag('restore_best'),
      startFromEpoch: read(stopping).number('start_from_epoch'),
      baseline: read(stopping).maybe('baseline'),
    },
    reduceLr: reduce && {
      monitor: read(reduce).text('monitor'),
      mode: modeOf(reduce, training),
      factor: read(reduce).number('factor'),
      patience: read(reduce).number('patience'),
      minDelta: read(reduce).number('min_delta'),
      cooldown: read(reduce).number('cooldown'),
      minLr: read(reduce).number('min_lr'),
    },
    checkpoint: checkpoint && {
      every: read(checkpoint).number('every'),
      best: read(checkpoint).flag('best'),
      monitor: read(checkpoint).text('monitor'),
      mode: modeOf(checkpoint, training),
      initialValueThreshold: read(checkpoint).maybe('initial_value_threshold'),
    },
    csvLog: checkCsvLog(setting('csv_log'), context),
    tensorboard: tensorboard ? read(tensorboard).flag('on') : false,
    stopOnNan: isOn('stop_on_nan'),
  };
}

/** What the training part holds, but for rounding; null when that is not known yet. Parts that the data brings are not counted apart. */
function trainingPictures({ source, split, limit }: DataPlan, { facts }: Context): number | null {
  const count = facts?.count ?? (source.kind === 'synthetic' ? source.count : null);
  return count === null ? null : Math.ceil(Math.min(count, limit ?? count) * (1 - (split.test ?? 0)) * (1 - (split.validation ?? 0)));
}

function checkReduceLr(use: Use, epochs: number, training: CheckedTraining, validates: boolean, context: Context): void {
  checkMonitor(use, training, validates, context);
  const patience = read(use).number('patience');
  const written = use.args.get('patience');
  if (patience >= epochs) context.report.add('CNN2128', written?.whole ?? use.span, { patience, epochs });
  const { lr } = training.optimizer;
  if (typeof lr !== 'number') context.report.add('CNN1247', use.span, { schedule: lr.kind });
}

function checkMonitor(use: Use, training: CheckedTraining, validates: boolean, { report }: Context): void {
  const monitor = read(use).text('monitor');
  const span = use.args.get('monitor')?.span ?? use.span;
  const word = use.word.word;
  if (training.metrics === null) return;
  const known = historyNames(training, validates);
  if (known.includes(monitor)) return;
  if (!validates && historyNames(training, true).includes(monitor)) report.add('CNN2201', span, { word, monitor });
  else report.add('CNN2202', span, { word, monitor, known, suggestion: suggest(monitor, known)?.word ?? null });
}

/** `auto`: larger is better where the metric says so. */
function modeOf(use: Use, training: CheckedTraining): 'min' | 'max' {
  const mode = read(use).text('mode');
  if (mode === 'min' || mode === 'max') return mode;
  const name = read(use).text('monitor').replace(/^val_/, '');
  const metric = training.metrics?.find((m) => m.name === name);
  return metric ? metrics[metric.kind].mode : 'min';
}
