/** Figures of several labels as SVG: precision, recall and F1 of each label side by side, and how they move with the threshold. */
import { scaleLinear } from 'd3-scale';
import { clipText, escapeXml, round, textWidth } from '../../compiler/print/svg/text.ts';
import type { RowAnswers } from './answers.ts';
import type { LabelFigure, LabelFigures } from './figures.ts';
import { panel, pathOf, sheet, type Scheme } from './frame.ts';
import { count, fixed, short } from './numbers.ts';
import { plotWidth } from './plot.ts';
import { countsByHundredth, ratesOf, type Rates } from './yes-or-no.ts';

const mostRows = 60;
const mostPanels = 12;
/** Their colours stand in frame.ts. */
const rates = ['precision', 'recall', 'f1'] as const;
type Rate = keyof Rates;
const nameOf = (rate: Rate): string => (rate === 'f1' ? 'F1' : rate);

const legend = (y: number): string[] => rates.flatMap((rate, i) => [dot(rate, 30 + i * 104, y), `<text class="note" x="${42 + i * 104}" y="${y}" dy=".35em">${nameOf(rate)}</text>`]);
const dot = (rate: Rate, x: number, y: number): string => `<circle class="dot ${rate}" cx="${round(x)}" cy="${round(y)}" r="4.5"/>`;

/** One line a label; with more than 60 the weakest by F1. */
export function labelsSvg({ labels, count: pictures, threshold }: LabelFigures, scheme: Scheme = 'auto'): string {
  const shown = weakest(labels, mostRows);
  const letters = Math.min(180, Math.max(60, ...shown.map(({ label }) => textWidth(label, 12))));
  const top = 88;
  const gap = 26;
  const bottom = top + shown.length * gap;
  const [left, right] = [40 + letters, plotWidth - 216];
  const x = scaleLinear([0, 1], [left, right]);
  const columns = [[right + 76, 'pictures'], [right + 134, 'F1'], [right + 192, 'area']] as const;
  const cell = (at: number, y: number, text: string, style = 'tick'): string => `<text class="${style}" x="${at}" y="${round(y)}" dy=".35em" text-anchor="end">${text}</text>`;
  const parts = [
    ...legend(56),
    ...columns.map(([at, word]) => cell(at, 74, word)),
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((tick) => [
      `<line class="grid" x1="${round(x(tick))}" x2="${round(x(tick))}" y1="${top}" y2="${bottom}"/>`,
      `<text class="tick small" x="${round(x(tick))}" y="${bottom + 18}" text-anchor="middle">${tick}</text>`,
    ]),
    ...shown.flatMap((one, row) => {
      const y = top + (row + 0.5) * gap;
      const known = rates.flatMap((rate) => (one[rate] === null ? [] : [{ rate, at: x(one[rate]) }]));
      const ends = known.map(({ at }) => at);
      return [
        `<text class="note" x="${round(left - 14)}" y="${round(y)}" dy=".35em" text-anchor="end">${escapeXml(clipText(one.label, letters, 12))}</text>`,
        ...(ends.length > 1 ? [`<line class="axis" x1="${round(Math.min(...ends))}" x2="${round(Math.max(...ends))}" y1="${round(y)}" y2="${round(y)}"/>`] : []),
        ...known.map((d) => dot(d.rate, d.at, y)),
        cell(columns[0][0], y, count(one.count)),
        cell(columns[1][0], y, one.f1 === null ? '–' : fixed(one.f1, 2), 'note'),
        cell(columns[2][0], y, one.auc === null ? '–' : fixed(one.auc, 2)),
      ];
    }),
  ];
  const title = shown.length < labels.length ? `Test: the ${shown.length} labels that are hardest, of ${count(labels.length)}` : 'Test: each label';
  return sheet(plotWidth, bottom + 36, title, `Precision, recall and F1 of each label at the threshold ${short(threshold)}, ${count(pictures)} pictures`, scheme, parts);
}

/** Precision, recall and F1 over the threshold, a panel a label; with more than 12 the weakest by F1. */
export function thresholdsSvg({ actual, outputs, names }: RowAnswers, { labels, threshold }: LabelFigures, scheme: Scheme = 'auto'): string {
  const shown = weakest(labels, mostPanels);
  const columns = Math.min(shown.length, 3);
  const [wide, high] = [(plotWidth - 24) / columns, 206];
  const rows = Math.ceil(shown.length / columns);
  const parts = shown.flatMap((one, i) => {
    const at = names.indexOf(one.label);
    const left = 24 + (i % columns) * wide;
    const top = 76 + Math.floor(i / columns) * high;
    const box = { left: left + 34, top: top + 24, right: left + wide - 14, bottom: top + high - 36 };
    const x = scaleLinear([0, 1], [box.left, box.right]);
    const y = scaleLinear([0, 1], [box.bottom, box.top]);
    const curve = countsByHundredth({ actual, outputs, width: names.length, at }).map(ratesOf);
    const tuned = one.tuned && one.tuned.threshold !== threshold ? one.tuned : null;
    return [
      ...panel(box, x, y, { head: clipText(one.label, wide * 0.55, 13, 'bold'), note: `${count(one.count)} of ${count(actual.length / names.length)}`, xlabel: '', ylabel: '' }, 3),
      `<line class="ideal" x1="${round(x(threshold))}" x2="${round(x(threshold))}" y1="${box.top}" y2="${box.bottom}"/>`,
      ...rates.map((rate) => {
        const points = curve.flatMap((of, k) => (of[rate] === null ? [] : [[x((k + 1) / 100), y(of[rate])] as const]));
        return points.length === 0 ? '' : `<path class="line ${rate}" d="${pathOf(points)}"/>`;
      }),
      ...(tuned && tuned.f1 !== null ? [`<circle class="dot f1" cx="${round(x(tuned.threshold))}" cy="${round(y(tuned.f1))}" r="4.5"/>`, `<text class="note small halo" x="${round(x(tuned.threshold))}" y="${round(y(tuned.f1) - 9)}" text-anchor="middle">${short(tuned.threshold)}</text>`] : []),
    ];
  });
  const height = 76 + rows * high + 26;
  const notes = [
    `<line class="ideal" x1="30" x2="54" y1="${height - 16}" y2="${height - 16}"/>`,
    `<text class="tick" x="62" y="${height - 12}">the threshold in use</text>`,
    ...(shown.some(({ tuned }) => tuned && tuned.threshold !== threshold) ? [dot('f1', 230, height - 16), `<text class="tick" x="242" y="${height - 12}">the threshold with the best F1 on the validation part</text>`] : []),
  ];
  const title = shown.length < labels.length ? `Test: ${shown.length} labels over the threshold, the hardest of ${count(labels.length)}` : 'Test: each label over the threshold';
  return sheet(plotWidth, height, title, 'Precision, recall and F1 of each label over the threshold', scheme, [...legend(56), ...parts, ...notes]);
}

/** In the order of the labels. */
function weakest(labels: readonly LabelFigure[], most: number): readonly LabelFigure[] {
  if (labels.length <= most) return labels;
  const kept = new Set([...labels].sort((a, b) => (a.f1 ?? 0) - (b.f1 ?? 0)).slice(0, most));
  return labels.filter((one) => kept.has(one));
}
