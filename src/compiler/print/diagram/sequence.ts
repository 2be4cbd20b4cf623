/** Pieces one below the other with the line of data between them; long ones side by side in columns. */
import { textWidth } from '../svg/text.ts';
import type { Label, Line, Piece, Placed, Point, Shape } from './geometry.ts';

/** A piece and the word on the line after it. */
export interface Step {
  readonly piece: Piece;
  readonly after: string | null;
}

export const fontSize = 12;
export const labelSize = 11;
const labelHeight = 14;
/** Lengths of a line between two pieces. */
const plain = 20;
const labelled = 34;
export const between = (label: string | null): number => (label === null ? plain : labelled);

/** A word to the right of a line that goes down at `at`, in the middle of `length`. */
export const labelBeside = (text: string, at: Point, length: number): Label => ({
  kind: 'label',
  text,
  x: at.x + 7,
  y: at.y + (length - labelHeight) / 2,
  width: textWidth(text, labelSize),
  height: labelHeight,
});

export const line = (points: readonly Point[], arrow: boolean, shortcut = false): Line => ({ kind: 'line', points, arrow, shortcut });

const labelRoom = (text: string | null): number => (text === null ? 0 : 7 + textWidth(text, labelSize));

/** Words beside a line may move it this far to the right, to keep it in the middle of its frame. */
const mostMove = 120;

/**
 * @param trail a word beside a short line below the last piece
 * @param centred as much room to the left of the line as its words need to the right
 */
export function below(steps: readonly Step[], trail: string | null = null, centred = false): Piece {
  const labels = [trail, ...steps.slice(0, -1).map((step) => step.after)];
  const words = Math.max(0, ...labels.map(labelRoom));
  const boxes = Math.max(10, ...steps.map(({ piece }) => piece.width - piece.port));
  const right = Math.max(boxes, words);
  const left = Math.max(10, centred ? Math.min(words, boxes + mostMove) : 0, ...steps.map(({ piece }) => piece.port));
  const shapes: Shape[] = [];
  const children: Placed[] = [];
  let y = 0;
  const goDown = (label: string | null, length: number, arrow: boolean): void => {
    shapes.push(line([{ x: left, y }, { x: left, y: y + length }], arrow));
    if (label) shapes.push(labelBeside(label, { x: left, y }, arrow ? length - 6 : length));
    y += length;
  };
  steps.forEach(({ piece, after }, i) => {
    children.push({ piece, x: left - piece.port, y });
    y += piece.height;
    const next = steps[i + 1];
    if (next) goDown(after, between(after), !next.piece.open);
  });
  if (trail !== null) goDown(trail, 22, false);
  return { width: left + right, height: y, port: left, open: steps.length === 0 || steps[0].piece.open, shapes, children };
}

const columnGap = 56;
const turn = 16;

/** In several columns, none higher than `limit` where the steps allow it; a line leads from the foot of each to the head of the next. */
export function columns(steps: readonly Step[], limit: number, trail: string | null = null): Piece {
  const groups = split(steps, limit);
  if (groups.length === 1) return below(steps, trail);
  const pieces = groups.map((group, i) => below(group, i === groups.length - 1 ? trail : null));
  const shapes: Shape[] = [];
  const children: Placed[] = [];
  let x = 0;
  let height = 0;
  pieces.forEach((piece, i) => {
    const after = i < pieces.length - 1 ? groups[i][groups[i].length - 1].after : null;
    children.push({ piece, x, y: turn });
    const foot = turn + piece.height;
    // The word of the line on the way out may be wider than the column.
    const width = Math.max(piece.width, piece.port + labelRoom(after));
    height = Math.max(height, foot);
    if (i < pieces.length - 1) {
      const from = { x: x + piece.port, y: foot };
      const length = between(after) - 6;
      const next = x + width + columnGap + pieces[i + 1].port;
      const aisle = x + width + columnGap / 2;
      shapes.push(line([from, { x: from.x, y: foot + length }, { x: aisle, y: foot + length }, { x: aisle, y: 0 }, { x: next, y: 0 }, { x: next, y: turn }], !pieces[i + 1].open));
      if (after !== null) shapes.push(labelBeside(after, from, length - 4));
      height = Math.max(height, foot + length + 2);
    }
    x += width + columnGap;
  });
  const width = x - columnGap;
  return { width, height, port: width / 2, open: false, shapes, children };
}

/** Cuts between steps, so that the columns are as even as they can be with as few as the limit needs. */
function split(steps: readonly Step[], limit: number): readonly (readonly Step[])[] {
  const fill = (most: number): Step[][] => {
    const made: Step[][] = [];
    let height = Infinity;
    for (const step of steps) {
      const more = step.piece.height + between(step.after);
      if (height + more > most) {
        made.push([]);
        height = 0;
      }
      made[made.length - 1].push(step);
      height += more;
    }
    return made;
  };
  const wanted = fill(limit).length;
  let [low, high] = [0, limit];
  while (high - low > 4) {
    const middle = (low + high) / 2;
    if (fill(middle).length <= wanted) high = middle;
    else low = middle;
  }
  return fill(high);
}
