/** What figures of the test share: the sheet with its title, and a panel with two axes. In the look of plot.ts. */
import type { ScaleLinear } from 'd3-scale';
import { clipText, escapeXml, round } from '../../compiler/print/svg/text.ts';
import { dark, light, type Palette } from '../../compiler/print/svg/palette.ts';
import type { Box } from './plot-labels.ts';
import { plotStyle } from './plot.ts';

/** `auto` follows prefers-color-scheme; `light` is for pictures of fixed pixels. */
export type Scheme = 'auto' | 'light' | 'dark';

/** Training and validation keep their own colours; these are other ones of the palette. */
const rateColours = [['f1', 2], ['precision', 3], ['recall', 4]] as const;

/** A whole SVG. `description` is for readers that cannot see it. */
export function sheet(width: number, height: number, title: string, description: string, scheme: Scheme, parts: readonly string[]): string {
  const of = (p: Palette): string =>
    `.cell{fill:${p.train}}.cell-text{fill:${p.text}}.over{fill:${p.background}}.point{fill:${p.train};fill-opacity:.45}.ideal{stroke:${p.muted}}${rateColours.map(([name, at]) => `.line.${name}{stroke:${p.series[at]}}.dot.${name}{fill:${p.series[at]}}`).join('')}`;
  const colours = scheme === 'dark' ? of(dark) : scheme === 'light' ? of(light) : `${of(light)}@media (prefers-color-scheme:dark){${of(dark)}}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(description)}</desc>`,
    `<style>${plotStyle(scheme)}.small{font-size:11px}.head{font-size:13px;font-weight:600}.ideal{stroke-width:1;stroke-dasharray:4 4;fill:none}${colours}</style>`,
    `<rect class="paper" width="${round(width)}" height="${round(height)}"/>`,
    `<text class="title" x="24" y="30">${escapeXml(title)}</text>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

type Scale = ScaleLinear<number, number>;

export interface PanelText {
  /** Above the panel. */
  readonly head: string;
  /** In quieter letters behind the head. */
  readonly note: string;
  readonly xlabel: string;
  readonly ylabel: string;
}

/** Axes, grid and words of one panel; what is drawn in it comes after. */
export function panel(box: Box, x: Scale, y: Scale, { head, note, xlabel, ylabel }: PanelText, ticks = 5): string[] {
  const parts: string[] = [];
  for (const tick of y.ticks(ticks)) {
    const at = round(y(tick));
    parts.push(`<line class="grid" x1="${round(box.left)}" x2="${round(box.right)}" y1="${at}" y2="${at}"/>`);
    parts.push(`<text class="tick small" x="${round(box.left - 8)}" y="${at}" dy=".35em" text-anchor="end">${tickText(tick)}</text>`);
  }
  for (const tick of x.ticks(ticks)) {
    const at = round(x(tick));
    parts.push(`<line class="axis" x1="${at}" x2="${at}" y1="${round(box.bottom)}" y2="${round(box.bottom + 4)}"/>`);
    parts.push(`<text class="tick small" x="${at}" y="${round(box.bottom + 17)}" text-anchor="middle">${tickText(tick)}</text>`);
  }
  parts.push(`<line class="axis" x1="${round(box.left)}" x2="${round(box.right)}" y1="${round(box.bottom)}" y2="${round(box.bottom)}"/>`);
  const middle = round((box.left + box.right) / 2);
  if (xlabel !== '') parts.push(`<text class="tick" x="${middle}" y="${round(box.bottom + 36)}" text-anchor="middle">${escapeXml(xlabel)}</text>`);
  if (ylabel !== '') parts.push(`<text class="tick" transform="translate(${round(box.left - 44)} ${round((box.top + box.bottom) / 2)}) rotate(-90)" text-anchor="middle">${escapeXml(ylabel)}</text>`);
  const words = clipText(head, box.right - box.left, 13, 'bold');
  const rest = note === '' ? '' : `<tspan class="tick" font-weight="400"${head === '' ? '' : ' dx="8"'}>${escapeXml(note)}</tspan>`;
  if (head !== '' || note !== '') parts.push(`<text class="note head" x="${round(box.left)}" y="${round(box.top - 10)}">${escapeXml(words)}${rest}</text>`);
  return parts;
}

const tickText = (n: number): string => Number(n.toPrecision(10)).toString();

/** Straight lines between points, two decimals. */
export const pathOf = (points: readonly (readonly [number, number])[]): string => points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${round(x)},${round(y)}`).join('');
