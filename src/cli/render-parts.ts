/** Pieces of the terminal display: bar, sparkline, a live area that redraws itself. Look: docs of the display, `looks`. */
import type { Colors } from 'picocolors/types';

/** `━━━━━━╸━━━`: done in colour, the rest dim; without colours the rest is thin. `share` 0..1. */
export function bar(share: number, width: number, c: Pick<Colors, 'cyan' | 'dim'>): string {
  const half = Math.round(Math.max(0, Math.min(1, share)) * width * 2);
  const full = Math.floor(half / 2);
  const tip = half % 2 === 1 ? '╸' : '';
  const rest = c.dim('━') === '━' ? '─' : '━';
  return c.cyan('━'.repeat(full) + tip) + c.dim(rest.repeat(width - full - tip.length));
}

/** Columns of dots from the bottom up, left and right half of a braille cell, for heights 0 to 4. */
const left = [0, 0x40, 0x44, 0x46, 0x47];
const right = [0, 0x80, 0xa0, 0xb0, 0xb8];

/** Two values a cell, lowest one dot, highest four; no numbers, no dots. */
export function sparkline(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return '';
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low;
  const height = (v: number | undefined): number => (v === undefined || !Number.isFinite(v) ? 0 : span === 0 ? 1 : 1 + Math.round(((v - low) / span) * 3));
  let text = '';
  for (let i = 0; i < values.length; i += 2) text += String.fromCharCode(0x2800 + left[height(values[i])] + right[height(values[i + 1])]);
  return text;
}

/** A sequence of any length as at most `most` means of equal stretches: when it is full, neighbours are merged. */
export function thinned(most: number): { readonly add: (value: number) => void; readonly values: () => readonly number[] } {
  let stretch = 1;
  let buckets: { sum: number; n: number }[] = [];
  return {
    add(value) {
      const last = buckets.at(-1);
      if (last && last.n < stretch) {
        last.sum += value;
        last.n++;
        return;
      }
      if (buckets.length === most) {
        buckets = Array.from({ length: most / 2 }, (_, i) => ({ sum: buckets[2 * i].sum + buckets[2 * i + 1].sum, n: buckets[2 * i].n + buckets[2 * i + 1].n }));
        stretch *= 2;
      }
      buckets.push({ sum: value, n: 1 });
    },
    values: () => buckets.map((b) => b.sum / b.n),
  };
}

export interface Screen {
  readonly write: (text: string) => void;
  /** Columns now. */
  readonly columns: () => number;
}

export interface Live {
  /** Replaces the live lines, at most ten times a second unless `now`. */
  readonly draw: (lines: () => readonly string[], now?: boolean) => void;
  /** Writes lines for good, above the live area. */
  readonly print: (...lines: readonly string[]) => void;
  /** Takes the live lines away. */
  readonly clear: () => void;
}

const between = 100;

/** Columns left free: the terminal writes `^C` behind the last line, and a line that wraps cannot be taken back. */
export const margin = 3;

export function liveArea(screen: Screen, clock: () => number = () => performance.now()): Live {
  let shown = 0;
  let last = -Infinity;
  const erase = (): string => (shown === 0 ? '' : `\r${shown > 1 ? `\x1b[${shown - 1}A` : ''}\x1b[0J`);
  const clear = (): void => {
    if (shown > 0) screen.write(erase());
    shown = 0;
  };
  return {
    draw(lines, now = false) {
      const time = clock();
      if (!now && time - last < between) return;
      last = time;
      const fitted = lines().map((line) => fit(line, screen.columns() - margin));
      const text = erase() + fitted.join('\n');
      shown = fitted.length;
      screen.write(text);
    },
    print(...lines) {
      clear();
      screen.write(lines.map((line) => `${line}\n`).join(''));
    },
    clear,
  };
}

const escape = /\x1b\[[0-9;]*m/g;

/** Columns a text takes; colours take none. */
export const widthOf = (text: string): number => [...text.replace(escape, '')].length;

/** Cuts to `width` columns, so that a live line never wraps. Colours are closed. */
export function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let room = width;
  let result = '';
  for (const [part] of text.matchAll(/\x1b\[[0-9;]*m|[^]/gu)) {
    if (part.startsWith('\x1b')) result += part;
    else if (room-- > 0) result += part;
  }
  return result;
}

/** `left`, then `right` at the edge of `width` columns; at least two blanks between. */
export const spread = (leftText: string, rightText: string, width: number): string =>
  leftText + ' '.repeat(Math.max(2, width - widthOf(leftText) - widthOf(rightText))) + rightText;
