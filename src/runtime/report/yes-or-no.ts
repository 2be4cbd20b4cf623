/**
 * Figures of one yes-or-no question: counts at a threshold, precision, recall, F1, the exact area under the ROC curve
 * (Mann and Whitney's statistic, ties count half: scikit-learn's roc_auc_score), the threshold with the best F1.
 */
export interface Counts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/** null where there is nothing to divide by: no picture was said to be one, or none is one. */
export interface Rates {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

/** One question's answers: column `at` of rows of `width`. */
export interface Question {
  readonly actual: ArrayLike<number>;
  readonly outputs: ArrayLike<number>;
  readonly width: number;
  readonly at: number;
}

/** A yes is an output above the threshold, as Keras counts. */
export function countsAt({ actual, outputs, width, at }: Question, threshold: number): Counts {
  let [truePositives, falsePositives, falseNegatives] = [0, 0, 0];
  // The engine compares in float32.
  const least = Math.fround(threshold);
  for (let i = at; i < outputs.length; i += width) {
    const yes = outputs[i] > least;
    if (yes && actual[i] === 1) truePositives++;
    else if (yes) falsePositives++;
    else if (actual[i] === 1) falseNegatives++;
  }
  return { truePositives, falsePositives, falseNegatives };
}

export function ratesOf({ truePositives: tp, falsePositives: fp, falseNegatives: fn }: Counts): Rates {
  const share = (part: number, of: number): number | null => (of === 0 ? null : part / of);
  return { precision: share(tp, tp + fp), recall: share(tp, tp + fn), f1: share(2 * tp, 2 * tp + fp + fn) };
}

export const addCounts = (a: Counts, b: Counts): Counts => ({
  truePositives: a.truePositives + b.truePositives,
  falsePositives: a.falsePositives + b.falsePositives,
  falseNegatives: a.falseNegatives + b.falseNegatives,
});

/** How often a yes and a no are told apart: the chance that a picture with the label gets more than one without; null where one kind is missing. */
export function areaUnderRoc(question: Question): number | null {
  const steps = stepsOf(question);
  const { yes, no } = totals(steps);
  if (yes === 0 || no === 0) return null;
  let area = 0;
  let above = 0;
  for (const step of steps) {
    area += step.no * (above + step.yes / 2);
    above += step.yes;
  }
  return area / (yes * no);
}

/** Pictures with the same output, from the largest output down. */
export interface Step {
  readonly output: number;
  readonly yes: number;
  readonly no: number;
}

export function stepsOf({ actual, outputs, width, at }: Question): Step[] {
  const rows = [];
  for (let i = at; i < outputs.length; i += width) rows.push({ output: outputs[i], yes: actual[i] === 1 });
  rows.sort((a, b) => b.output - a.output);
  const steps: { output: number; yes: number; no: number }[] = [];
  for (const { output, yes } of rows) {
    const last = steps.at(-1);
    const step = last?.output === output ? last : { output, yes: 0, no: 0 };
    if (step !== last) steps.push(step);
    if (yes) step.yes++;
    else step.no++;
  }
  return steps;
}

export const totals = (steps: readonly Step[]): { readonly yes: number; readonly no: number } => ({
  yes: steps.reduce((sum, step) => sum + step.yes, 0),
  no: steps.reduce((sum, step) => sum + step.no, 0),
});

/** Counts at the thresholds .01 to .99, in order: one pass over the pictures. */
export function countsByHundredth({ actual, outputs, width, at }: Question): Counts[] {
  // By the highest hundredth that an output is above.
  const yes = new Float64Array(hundredths + 1);
  const no = new Float64Array(hundredths + 1);
  let all = 0;
  for (let i = at; i < outputs.length; i += width) {
    let above = Math.max(0, Math.min(hundredths, Math.ceil(outputs[i] * 100)));
    while (above > 0 && outputs[i] <= Math.fround(above / 100)) above--;
    if (actual[i] === 1) {
      yes[above]++;
      all++;
    } else no[above]++;
  }
  const counts: Counts[] = [];
  let [truePositives, falsePositives] = [0, 0];
  for (let hundredth = hundredths; hundredth > 0; hundredth--) {
    truePositives += yes[hundredth];
    falsePositives += no[hundredth];
    counts.push({ truePositives, falsePositives, falseNegatives: all - truePositives });
  }
  return counts.reverse();
}

const hundredths = 99;

/**
 * The threshold with the best F1, in hundredths (finer ones say nothing of other pictures); of equals the one nearest to the
 * middle. null where no picture has the label, or none is found.
 */
export function bestThreshold(question: Question): number | null {
  const f1 = countsByHundredth(question).map((counts) => ratesOf(counts).f1 ?? 0);
  const most = f1.reduce((a, b) => Math.max(a, b), 0);
  if (most === 0) return null;
  return f1.flatMap((value, i) => (value === most ? [(i + 1) / 100] : [])).reduce((a, b) => (Math.abs(b - 0.5) < Math.abs(a - 0.5) ? b : a));
}
