/** Predicted over true values as SVG, a panel a value: on the dashed line every answer would be right. */
import { scaleLinear } from 'd3-scale';
import { round } from '../../compiler/print/svg/text.ts';
import type { RowAnswers } from './answers.ts';
import type { ValueFigures } from './figures.ts';
import { panel, sheet, type Scheme } from './frame.ts';
import { count, short } from './numbers.ts';
import { plotWidth } from './plot.ts';

const mostPanels = 12;
/** Points of a panel; of more every n-th is drawn. */
const mostPoints = 2000;

/** With more than 12 values the first 12. */
export function valuesSvg({ actual, outputs, names, count: pictures }: RowAnswers, { values }: ValueFigures, scheme: Scheme = 'auto'): string {
  const shown = values.slice(0, mostPanels);
  const columns = Math.min(shown.length, 3);
  const wide = columns === 1 ? 470 : (plotWidth - 16) / columns;
  const high = wide + 34;
  const width = columns === 1 ? 520 : plotWidth;
  const every = Math.ceil(pictures / mostPoints);
  const parts = shown.flatMap(({ value, mae, r2 }, at) => {
    const left = 16 + (at % columns) * wide;
    const top = 52 + Math.floor(at / columns) * high;
    const box = { left: left + 60, top: top + 26, right: left + wide - 12, bottom: top + high - 52 };
    const seen: [number, number][] = [];
    for (let row = 0; row < pictures; row += every) seen.push([actual[row * names.length + at], outputs[row * names.length + at]]);
    const all = seen.flat().filter(Number.isFinite);
    const [low, most] = [all.reduce((a, b) => Math.min(a, b), Infinity), all.reduce((a, b) => Math.max(a, b), -Infinity)];
    const domain: [number, number] = low < most ? [low, most] : [low - 1, low + 1];
    const x = scaleLinear(domain, [box.left, box.right]).nice(4);
    const y = scaleLinear(x.domain(), [box.bottom, box.top]);
    const [begin, end] = x.domain();
    return [
      ...panel(box, x, y, { head: value, note: `mae ${short(mae)}${r2 === null ? '' : `, r2 ${short(r2)}`}`, xlabel: 'true', ylabel: at % columns === 0 ? 'predicted' : '' }, 4),
      `<line class="ideal" x1="${round(x(begin))}" y1="${round(y(begin))}" x2="${round(x(end))}" y2="${round(y(end))}"/>`,
      ...seen.filter((pair) => pair.every(Number.isFinite)).map(([right, answer]) => `<circle class="point" cx="${round(x(right))}" cy="${round(y(answer))}" r="${pictures > 500 ? 2.5 : 3.5}"/>`),
    ];
  });
  const more = shown.length < values.length ? ` (the first ${shown.length} of ${count(values.length)})` : '';
  return sheet(width, 52 + Math.ceil(shown.length / columns) * high + 8, `Test: predicted and true values${more}`, `Predicted over true values of ${count(pictures)} pictures`, scheme, parts);
}
