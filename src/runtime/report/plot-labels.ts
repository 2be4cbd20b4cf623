/** Where the words of a plot go. Widths are estimated, since an SVG is laid out by its reader's own font. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

type Corner = 'upper_right' | 'upper_left' | 'lower_right' | 'lower_left';

/** A cautious estimate in pixels: wide scripts count double. */
export function textWidth(text: string, fontSize: number): number {
  let units = 0;
  for (const c of text) units += (c.codePointAt(0) ?? 0) > 0x2e80 ? 1.05 : /[ijl.,:;'|!() ]/.test(c) ? 0.36 : /[mwMW@%]/.test(c) ? 0.9 : 0.6;
  return units * fontSize;
}

/** Upper left corner of a legend of this size; `best` is the corner that covers the fewest points (upper right among equals). */
export function place(at: Corner | 'best', width: number, height: number, points: readonly { readonly x: number; readonly y: number }[], box: Box): { readonly x: number; readonly y: number } {
  const gap = 8;
  const corner = (c: Corner): { x: number; y: number } => ({
    x: c.endsWith('right') ? box.right - width - gap : box.left + gap,
    y: c.startsWith('upper') ? box.top + gap : box.bottom - height - gap,
  });
  if (at !== 'best') return corner(at);
  const covered = (c: Corner): number => {
    const { x, y } = corner(c);
    return points.filter((p) => p.x > x - gap && p.x < x + width + gap && p.y > y - gap && p.y < y + height + gap).length;
  };
  const corners: Corner[] = ['upper_right', 'upper_left', 'lower_right', 'lower_left'];
  return corner(corners.reduce((best, c) => (covered(c) < covered(best) ? c : best)));
}

/** Whether a note at `y` is better put under its point than over it: where fewer curves pass, `preferBelow` among equals. */
export function belowIsFreer(y: number, left: number, width: number, curves: readonly (readonly { readonly x: number; readonly y: number }[])[], box: Box, preferBelow: boolean): boolean {
  if (y + 26 > box.bottom) return false;
  if (y - 24 < box.top) return true;
  const passing = (from: number, to: number): number =>
    curves.flat().filter((p) => p.x >= left - 8 && p.x <= left + width + 8 && p.y >= from && p.y <= to).length;
  const under = passing(y + 7, y + 26);
  const over = passing(y - 26, y - 7);
  return under === over ? preferBelow : under < over;
}
