/** Optimizer, loss and metrics: those written, checked against the labels, and those that follow from them. */
import type { Compile, LabelKind, Loss, Metric, Optimizer } from '../model/program.ts';
import { losses } from '../vocabulary/index.ts';
import { given } from '../vocabulary/given.ts';
import { replace } from '../bind/report.ts';
import { read } from '../bind/bound.ts';
import type { Bound, Use } from '../bind/bound.ts';
import type { CheckedData } from './data.ts';
import type { Context } from './context.ts';
import { checkMetrics, defaultMetrics } from './metrics.ts';
import { checkOptimizer } from './optimizer.ts';

export interface CheckedTraining {
  /** null: the labels are not known yet, or were reported. */
  readonly compile: Compile | null;
  /** The labels' kind after the loss has chosen between one-hot and numbers. */
  readonly kind: LabelKind | null;
  readonly lossUse: Use | null;
  /** The loss as written, or the one that follows from the labels; null: not known, or reported. */
  readonly loss: Loss | null;
  readonly optimizer: Optimizer;
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
  const { optimizer, around } = checkOptimizer(head('optimizer'), context);
  const precision = setting('precision');
  const lossUse = head('loss');
  const kind = labelKind(data, lossUse);
  const standard = kind && losses[lossFor[kind]];
  const loss = lossUse ? losses[lossUse.word.word as keyof typeof losses].build(read(lossUse)) : (setting('loss') ? null : (standard?.build(given(standard, new Map())) ?? null));
  if (kind && lossUse) checkLoss(lossUse, kind, data, context);
  if (lossUse && loss && 'ignore_class' in loss) checkIgnored(lossUse, loss.ignore_class, data, context);
  const metricsUse = setting('metrics');
  const beforeMetrics = report.errors;
  const list = kind ? (metricsUse ? checkMetrics(metricsUse.uses.filter((use) => use.sound), kind, loss, data, context) : defaultMetrics(kind)) : [];
  const metricsFound = (metricsUse?.sound ?? true) && report.errors === beforeMetrics;
  const sound = report.errors === before && bound.compile.sound;
  return {
    compile: sound && kind && loss ? { optimizer, around, loss, metrics: list, precision: precision?.sound && read(precision).text('format') === 'mixed_bfloat16' ? 'mixed_bfloat16' : 'float32' } : null,
    kind,
    lossUse,
    loss,
    optimizer,
    metrics: kind && metricsFound ? list : null,
  };
}

/** @param ignored number of the class that does not count, if any */
function checkIgnored(use: Use, ignored: number | undefined, { count }: CheckedData, { report }: Pick<Context, 'report'>): void {
  if (ignored !== undefined && count !== null && ignored >= count) report.add('CNN1283', use.args.get('ignore_class')?.span ?? use.span, { option: 'ignore_class', value: ignored, outputs: count });
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
