/** The answers of a yes-or-no network over all thresholds, as SVG: the ROC curve, and precision over recall. The threshold in use is a dot. */
import { scaleLinear } from 'd3-scale';
import { escapeXml, round } from '../../compiler/print/svg/text.ts';
import type { RowAnswers } from './answers.ts';
import type { ClassFigures } from './figures.ts';
import { panel, pathOf, sheet, type Scheme } from './frame.ts';
import { short } from './numbers.ts';
import type { Box } from './plot-labels.ts';
import { plotHeight, plotWidth } from './plot.ts';
import { countsAt, ratesOf, stepsOf, totals, type Question } from './yes-or-no.ts';

/** null where the test part has one class only. */
export function rocSvg(answers: RowAnswers, { binary }: ClassFigures, scheme: Scheme = 'auto'): string | null {
  if (!binary || binary.auc === null) return null;
  const question: Question = { actual: answers.actual, outputs: answers.outputs, width: 1, at: 0 };
  const steps = stepsOf(question);
  const { yes, no } = totals(steps);
  const rates: [number, number][] = [[0, 0]];
  const precisions: [number, number][] = [];
  let [right, wrong] = [0, 0];
  for (const step of steps) {
    right += step.yes;
    wrong += step.no;
    rates.push([wrong / no, right / yes]);
    precisions.push([right / yes, right / (right + wrong)]);
  }
  const now = countsAt(question, binary.threshold);
  const { precision, recall } = ratesOf(now);
  const boxes: readonly Box[] = [{ left: 80, top: 84, right: 346, bottom: 350 }, { left: 430, top: 84, right: 696, bottom: 350 }];
  const draw = (box: Box, points: readonly (readonly [number, number])[], dot: readonly [number, number] | null, words: Parameters<typeof panel>[3], ideal: readonly (readonly [number, number])[]): string[] => {
    const x = scaleLinear([0, 1], [box.left, box.right]);
    const y = scaleLinear([0, 1], [box.bottom, box.top]);
    const placed = (list: typeof points): string => pathOf(list.map(([a, b]) => [x(a), y(b)] as const));
    return [
      ...panel(box, x, y, words),
      `<path class="ideal" d="${placed(ideal)}"/>`,
      `<path class="line train" d="${placed(thinned(points))}"/>`,
      ...(dot ? [`<circle class="dot recall" cx="${round(x(dot[0]))}" cy="${round(y(dot[1]))}" r="5"/>`] : []),
    ];
  };
  const share = yes / (yes + no);
  return sheet(plotWidth, plotHeight, `Test: ${binary.yes} or not`, `Area under the ROC curve ${short(binary.auc)}`, scheme, [
    ...draw(boxes[0], rates, [now.falsePositives / no, recall ?? 0], { head: 'ROC', note: `AUC ${short(binary.auc)}`, xlabel: 'false positive rate', ylabel: 'true positive rate' }, [[0, 0], [1, 1]]),
    ...draw(boxes[1], precisions, precision === null || recall === null ? null : [recall, precision], { head: 'Precision and recall', note: '', xlabel: 'recall', ylabel: 'precision' }, [[0, share], [1, share]]),
    `<circle class="dot recall" cx="86" cy="${plotHeight - 15}" r="5"/>`,
    `<text class="tick" x="98" y="${plotHeight - 11}">${escapeXml(`the threshold in use, ${short(binary.threshold)}`)}</text>`,
    `<line class="ideal" x1="300" x2="324" y1="${plotHeight - 15}" y2="${plotHeight - 15}"/>`,
    `<text class="tick" x="332" y="${plotHeight - 11}">answers by chance</text>`,
  ]);
}

/** As many points as the eye can tell apart. */
const thinned = <T>(points: readonly T[], most = 600): readonly T[] => (points.length <= most ? points : points.filter((_, i) => i === points.length - 1 || i % Math.ceil(points.length / most) === 0));
