/**
 * Curves over the epochs as SVG: training and validation of one or more metrics, in the look of docs (thin axes, few ticks, text stays text,
 * the best epoch marked). Scales and paths are d3's. Values that are no numbers leave gaps.
 */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Plot } from '../../compiler/model/program.ts';
import { dark, fontStack, light, type Palette } from '../../compiler/print/svg/palette.ts';
import { escapeXml, round, textWidth } from '../../compiler/print/svg/text.ts';
import { bestIndex, directionOf } from '../train/best.ts';
import type { History } from '../train/history.ts';
import { short } from './numbers.ts';
import { belowIsFreer, place, type Box, type LegendBox } from './plot-labels.ts';

export interface PlotOptions {
  /** `auto` follows prefers-color-scheme; `light` is for pictures of fixed pixels. */
  readonly scheme?: 'auto' | 'light' | 'dark';
  /** 0-based epoch whose weights were kept; it is marked instead of the best of each plot. */
  readonly bestEpoch?: number | null;
}

export const plotWidth = 720;
export const plotHeight = 420;

interface Series {
  readonly label: string;
  readonly part: 'train' | 'validation';
  /** Of the metric, for its dash pattern. */
  readonly metric: number;
  readonly name: string;
  readonly values: readonly number[];
}

/** A metric is told from the next by its dashes, the part by its colour. */
const dashes = ['', '7 4', '2 3', '10 3 2 3'];

/** The SVG text of one plot, 720 x 420. Metrics the history does not have are left out. */
export function plotSvg(plot: Plot, history: History, options: PlotOptions = {}): string {
  const series = seriesOf(plot, history);
  const epochs = history.epoch.length;
  const direct = plot.legend === null && series.length > 1;
  const right = direct ? 28 + Math.max(...series.map((s) => textWidth(s.label, 12))) : 28;
  const box: Box = { left: 68, top: 52, right: plotWidth - right, bottom: plotHeight - 58 };
  const x = scaleLinear(epochs > 1 ? [1, epochs] : [0.5, 1.5], [box.left, box.right]);
  const finite = series.flatMap((s) => s.values.filter(Number.isFinite));
  const draw = (top: number, bottom: number): Drawing => {
    const y = scaleLinear(yDomain(finite), [bottom, top]).nice(5);
    const points = series.map((s) => s.values.map((v, i) => ({ x: x(i + 1), y: y(v), ok: Number.isFinite(v) })));
    return { y, points, marks: bestMarks(series, points, options.bestEpoch ?? null, box) };
  };
  let drawing = draw(box.top, box.bottom);
  let corner: LegendBox | null = null;
  if (plot.legend) {
    const size = { width: 40 + Math.max(0, ...series.map((s) => textWidth(s.label, 12))), height: series.length * 20 + 8 };
    corner = place(plot.legend.at, size, obstacles(drawing), box);
    // Where it would cover a curve, the curves make room: the legend gets a band of its own.
    if (corner.covered > 0) drawing = corner.upper ? draw(box.top + size.height + 14, box.bottom) : draw(box.top, box.bottom - size.height - 14);
  }

  const parts = [
    `<text class="title" x="${box.left}" y="30">${escapeXml(plot.title)}</text>`,
    ...axes(plot, x, drawing.y, epochs, box),
    ...curves(series, drawing.points),
    ...drawing.marks.map(markSvg),
    ...(finite.length === 0 ? [`<text class="note" x="${round((box.left + box.right) / 2)}" y="${(box.top + box.bottom) / 2}" text-anchor="middle">no finite values</text>`] : []),
    ...(direct ? directLabels(series, drawing.points, box) : []),
    ...(corner ? legend(series, corner) : []),
  ];

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${plotWidth}" height="${plotHeight}" viewBox="0 0 ${plotWidth} ${plotHeight}" role="img" aria-label="${escapeXml(plot.title)}">`,
    `<title>${escapeXml(plot.title)}</title>`,
    `<style>${plotStyle(options.scheme ?? 'auto')}</style>`,
    `<rect class="paper" width="${plotWidth}" height="${plotHeight}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

type Scale = ReturnType<typeof scaleLinear<number, number>>;
type Point = { readonly x: number; readonly y: number; readonly ok: boolean };

interface Drawing {
  readonly y: Scale;
  readonly points: readonly (readonly Point[])[];
  readonly marks: readonly Mark[];
}

function axes(plot: Plot, x: Scale, y: Scale, epochs: number, box: Box): string[] {
  const parts: string[] = [];
  for (const tick of y.ticks(5)) {
    const at = round(y(tick));
    parts.push(`<line class="grid" x1="${box.left}" x2="${round(box.right)}" y1="${at}" y2="${at}"/>`);
    parts.push(`<text class="tick" x="${box.left - 10}" y="${at}" dy=".35em" text-anchor="end">${tickText(tick)}</text>`);
  }
  parts.push(`<line class="axis" x1="${box.left}" x2="${round(box.right)}" y1="${box.bottom}" y2="${box.bottom}"/>`);
  for (const tick of epochs > 1 ? x.ticks(Math.min(8, epochs - 1)).filter(Number.isInteger) : [1]) {
    const at = round(x(tick));
    parts.push(`<line class="axis" x1="${at}" x2="${at}" y1="${box.bottom}" y2="${box.bottom + 5}"/>`);
    parts.push(`<text class="tick" x="${at}" y="${box.bottom + 20}" text-anchor="middle">${tick}</text>`);
  }
  parts.push(`<text class="label" x="${round((box.left + box.right) / 2)}" y="${plotHeight - 14}" text-anchor="middle">${escapeXml(plot.xlabel)}</text>`);
  parts.push(`<text class="label" transform="translate(18 ${(box.top + box.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeXml(plot.ylabel)}</text>`);
  return parts;
}

const path = line<Point>((p) => p.x, (p) => p.y).defined((p) => p.ok).digits(2);
const dashOf = (s: Series): string => (s.metric % dashes.length === 0 ? '' : ` stroke-dasharray="${dashes[s.metric % dashes.length]}"`);

function curves(series: readonly Series[], points: Drawing['points']): string[] {
  return series.flatMap((s, i) => [
    `<path class="line ${s.part}"${dashOf(s)} d="${path(points[i]) ?? ''}"/>`,
    // A value with no neighbour makes no line: a dot.
    ...points[i].filter((p, k) => p.ok && !points[i][k - 1]?.ok && !points[i][k + 1]?.ok).map((p) => `<circle class="dot ${s.part}" cx="${round(p.x)}" cy="${round(p.y)}" r="3"/>`),
  ]);
}

/** The curves at small steps: what words should not cover. */
const along = (points: Drawing['points']): { readonly x: number; readonly y: number }[] =>
  points.flatMap((curve) =>
    curve.flatMap((p, i) => {
      const next = curve[i + 1];
      if (!p.ok) return [];
      return next?.ok ? Array.from({ length: 12 }, (_, k) => ({ x: p.x + ((next.x - p.x) * k) / 12, y: p.y + ((next.y - p.y) * k) / 12 })) : [p];
    }),
  );

/** For a legend the notes count too. */
const obstacles = ({ points, marks }: Drawing): { readonly x: number; readonly y: number }[] => [
  ...along(points),
  ...marks.flatMap((m) => [0, 0.5, 1].map((part) => ({ x: m.left + m.width * part, y: m.textY - 4 }))),
];

/** Training, then validation, for each metric that the history has. Labels of the legend count missing series too, so that they stay with their own. */
function seriesOf(plot: Plot, history: History): Series[] {
  const series: Series[] = [];
  plot.metrics.forEach((metric, m) => {
    (['train', 'validation'] as const).forEach((part, p) => {
      const name = part === 'train' ? metric : `val_${metric}`;
      const values = history.values[name];
      if (!values) return;
      const named = part === 'train' ? 'training' : 'validation';
      const fallback = plot.metrics.length === 1 ? named : `${metric}, ${named}`;
      series.push({ label: plot.legend?.labels[m * 2 + p] ?? fallback, part, metric: m, name, values });
    });
  });
  return series;
}

function yDomain(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  if (low === high) return [low - Math.abs(low) * 0.1 - 0.05, high + Math.abs(high) * 0.1 + 0.05];
  // Some air, so that no curve lies on the axis; what is never negative does not get a negative axis.
  const air = (high - low) * 0.04;
  return [low >= 0 ? Math.max(0, low - air) : low - air, high + air];
}

interface Mark {
  readonly part: Series['part'];
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly textY: number;
  readonly left: number;
  readonly width: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** The best epoch of the validation curve of each metric, or of its training curve where there is no validation. One epoch has no best. */
function bestMarks(series: readonly Series[], points: Drawing['points'], kept: number | null, box: Box): Mark[] {
  return [...new Set(series.map((s) => s.metric))].flatMap((metric) => {
    const of = series.filter((s) => s.metric === metric).at(-1);
    if (!of || of.values.length < 2) return [];
    const at = kept !== null && Number.isFinite(of.values[kept]) ? kept : bestIndex(of.values, directionOf(of.name));
    if (at < 0) return [];
    const text = `${tickText(Number(of.values[at].toPrecision(3)))} (epoch ${at + 1})`;
    const { x, y } = points[series.indexOf(of)][at];
    const width = textWidth(text, 12);
    const anchor = x + width / 2 > box.right ? 'end' : x - width / 2 < box.left ? 'start' : 'middle';
    const left = anchor === 'end' ? x - width : anchor === 'start' ? x : x - width / 2;
    const below = belowIsFreer(y, left, width, along(points), box, directionOf(of.name) === 'min');
    return [{ part: of.part, x, y, text, textY: y + (below ? 20 : -12), left, width, anchor } as const];
  });
}

const markSvg = (m: Mark): string =>
  `<circle class="best ${m.part}" cx="${round(m.x)}" cy="${round(m.y)}" r="4.5"/>\n<text class="note halo" x="${round(m.x)}" y="${round(m.textY)}" text-anchor="${m.anchor}">${escapeXml(m.text)}</text>`;

/** Names at the ends of the lines, pushed apart where they would touch. */
function directLabels(series: readonly Series[], points: Drawing['points'], box: Box): string[] {
  const ends = series.map((s, i) => ({ s, y: points[i].filter((p) => p.ok).at(-1)?.y })).filter((e): e is { s: Series; y: number } => e.y !== undefined);
  ends.sort((a, b) => a.y - b.y);
  const gap = 16;
  ends.forEach((e, i) => (e.y = i > 0 ? Math.max(e.y, ends[i - 1].y + gap) : e.y));
  const over = (ends.at(-1)?.y ?? 0) - box.bottom;
  if (over > 0) for (const e of ends) e.y -= over;
  return ends.map((e) => `<text class="note ${e.s.part}-text" x="${round(box.right + 10)}" y="${round(e.y)}" dy=".35em">${escapeXml(e.s.label)}</text>`);
}

function legend(series: readonly Series[], { x, y, width, height }: LegendBox): string[] {
  const rows = series.flatMap((s, i) => {
    const at = round(y + 14 + i * 20);
    return [
      `<line class="line ${s.part}"${dashOf(s)} x1="${round(x + 8)}" x2="${round(x + 28)}" y1="${at}" y2="${at}"/>`,
      `<text class="note" x="${round(x + 34)}" y="${at}" dy=".35em">${escapeXml(s.label)}</text>`,
    ];
  });
  return [`<rect class="veil" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height}" rx="3"/>`, ...rows];
}

const tickText = (n: number): string => (Math.abs(n) >= 1e6 || (n !== 0 && Math.abs(n) < 1e-4) ? short(n) : Number(n.toPrecision(10)).toString());

/** Colours and letters of every plot. */
export function plotStyle(scheme: 'auto' | 'light' | 'dark'): string {
  const fixed = `text{font-family:${fontStack};font-size:12px;font-variant-numeric:tabular-nums}.title{font-size:16px;font-weight:600}.label{font-size:13px}.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.axis,.grid{stroke-width:1}.halo{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}.best{stroke-width:2}.veil{fill-opacity:.85}`;
  const colours = (p: Palette): string =>
    `.paper,.veil{fill:${p.background}}.title,.note{fill:${p.text}}.tick,.label{fill:${p.muted}}.axis{stroke:${p.axis}}.grid{stroke:${p.grid}}.halo,.best{stroke:${p.background}}` +
    `.line.train{stroke:${p.train}}.line.validation{stroke:${p.validation}}.dot.train,.best.train,.train-text{fill:${p.train}}.dot.validation,.best.validation,.validation-text{fill:${p.validation}}`;
  if (scheme === 'dark') return fixed + colours(dark);
  return scheme === 'light' ? fixed + colours(light) : `${fixed}${colours(light)}@media (prefers-color-scheme:dark){${colours(dark)}}`;
}
