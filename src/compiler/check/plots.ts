/** Plots: those asked for, or one for the loss and one for each metric, as Keras tutorials draw them. */
import type { Plot } from '../model/program.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { read } from '../bind/bound.ts';
import type { Bound, BoundPlot, Use } from '../bind/bound.ts';
import type { CheckedTraining } from './training.ts';
import { historyNames } from './fit.ts';
import type { Context } from './context.ts';

type Corner = 'upper_right' | 'upper_left' | 'lower_right' | 'lower_left' | 'best';

export function checkPlots(bound: Bound, training: CheckedTraining, validates: boolean, context: Context): readonly Plot[] {
  const known = historyNames(training, false);
  if (bound.plots.length === 0) return known.map((name) => plot([name], null, validates, new Map(), context));
  const files = new Map<string, number>();
  return bound.plots.flatMap((one) => {
    if (!one.use.sound) return [];
    const metrics = read(one.use).texts('metrics');
    if (training.metrics !== null && !checkNames(one, metrics, known, context)) return [];
    return [plot(metrics, one, validates, files, context)];
  });
}

function checkNames(one: BoundPlot, metrics: readonly string[], known: readonly string[], { report }: Context): boolean {
  const unknown = metrics.findIndex((name) => !known.includes(name));
  if (unknown < 0) return true;
  const metric = metrics[unknown];
  report.add('CNN2203', one.use.statement.values[unknown]?.span ?? one.use.span, { metric, known, suggestion: metric.startsWith('val_') ? null : (suggest(metric, known)?.word ?? null) });
  return false;
}

function plot(metrics: readonly string[], one: BoundPlot | null, validates: boolean, files: Map<string, number>, context: Context): Plot {
  const setting = (word: string): Use | null => {
    const use = one?.settings.settings.get(word);
    return use?.sound ? use : null;
  };
  const text = (word: string, otherwise: string): string => {
    const use = setting(word);
    return use ? read(use).text('text') : otherwise;
  };
  const what = metrics.map(readable).join(' and ');
  const curves = metrics.flatMap((name) => {
    const suffix = metrics.length > 1 ? ` ${readable(name)}` : '';
    return validates ? [`Train${suffix}`, `Validation${suffix}`] : [`Train${suffix}`];
  });
  const legend = setting('legend');
  const labels = legend && legend.args.has('labels') ? read(legend).texts('labels') : null;
  if (legend && labels && labels.length !== curves.length)
    context.report.add('CNN2204', legend.args.get('labels')?.span ?? legend.span, { given: labels.length, wanted: curves.length, curves });
  return {
    metrics,
    file: fileName(metrics, files),
    title: text('title', `Model ${what}`),
    xlabel: text('xlabel', 'Epoch'),
    ylabel: text('ylabel', capital(what)),
    legend: { labels: labels ?? curves, at: legend ? corner(read(legend).text('at')) : 'best' },
  };
}

const readable = (name: string): string => name.replace(/_/g, ' ');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const corner = (at: string): Corner => (at === 'upper_right' || at === 'upper_left' || at === 'lower_right' || at === 'lower_left' ? at : 'best');

/** `loss`, `accuracy-mae`; a second plot of the same gets a number. */
function fileName(metrics: readonly string[], taken: Map<string, number>): string {
  const base = metrics.join('-').slice(0, 80);
  let name = base;
  let n = taken.get(base) ?? 1;
  while (taken.has(name)) name = `${base}-${++n}`;
  taken.set(name, 1).set(base, n);
  return name;
}
