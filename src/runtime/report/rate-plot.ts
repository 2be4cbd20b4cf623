/** The curve of a learning rate search as SVG: loss over the rate (logarithmic), the least loss and the rate to train with marked. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { RateSearch } from '../train/find-lr.ts';
import { short } from './numbers.ts';
import { plotHeight, plotStyle, plotWidth } from './plot.ts';

/** 720 x 420. `light` is for pictures of fixed pixels. */
export function ratePlotSvg({ trials, least, suggestion }: RateSearch, scheme: 'auto' | 'light' = 'auto'): string {
  const box = { left: 68, top: 52, right: plotWidth - 28, bottom: plotHeight - 58 };
  const shown = trials.filter(({ smoothed }) => Number.isFinite(smoothed));
  const values = shown.map(({ smoothed }) => smoothed);
  const [low, high] = [Math.min(...values, Infinity), Math.max(...values, -Infinity)];
  // The explosion would flatten all the rest.
  const first = shown[0]?.smoothed ?? 1;
  const top = Number.isFinite(high) ? Math.min(high, Math.max(first, low) * 2) : 1;
  const x = scaleLog([shown[0]?.rate ?? 1e-7, shown.at(-1)?.rate ?? 10], [box.left, box.right]);
  const y = scaleLinear([Number.isFinite(low) ? Math.min(low, 0.98 * low) : 0, top], [box.bottom, box.top]).nice(5);
  const path = line<(typeof shown)[number]>((t) => x(t.rate), (t) => Math.max(box.top, y(t.smoothed))).digits(2);
  const at = (n: number): number => Math.round(n * 100) / 100;
  const decades = x.ticks(10).filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6));
  const mark = trials[least];
  const word = suggestion === null ? 'The loss does not fall' : `Train with ${short(suggestion)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${plotWidth}" height="${plotHeight}" viewBox="0 0 ${plotWidth} ${plotHeight}" role="img" aria-label="Loss by learning rate">`,
    '<title>Loss by learning rate</title>',
    `<style>${plotStyle(scheme)}</style>`,
    `<rect class="paper" width="${plotWidth}" height="${plotHeight}"/>`,
    `<text class="title" x="${box.left}" y="30">${word}</text>`,
    ...y.ticks(5).flatMap((tick) => [
      `<line class="grid" x1="${box.left}" x2="${box.right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>`,
      `<text class="tick" x="${box.left - 10}" y="${at(y(tick))}" dy=".35em" text-anchor="end">${short(tick)}</text>`,
    ]),
    `<line class="axis" x1="${box.left}" x2="${box.right}" y1="${box.bottom}" y2="${box.bottom}"/>`,
    ...decades.flatMap((tick) => [
      `<line class="axis" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${box.bottom}" y2="${box.bottom + 5}"/>`,
      `<text class="tick" x="${at(x(tick))}" y="${box.bottom + 20}" text-anchor="middle">${short(Number(tick.toPrecision(3)))}</text>`,
    ]),
    `<text class="label" x="${(box.left + box.right) / 2}" y="${plotHeight - 14}" text-anchor="middle">learning rate</text>`,
    `<text class="label" transform="translate(18 ${(box.top + box.bottom) / 2}) rotate(-90)" text-anchor="middle">loss, smoothed</text>`,
    ...(shown.length > 1 ? [`<path class="line train" d="${path(shown) ?? ''}"/>`] : []),
    ...(suggestion !== null && shown.length > 1
      ? [
          `<line class="line validation" stroke-dasharray="7 4" x1="${at(x(suggestion))}" x2="${at(x(suggestion))}" y1="${box.top}" y2="${box.bottom}"/>`,
          `<text class="note halo" x="${at(x(suggestion)) - 8}" y="${box.top + 14}" text-anchor="end">${short(suggestion)}</text>`,
        ]
      : []),
    ...(mark ? [`<circle class="best train" cx="${at(x(mark.rate))}" cy="${at(y(mark.smoothed))}" r="4.5"/>`, `<text class="note halo" x="${at(x(mark.rate))}" y="${at(y(mark.smoothed)) + 20}" text-anchor="middle">least at ${short(mark.rate)}</text>`] : []),
    '</svg>',
    '',
  ].join('\n');
}
