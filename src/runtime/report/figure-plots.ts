/** The pictures of a test, by file name: a matrix for classes, curves for yes or no, labels one by one, answers over right values. */
import type { Answers } from './answers.ts';
import { confusionSvg } from './confusion-plot.ts';
import type { Figures } from './figures.ts';
import type { Scheme } from './frame.ts';
import { labelsSvg, thresholdsSvg } from './labels-plot.ts';
import { rocSvg } from './roc-plot.ts';
import { valuesSvg } from './values-plot.ts';

/** File names without ending, and what draws each; null: nothing to be seen. */
export function figurePlots(answers: Answers, figures: Figures): Readonly<Record<string, (scheme: Scheme) => string | null>> {
  if (figures.kind === 'multilabel' && answers.kind === 'multilabel') return { labels: (scheme) => labelsSvg(figures, scheme), thresholds: (scheme) => thresholdsSvg(answers, figures, scheme) };
  if (figures.kind === 'values' && answers.kind === 'values') return { predicted: (scheme) => valuesSvg(answers, figures, scheme) };
  if (figures.kind !== 'classes' && figures.kind !== 'binary') return {};
  return { confusion: (scheme) => confusionSvg(figures, scheme), ...(answers.kind === 'binary' ? { roc: (scheme: Scheme) => rocSvg(answers, figures, scheme) } : {}) };
}
