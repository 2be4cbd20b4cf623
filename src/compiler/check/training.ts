/** Optimizer, loss and metrics: those written, checked against the labels, and those that follow from them. */
import type { Compile, LabelKind, Loss, Metric } from '../model/program.ts';
import { losses, metrics, optimizers } from '../vocabulary/index.ts';
import { given } from '../vocabulary/given.ts';
import { replace } from '../bind/report.ts';
import { read } from '../bind/bound.ts';
import type { Bound, Use } from '../bind/bound.ts';
import type { CheckedData } from './data.ts';
import type { Context } from './context.ts';

export interface CheckedTraining {
  /** null: the labels are not known yet, or were reported. */
  readonly compile: Compile | null;
  /** The labels' kind after the loss has chosen between one-hot and numbers. */
  readonly kind: LabelKind | null;
  readonly lossUse: Use | null;
  /** What is measured; null where the labels are not known yet or a metric was not understood. */
  readonly metrics: readonly Metric[] | null;
}

export const lossFor: Readonly<Record<LabelKind, Loss['kind']>> = {
  categorical: 'categorical_crossentropy',
  sparse: 'sparse_categorical_crossentropy',
  binary: 'binary_crossentropy',
  multilabel: 'binary_crossentropy',
  values: 'mse',
};

export function checkTraining(bound: Bound, data: CheckedData, context: Context): CheckedTraining {
  const { report } = context;
  const before = report.errors;
  const setting = (word: string): Use | null => bound.compile.settings.get(word) ?? null;
  const head = (word: string): Use | null => {
    const use = setting(word)?.uses[0];
    return use?.sound ? use : null;
  };
  const optimizerUse = head('optimizer');
  const optimizer = optimizerUse ? optimizers[optimizerUse.word.word as keyof typeof optimizers].build(read(optimizerUse)) : optimizers.adam.build(given(optimizers.adam, new Map()));
  const lossUse = head('loss');
  const kind = labelKind(data, lossUse);
  const loss = lossUse ? losses[lossUse.word.word as keyof typeof losses].build(read(lossUse)) : null;
  if (kind && lossUse) checkLoss(lossUse, kind, data, context);
  const metricsUse = setting('metrics');
  const beforeMetrics = report.errors;
  const list = kind ? (metricsUse ? checkMetrics(metricsUse.uses.filter((use) => use.sound), kind, data, context) : defaultMetrics(kind)) : [];
  const metricsFound = (metricsUse?.sound ?? true) && report.errors === beforeMetrics;
  const sound = report.errors === before && bound.compile.sound;
  return {
    compile: sound && kind ? { optimizer, loss: loss ?? losses[lossFor[kind]].build(given(losses[lossFor[kind]], new Map())), metrics: list } : null,
    kind,
    lossUse,
    metrics: kind && metricsFound ? list : null,
  };
}

/** One class of several is kept one-hot or as numbers, whichever the loss takes, unless the program says which. */
function labelKind(data: CheckedData, lossUse: Use | null): LabelKind | null {
  const { kind } = data;
  if (data.kindUse || (kind !== 'categorical' && kind !== 'sparse')) return kind;
  if (lossUse?.word.word === 'sparse_categorical_crossentropy') return 'sparse';
  return lossUse?.word.word === 'categorical_crossentropy' ? 'categorical' : kind;
}

function checkLoss(use: Use, kind: LabelKind, data: CheckedData, { report }: Context): void {
  const definition = losses[use.word.word as keyof typeof losses];
  const stated = data.kindUse !== null;
  const other = (kind === 'categorical' && use.word.word === 'sparse_categorical_crossentropy') || (kind === 'sparse' && use.word.word === 'categorical_crossentropy');
  if (definition.labels.includes(kind) && !(stated && other)) return;
  const expected = lossFor[kind];
  const word = use.statement.values[0];
  const span = word?.kind === 'call' ? word.name.span : use.span;
  const related = data.kindUse ? [{ span: data.kindUse.span, label: `labels are ${kind}` }] : data.origin ? [{ span: data.origin, label: 'the labels come from here' }] : [];
  report.add('CNN2111', span, { loss: use.word.word, kind, expected, stated: stated && other }, { related, fixes: [replace(`write ${expected}`, span, expected)] });
}

function defaultMetrics(kind: LabelKind): readonly Metric[] {
  const definition = kind === 'values' ? metrics.mae : metrics.accuracy;
  return [definition.build(given(definition, new Map()), kind)];
}

function checkMetrics(uses: readonly Use[], kind: LabelKind, data: CheckedData, { report }: Context): readonly Metric[] {
  const list: Metric[] = [];
  for (const use of uses) {
    const definition = metrics[use.word.word as keyof typeof metrics];
    if (!definition.labels.includes(kind)) {
      report.add('CNN2112', use.span, { metric: use.word.word, kind });
      continue;
    }
    const metric = definition.build(read(use), kind);
    if (metric.kind === 'top_k' && data.count !== null && metric.k >= data.count) {
      report.add('CNN2113', use.span, { k: metric.k, count: data.count });
      continue;
    }
    const named = metric.kind === 'top_k' && list.some((m) => m.name === metric.name) ? { ...metric, name: `top_k_${metric.k}` } : metric;
    const earlier = list.findIndex((m) => m.name === named.name);
    if (earlier >= 0) report.add('CNN1005', use.span, { what: 'metric', word: use.word.word }, { related: [{ span: uses[earlier].span, label: 'first here' }] });
    else list.push(named);
  }
  return list;
}
