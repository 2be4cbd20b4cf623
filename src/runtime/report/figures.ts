/**
 * The figures of a test: what a report shows beside the loss and the metrics. Plain JSON, the figures.json of a run folder
 * (docs/cli.md). Means over classes are scikit-learn's: a rate that cannot be had counts as 0.
 */
import type { Answers, ClassAnswers, RowAnswers } from './answers.ts';
import { shortest } from './csv.ts';
import { addCounts, areaUnderRoc, bestThreshold, countsAt, ratesOf, type Counts, type Question, type Rates } from './yes-or-no.ts';

export type Figures = ClassFigures | LabelFigures | ValueFigures;

interface Common {
  readonly schema: 1;
  /** Pictures of the test part. */
  readonly count: number;
}

export interface ClassFigures extends Common {
  readonly kind: 'classes' | 'binary';
  readonly accuracy: number;
  /** Pictures of the class, and how often it was the answer. */
  readonly classes: readonly ({ readonly class: string; readonly count: number; readonly predicted: number } & Rates)[];
  readonly mean: Means;
  /** Rows are what pictures are, columns what they were taken for; null with more than 200 classes. */
  readonly confusion: readonly (readonly number[])[] | null;
  /** The pairs that are confused most, 20 at most. `of`: pictures of `actual`. */
  readonly confused: readonly Confused[];
  /** For `binary`: the second class is the yes. */
  readonly binary?: { readonly yes: string; readonly threshold: number; readonly auc: number | null; readonly tuned: Tuned | null };
}

export interface Confused {
  readonly actual: string;
  readonly predicted: string;
  readonly count: number;
  readonly of: number;
}

/** Plain means over the classes or labels. */
export interface Means {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** The threshold with the best F1 on the validation part, and what it gives on the test part. */
export interface Tuned extends Rates {
  readonly threshold: number;
}

export interface LabelFigures extends Common {
  readonly kind: 'multilabel';
  readonly threshold: number;
  /** Share of pictures with every label right. */
  readonly exact: number;
  readonly labels: readonly LabelFigure[];
  readonly mean: Means;
  /** All labels of all pictures together. */
  readonly together: Rates;
}

/** Pictures with the label, and how many were said to have it. */
export type LabelFigure = { readonly label: string; readonly count: number; readonly predicted: number } & Rates & { readonly auc: number | null; readonly tuned: Tuned | null };

export interface ValueFigures extends Common {
  readonly kind: 'values';
  readonly values: readonly ValueFigure[];
}

export interface ValueFigure {
  readonly value: string;
  /** Of what is right. */
  readonly least: number;
  readonly most: number;
  readonly mae: number;
  readonly rmse: number;
  /** 1 is perfect, 0 as good as always answering the mean; null where all pictures have the same value. */
  readonly r2: number | null;
  /** Mean of answer − right value: above 0 answers are too large. */
  readonly bias: number;
  /** The picture that is missed by most. */
  readonly farthest: { readonly picture: string; readonly actual: number; readonly predicted: number };
}

/** @param validation the answers to the validation part, for thresholds; null: there is none */
export function figuresOf(answers: Answers, validation: Answers | null, threshold: number): Figures {
  if (answers.kind === 'classes') return classFigures(answers, null);
  const other = validation && validation.kind === answers.kind ? validation : null;
  if (answers.kind === 'values') return valueFigures(answers);
  return answers.kind === 'binary' ? binaryFigures(answers, other, threshold) : labelFigures(answers, other, threshold);
}

/** figures.json: a line a class, label, value or row of the matrix. NaN is null. */
export const figuresJson = (figures: Figures): string =>
  `{\n${Object.entries(figures)
    .map(([name, value]) => ` "${name}": ${Array.isArray(value) && value.length > 0 ? `[\n${value.map((item) => `  ${JSON.stringify(item)}`).join(',\n')}\n ]` : JSON.stringify(value)}`)
    .join(',\n')}\n}\n`;

const mostClasses = 200;
const mostPairs = 20;

function classFigures({ count, names, actual, predicted }: Pick<ClassAnswers, 'count' | 'names' | 'actual' | 'predicted'>, binary: ClassFigures['binary'] | null): ClassFigures {
  // Pairs that occur: with many classes most do not.
  const pairs = new Map<number, number>();
  for (let row = 0; row < count; row++) {
    const pair = actual[row] * names.length + predicted[row];
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  const counts = names.map(() => ({ count: 0, predicted: 0, right: 0 }));
  for (const [pair, times] of pairs) {
    const [is, said] = [Math.floor(pair / names.length), pair % names.length];
    counts[is].count += times;
    counts[said].predicted += times;
    if (is === said) counts[is].right += times;
  }
  const classes = names.map((name, k) => {
    const { count: there, predicted: said, right } = counts[k];
    return { class: name, count: there, predicted: said, ...ratesOf({ truePositives: right, falsePositives: said - right, falseNegatives: there - right }) };
  });
  const confused = [...pairs].flatMap(([pair, times]) => {
    const [is, said] = [Math.floor(pair / names.length), pair % names.length];
    return is === said ? [] : [{ pair, actual: names[is], predicted: names[said], count: times, of: counts[is].count }];
  });
  confused.sort((a, b) => b.count - a.count || a.pair - b.pair);
  return {
    schema: 1,
    kind: binary ? 'binary' : 'classes',
    count,
    accuracy: counts.reduce((sum, { right }) => sum + right, 0) / count,
    classes,
    mean: meanOf(classes.filter((one) => one.count > 0 || one.predicted > 0)),
    confusion: names.length > mostClasses ? null : names.map((_, is) => names.map((__, said) => pairs.get(is * names.length + said) ?? 0)),
    confused: confused.slice(0, mostPairs).map(({ pair: _, ...rest }) => rest),
    ...(binary ? { binary } : {}),
  };
}

function binaryFigures(answers: RowAnswers, validation: RowAnswers | null, threshold: number): ClassFigures {
  const { count, names, actual, outputs } = answers;
  const least = Math.fround(threshold);
  const question: Question = { actual, outputs, width: 1, at: 0 };
  const binary = { yes: names[1], threshold, auc: areaUnderRoc(question), tuned: tuned(question, validation, 0) };
  return classFigures({ count, names, actual: Int32Array.from(actual), predicted: Int32Array.from(outputs, (p) => (p > least ? 1 : 0)) }, binary);
}

function tuned(question: Question, validation: RowAnswers | null, at: number): Tuned | null {
  const threshold = validation && bestThreshold({ ...question, actual: validation.actual, outputs: validation.outputs, at });
  return threshold === null ? null : { threshold, ...ratesOf(countsAt(question, threshold)) };
}

function labelFigures({ count, names, actual, outputs }: RowAnswers, validation: RowAnswers | null, threshold: number): LabelFigures {
  const width = names.length;
  const least = Math.fround(threshold);
  let exact = 0;
  for (let row = 0; row < count; row++) {
    let right = true;
    for (let i = row * width; i < (row + 1) * width && right; i++) right = outputs[i] > least === (actual[i] === 1);
    if (right) exact++;
  }
  let all: Counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
  const labels = names.map((label, at) => {
    const question: Question = { actual, outputs, width, at };
    const counts = countsAt(question, threshold);
    all = addCounts(all, counts);
    const { truePositives: tp, falsePositives: fp, falseNegatives: fn } = counts;
    return { label, count: tp + fn, predicted: tp + fp, ...ratesOf(counts), auc: areaUnderRoc(question), tuned: tuned(question, validation, at) };
  });
  return { schema: 1, kind: 'multilabel', count, threshold, exact: exact / count, labels, mean: meanOf(labels), together: ratesOf(all) };
}

function meanOf(rates: readonly Rates[]): Means {
  const mean = (of: keyof Means): number => rates.reduce((sum, rate) => sum + (rate[of] ?? 0), 0) / Math.max(1, rates.length);
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') };
}

function valueFigures({ count, names, actual, outputs, describe }: RowAnswers): ValueFigures {
  const width = names.length;
  const values = names.map((value, at) => {
    let [sum, off, absolute, squares, farthest, least, most] = [0, 0, 0, 0, 0, Infinity, -Infinity];
    const difference = (row: number): number => outputs[row * width + at] - actual[row * width + at];
    for (let row = 0; row < count; row++) {
      const right = actual[row * width + at];
      const miss = difference(row);
      sum += right;
      off += miss;
      absolute += Math.abs(miss);
      squares += miss * miss;
      least = Math.min(least, right);
      most = Math.max(most, right);
      if (Math.abs(miss) > Math.abs(difference(farthest))) farthest = row;
    }
    let spread = 0;
    for (let row = 0; row < count; row++) spread += (actual[row * width + at] - sum / count) ** 2;
    return {
      value,
      least: shortest(least),
      most: shortest(most),
      mae: absolute / count,
      rmse: Math.sqrt(squares / count),
      r2: least === most ? null : 1 - squares / spread,
      bias: off / count,
      farthest: { picture: describe(farthest), actual: shortest(actual[farthest * width + at]), predicted: shortest(outputs[farthest * width + at]) },
    };
  });
  return { schema: 1, kind: 'values', count, values };
}
