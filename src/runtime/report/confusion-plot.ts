/** The confusion matrix as SVG: rows are what pictures are, columns what they were taken for; counts, and shares of the row by shade. */
import { clipText, escapeXml, round, textWidth } from '../../compiler/print/svg/text.ts';
import type { ClassFigures } from './figures.ts';
import { sheet, type Scheme } from './frame.ts';
import { count } from './numbers.ts';

/** More classes than this cannot be told apart on a sheet: those confused most are drawn. */
const mostRows = 40;

/** null where there is no matrix. */
export function confusionSvg({ classes, confusion, count: pictures }: ClassFigures, scheme: Scheme = 'auto'): string | null {
  if (confusion === null) return null;
  const shown = chosen(confusion);
  const names = shown.map((k) => classes[k].class);
  const letters = Math.min(150, Math.max(...names.map((name) => textWidth(name, 12))));
  const side = Math.max(13, Math.min(76, 560 / shown.length));
  /** There is room for them in the cells. */
  const shares = side >= 44;
  const [left, top] = [56 + letters, 62];
  const right = left + side * shown.length;
  const bottom = top + side * shown.length;
  const upright = Math.max(...names.map((name) => textWidth(name, 12))) > side - 6;
  const width = Math.max(420, right + 92);
  const height = bottom + (upright ? letters + 14 : 24) + 34;
  const parts: string[] = [];
  const share = (part: number, of: number): string => (of === 0 ? '' : `${Math.round((100 * part) / of)} %`);
  shown.forEach((is, row) => {
    const all = classes[is].count;
    const y = top + row * side;
    parts.push(`<text class="note" x="${round(left - 8)}" y="${round(y + side / 2)}" dy=".35em" text-anchor="end">${escapeXml(clipText(names[row], letters, 12))}</text>`);
    shown.forEach((said, column) => {
      const n = confusion[is][said];
      const x = left + column * side;
      const part = all === 0 ? 0 : n / all;
      // A few of many are still to be seen.
      const shade = n === 0 ? 0 : 0.08 + 0.92 * part;
      parts.push(`<rect class="cell" x="${round(x + 0.5)}" y="${round(y + 0.5)}" width="${round(side - 1)}" height="${round(side - 1)}" fill-opacity="${round(shade)}"><title>${escapeXml(`${classes[is].class} taken for ${classes[said].class}: ${count(n)} of ${count(all)}`)}</title></rect>`);
      if (n === 0) return;
      const text = count(n);
      const size = side >= 40 ? 12 : side >= 22 ? 10 : 0;
      if (size === 0 || textWidth(text, size) > side - 2) return;
      parts.push(`<text class="cell-text${shade > 0.55 ? ' over' : ''}" style="font-size:${size}px" x="${round(x + side / 2)}" y="${round(y + side / 2 - (shares ? 6 : 0))}" dy=".35em" text-anchor="middle">${text}${shares ? `<tspan class="small" x="${round(x + side / 2)}" dy="15">${share(n, all)}</tspan>` : ''}</text>`);
    });
    const { recall } = classes[is];
    if (!shares) parts.push(`<text class="tick" x="${round(right + 10)}" y="${round(y + side / 2)}" dy=".35em">${recall === null ? '–' : `${Math.round(recall * 100)} %`}</text>`);
  });
  names.forEach((name, column) => {
    const x = round(left + (column + 0.5) * side);
    const text = escapeXml(clipText(name, letters, 12));
    parts.push(upright ? `<text class="note" transform="translate(${x} ${round(bottom + 8)}) rotate(-90)" dy=".35em" text-anchor="end">${text}</text>` : `<text class="note" x="${x}" y="${round(bottom + 18)}" text-anchor="middle">${text}</text>`);
  });
  parts.push(
    `<text class="label" transform="translate(22 ${round((top + bottom) / 2)}) rotate(-90)" text-anchor="middle">is</text>`,
    `<text class="label" x="${round((left + right) / 2)}" y="${round(height - 12)}" text-anchor="middle">taken for</text>`,
    ...(shares ? [] : [`<text class="tick" x="${round(right + 10)}" y="${round(top - 10)}">found</text>`]),
  );
  const title = shown.length < classes.length ? `Test: the ${shown.length} classes that are confused most, of ${count(classes.length)}` : 'Test: what is taken for what';
  return sheet(width, height, title, `Confusion matrix of ${count(pictures)} pictures`, scheme, parts);
}

/** All classes in order, or those with the most mistakes from or to them, in order. */
function chosen(confusion: readonly (readonly number[])[]): number[] {
  const all = confusion.map((_, k) => k);
  if (all.length <= mostRows) return all;
  const mistakes = all.map((k) => confusion[k].reduce((sum, n, j) => sum + (j === k ? 0 : n + confusion[j][k]), 0));
  return [...all].sort((a, b) => mistakes[b] - mistakes[a] || a - b).slice(0, mostRows).sort((a, b) => a - b);
}
