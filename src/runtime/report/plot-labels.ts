/** Where the words of a plot go. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

type Corner = 'upper_right' | 'upper_left' | 'lower_right' | 'lower_left';

export interface LegendBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly upper: boolean;
  /** Points it would cover. */
  readonly covered: number;
}

/** A legend of this size in a corner; `best` is the corner that covers the fewest points (upper right among equals). */
export function place(at: Corner | 'best', { width, height }: { readonly width: number; readonly height: number }, points: readonly { readonly x: number; readonly y: number }[], box: Box): LegendBox {
  const gap = 8;
  const corner = (c: Corner): LegendBox => {
    const upper = c.startsWith('upper');
    const x = c.endsWith('right') ? box.right - width - gap : box.left + gap;
    const y = upper ? box.top + gap : box.bottom - height - gap;
    const covered = points.filter((p) => p.x > x - gap && p.x < x + width + gap && p.y > y - gap && p.y < y + height + gap).length;
    return { x, y, width, height, upper, covered };
  };
  if (at !== 'best') return corner(at);
  const corners: readonly Corner[] = ['upper_right', 'upper_left', 'lower_right', 'lower_left'];
  return corners.map(corner).reduce((best, c) => (c.covered < best.covered ? c : best));
}

/** Whether a note at `y` is better put under its point than over it: where fewer curves pass, `preferBelow` among equals. */
export function belowIsFreer(y: number, left: number, width: number, curves: readonly { readonly x: number; readonly y: number }[], box: Box, preferBelow: boolean): boolean {
  if (y + 26 > box.bottom) return false;
  if (y - 24 < box.top - 12) return true;
  const passing = (from: number, to: number): number =>
    curves.filter((p) => p.x >= left - 8 && p.x <= left + width + 8 && p.y >= from && p.y <= to).length;
  const under = passing(y + 7, y + 26);
  const over = passing(y - 26, y - 7);
  return under === over ? preferBelow : under < over;
}
