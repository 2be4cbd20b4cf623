/** What each sample counts in the loss: the weight of its class (Keras's `class_weight`) times its own. */
import type { Program } from '../../compiler/model/program.ts';
import type { Dataset } from '../data/dataset.ts';

/** By class number; null: the program weighs none. */
export function classWeights({ fit }: Pick<Program, 'fit'>, { classes, labels, parts }: Pick<Dataset, 'classes' | 'labels' | 'parts'>): readonly number[] | null {
  const { classWeight } = fit;
  if (classWeight === null) return null;
  if (classWeight !== 'balanced') return classes.map((name) => classWeight.find((one) => one.class === name)?.weight ?? 1);
  const counts = classes.map(() => 0);
  for (const sample of parts.train) counts[labels[sample]]++;
  // scikit-learn's `balanced`: n / (classes · n of the class), of the classes that are there.
  const present = counts.filter((n) => n > 0).length;
  return counts.map((n) => (n === 0 ? 1 : parts.train.length / (present * n)));
}

/** The weight of a sample; null: all count 1. */
export function sampleWeights(program: Pick<Program, 'fit'>, dataset: Pick<Dataset, 'classes' | 'labels' | 'parts' | 'weights'>): ((sample: number) => number) | null {
  const ofClass = classWeights(program, dataset);
  const { labels, weights } = dataset;
  if (!ofClass && !weights) return null;
  return (sample) => (ofClass ? ofClass[labels[sample]] : 1) * (weights ? weights[sample] : 1);
}
