/** A laid-out page as SVG text: no scripts, no other files, the reader's own fonts, light or dark as the reader prefers. */
import { dark, fontStack, light } from '../svg/palette.ts';
import type { Palette } from '../svg/palette.ts';
import { escapeXml, round } from '../svg/text.ts';
import type { Line, Point, Shape } from './geometry.ts';
import type { Page } from './page.ts';
import { badgeWidth } from './pieces.ts';
import { families } from './words.ts';
import type { Family } from './words.ts';

/** `auto` follows prefers-color-scheme; `light` and `dark` are for pictures of fixed pixels. */
export type Scheme = 'auto' | 'light' | 'dark';

export function svgOf(page: Page, scheme: Scheme): string {
  const of = (kind: Shape['kind'], draw: (shape: never) => string): string[] => page.shapes.filter((shape) => shape.kind === kind).map((shape) => draw(shape as never));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${page.width}" height="${page.height}" viewBox="0 0 ${page.width} ${page.height}" role="img" aria-labelledby="diagram-title diagram-desc">`,
    `<title id="diagram-title">${escapeXml(page.name)}</title>`,
    `<desc id="diagram-desc">${escapeXml(page.description)}</desc>`,
    `<style>${style(scheme)}</style>`,
    `<rect class="paper" width="${page.width}" height="${page.height}"/>`,
    ...of('frame', frame),
    ...of('line', line),
    ...of('block', block),
    ...of('end', end),
    ...of('more', more),
    ...of('junction', junction),
    ...of('label', ({ text, x, y }: Extract<Shape, { kind: 'label' }>) => words('label', x, y + 11, text)),
    ...page.swatches.map((s) => `<rect class="block ${s.family}" x="${round(s.x)}" y="${round(s.y)}" width="${s.width}" height="${s.height}" rx="3"/>`),
    ...page.words.map((w) => words(w.style, w.x, w.y, w.text)),
    '</svg>',
    '',
  ].join('\n');
}

const rect = (kind: string, { x, y }: Point, width: number, height: number, radius: number): string =>
  `<rect class="${kind}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
const words = (kind: string, x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end' = 'start'): string =>
  `<text class="${kind}" x="${round(x)}" y="${round(y)}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}>${escapeXml(text)}</text>`;
const group = (hint: string, ...parts: readonly string[]): string => `<g>${hint === '' ? '' : `<title>${escapeXml(hint)}</title>`}${parts.join('')}</g>`;

function frame({ x, y, width, height, title, note, hint, times }: Extract<Shape, { kind: 'frame' }>): string {
  // Those behind first: a pile of sheets.
  const pile = times > 1 ? [8, 4].map((by) => rect('sheet', { x: x + by, y: y + by }, width, height, 10)) : [];
  const right = x + width - 12;
  const badge = times > 1 ? badgeWidth(times) : 0;
  return group(
    hint,
    ...pile,
    rect('sheet', { x, y }, width, height, 10),
    rect('frame', { x, y }, width, height, 10),
    words('name', x + 14, y + 20, title),
    ...(note === '' ? [] : [words('count', right - (times > 1 ? badge + 8 : 0), y + 20, note, 'end')]),
    ...(times > 1 ? [rect('badge', { x: right - badge, y: y + 6 }, badge, 19, 9.5), words('times', right - badge / 2, y + 20, `×${times}`, 'middle')] : []),
  );
}

function block({ x, y, width, height, family, text, note, hint, inferred }: Extract<Shape, { kind: 'block' }>): string {
  const base = y + height / 2 + 4.2;
  return group(
    hint,
    rect(`block ${family}${inferred ? ' inferred' : ''}`, { x, y }, width, height, 4),
    ...(note === '' ? [words('layer', x + width / 2, base, text, 'middle')] : [words('layer', x + 12, base, text), words('count', x + width - 10, base, note, 'end')]),
  );
}

const end = ({ x, y, width, height, text }: Extract<Shape, { kind: 'end' }>): string =>
  rect('end', { x, y }, width, height, height / 2) + words('ends', x + width / 2, y + height / 2 + 4.2, text, 'middle');

const more = ({ x, y, width, height, text }: Extract<Shape, { kind: 'more' }>): string =>
  rect('more', { x, y }, width, height, 4) + words('layer', x + width / 2, y + height / 2 + 4.2, text, 'middle');

function junction({ x, y, width, height, text, hint }: Extract<Shape, { kind: 'junction' }>): string {
  const [cx, cy] = [x + width / 2, y + height / 2];
  // Signs are drawn, since fonts place them as they like.
  const arm = 5;
  const sign = text === '+' ? `M${round(cx - arm)} ${round(cy)}h${2 * arm}M${round(cx)} ${round(cy - arm)}v${2 * arm}` : text === '×' ? `M${round(cx - 4)} ${round(cy - 4)}l8 8M${round(cx + 4)} ${round(cy - 4)}l-8 8` : null;
  return group(hint, rect('junction', { x, y }, width, height, height / 2), sign ? `<path class="sign" d="${sign}"/>` : words('layer', cx, cy + 4.2, text, 'middle'));
}

function line({ points, arrow, shortcut }: Line): string {
  const path = `<path class="${shortcut ? 'line shortcut' : 'line'}" d="${rounded(arrow ? shortened(points) : points)}"/>`;
  if (!arrow) return path;
  const [from, to] = points.slice(-2);
  const [dx, dy] = [Math.sign(to.x - from.x), Math.sign(to.y - from.y)];
  const [bx, by] = [to.x - dx * 6, to.y - dy * 6];
  return `${path}<path class="${shortcut ? 'tip shortcut' : 'tip'}" d="M${round(to.x)} ${round(to.y)}L${round(bx - dy * 3.5)} ${round(by - dx * 3.5)}L${round(bx + dy * 3.5)} ${round(by + dx * 3.5)}Z"/>`;
}

/** The line ends where its arrow begins. */
function shortened(points: readonly Point[]): readonly Point[] {
  const [from, to] = points.slice(-2);
  return [...points.slice(0, -1), { x: to.x - Math.sign(to.x - from.x) * 5, y: to.y - Math.sign(to.y - from.y) * 5 }];
}

/** Right angles become quarter circles where there is room. */
function rounded(points: readonly Point[]): string {
  let path = `M${round(points[0].x)} ${round(points[0].y)}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [before, at, after] = [points[i - 1], points[i], points[i + 1]];
    const length = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
    const radius = Math.min(8, length(before, at) / (i === 1 ? 1 : 2), length(at, after) / (i === points.length - 2 ? 1 : 2));
    const towards = (to: Point): Point => ({ x: at.x + Math.sign(to.x - at.x) * radius, y: at.y + Math.sign(to.y - at.y) * radius });
    const [start, stop] = [towards(before), towards(after)];
    path += `L${round(start.x)} ${round(start.y)}Q${round(at.x)} ${round(at.y)} ${round(stop.x)} ${round(stop.y)}`;
  }
  const last = points[points.length - 1];
  return `${path}L${round(last.x)} ${round(last.y)}`;
}

/** Each family's colour of the palette; null: paper, for what only gives numbers another order. */
const series: Record<Family, number | null> = { convolution: 0, dense: 1, pooling: 2, normalisation: 3, activation: 4, dropout: 7, shape: null };

/** A part of one colour in another. */
export function mixed(colour: string, into: string, part: number): string {
  const channel = (hex: string, i: number): number => Number.parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16);
  return `#${[0, 1, 2].map((i) => Math.round(channel(colour, i) * part + channel(into, i) * (1 - part)).toString(16).padStart(2, '0')).join('')}`;
}

function familyColours(p: Palette, name: Family): string {
  const at = series[name];
  if (at === null) return `.${name}{fill:${p.background};stroke:${p.axis}}`;
  return `.${name}{fill:${mixed(p.series[at], p.background, p === dark ? 0.36 : 0.2)};stroke:${mixed(p.series[at], p.background, 0.65)}}`;
}

function style(scheme: Scheme): string {
  const fixed =
    `text{font-family:${fontStack};font-size:12px;font-variant-numeric:tabular-nums}.title{font-size:22px;font-weight:600}.totals{font-size:13px}.label,.count,.legend{font-size:11px}` +
    '.name,.times{font-weight:600}.block,.junction,.end{stroke-width:1}.frame,.sheet,.more{stroke-width:1}.frame{fill-opacity:.05}.line{fill:none;stroke-width:1.5}.sign{fill:none;stroke-width:1.8;stroke-linecap:round}.inferred,.more{stroke-dasharray:4 3}.more{fill:none}';
  const colours = (p: Palette): string =>
    `.paper,.sheet{fill:${p.background}}.title,.name,.layer,.times,.ends{fill:${p.text}}.totals,.label,.count,.legend{fill:${p.muted}}.line{stroke:${p.axis}}.tip{fill:${p.axis}}.line.shortcut{stroke:${p.train}}.tip.shortcut{fill:${p.train}}` +
    `.frame{fill:${p.axis};stroke:${mixed(p.axis, p.background, 0.6)}}.sheet,.more{stroke:${mixed(p.axis, p.background, 0.6)}}.badge{fill:${mixed(p.train, p.background, 0.22)}}.junction,.end{fill:${p.background};stroke:${p.axis}}.sign{stroke:${p.text}}` +
    families.map((name) => familyColours(p, name)).join('');
  if (scheme === 'dark') return fixed + colours(dark);
  return scheme === 'light' ? fixed + colours(light) : `${fixed}${colours(light)}@media (prefers-color-scheme:dark){${colours(dark)}}`;
}
