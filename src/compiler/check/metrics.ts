/** Metrics: those written, checked against the labels and the loss, and those that follow from them. */
import type { LabelKind, Loss, Metric } from '../model/program.ts';
import { metrics } from '../vocabulary/index.ts';
import { given } from '../vocabulary/given.ts';
import { read } from '../bind/bound.ts';
import type { Use } from '../bind/bound.ts';
import { givesScores } from '../model/loss.ts';
import type { CheckedData } from './data.ts';
import type { Context } from './context.ts';

export function defaultMetrics(kind: LabelKind): readonly Metric[] {
  const definition = kind === 'values' ? metrics.mae : metrics.accuracy;
  return [definition.build(given(definition, new Map()), kind)];
}

/** `loss`: null where it was reported. */
export function checkMetrics(uses: readonly Use[], kind: LabelKind, loss: Loss | null, data: CheckedData, { report }: Context): readonly Metric[] {
  const list: { readonly metric: Metric; readonly use: Use }[] = [];
  for (const use of uses) {
    const definition = metrics[use.word.word as keyof typeof metrics];
    if (!definition.labels.includes(kind)) {
      report.add('CNN2112', use.span, { metric: use.word.word, kind });
      continue;
    }
    const before = report.errors;
    const metric = definition.build(read(use), kind);
    checkAgainstOutputs(metric, use, kind, data.count, report);
    if (report.errors > before) continue;
    const alike = list.filter((one) => one.metric.kind === metric.kind);
    const same = alike.find((one) => JSON.stringify({ ...one.metric, name: '' }) === JSON.stringify({ ...metric, name: '' }));
    if (same) {
      report.add('CNN1005', use.span, { what: 'metric', word: use.word.word }, { related: [{ span: same.use.span, label: 'first here' }] });
      continue;
    }
    if (loss) warnOfScores(metric, use, kind, loss, report);
    // The second one is numbered as Keras does it; of top_k the number says which.
    const name = alike.length === 0 ? metric.name : metric.kind === 'top_k' ? `top_k_${metric.k}` : `${metric.name}_${alike.length}`;
    list.push({ metric: { ...metric, name }, use });
  }
  return list.map(({ metric }) => metric);
}

type Report = Context['report'];

function checkAgainstOutputs(metric: Metric, use: Use, kind: LabelKind, count: number | null, report: Report): void {
  if (count === null) return;
  const outputs = kind === 'binary' ? 1 : count;
  const at = (option: string) => use.args.get(option)?.whole ?? use.span;
  if (metric.kind === 'top_k' && metric.k >= count) report.add('CNN2113', use.span, { k: metric.k, count });
  if (metric.kind === 'precision' || metric.kind === 'recall') {
    if (metric.class_id !== null && metric.class_id >= outputs) report.add('CNN2124', at('class_id'), { metric: metric.kind, option: 'class_id', value: metric.class_id, outputs });
    if (metric.top_k !== null && metric.top_k >= outputs) report.add('CNN2124', at('top_k'), { metric: metric.kind, option: 'top_k', value: metric.top_k, outputs });
  }
}

/** Metrics that expect probabilities, where the network gives logits or scores. */
function warnOfScores(metric: Metric, use: Use, kind: LabelKind, loss: Loss, report: Report): void {
  if (!givesScores(loss)) return;
  const classes = kind === 'categorical' || kind === 'sparse';
  const atBorder = classes ? 'a loss that takes probabilities' : `${metric.kind}(threshold=0)`;
  const better =
    metric.kind === 'auc' && !metric.from_logits
      ? 'auc(from_logits=on)'
      : ((metric.kind === 'accuracy' && !classes) || ((metric.kind === 'precision' || metric.kind === 'recall') && metric.top_k === null)) && !use.args.has('threshold')
        ? atBorder
        : null;
  if (better !== null) report.add('CNN2125', use.span, { metric: metric.kind, loss: loss.kind, better });
}
