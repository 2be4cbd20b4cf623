/** From which probability on an answer to a yes-or-no question is a yes. */
import { givesScores } from './loss.ts';
import type { LabelKind, Program } from './program.ts';

/** Labels that are answered yes or no, one or several a picture. */
export const isYesOrNo = (kind: LabelKind): boolean => kind === 'binary' || kind === 'multilabel';

/**
 * The threshold of the program's own accuracy (or its precision or recall), as a probability: where the loss takes logits or
 * scores, metrics compare those. .5 where nothing says otherwise.
 */
export function decisionThreshold({ compile: { metrics, loss } }: Pick<Program, 'compile'>): number {
  const stated = metrics.flatMap((metric) => (metric.kind === 'accuracy' && metric.form === 'binary' ? [metric.threshold] : []))[0]
    ?? metrics.flatMap((metric) => ((metric.kind === 'precision' || metric.kind === 'recall') && metric.top_k === null && metric.class_id === null ? [metric.threshold] : []))[0];
  if (stated === undefined) return 0.5;
  if (givesScores(loss)) return 1 / (1 + Math.exp(-stated));
  return stated > 0 && stated < 1 ? stated : 0.5;
}
