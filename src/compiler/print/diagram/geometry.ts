/**
 * What a diagram is made of before it is SVG. A piece is a rectangle with everything inside it, placed relative to its own corner; the line
 * of data enters at its top and leaves at its bottom, both `port` from its left edge. Pixels.
 */
import type { Family } from './words.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

/** A block: a layer, in all copies that it stands for. */
export interface Block extends Rect {
  readonly kind: 'block';
  readonly family: Family;
  readonly text: string;
  /** Parameters, at the right edge; empty: not worth saying. */
  readonly note: string;
  /** Shown by the reader's program when asked. */
  readonly hint: string;
  /** Indices into Program.layers. */
  readonly layers: readonly number[];
  readonly inferred: boolean;
}

/** The network's input and what it answers. */
export interface End extends Rect {
  readonly kind: 'end';
  readonly text: string;
}

/** A cell in use, or a repeat. */
export interface Frame extends Rect {
  readonly kind: 'frame';
  readonly title: string;
  readonly note: string;
  readonly hint: string;
  /** More than once: drawn as a pile, with its number. */
  readonly times: number;
}

/** Where lines come together. */
export interface Junction extends Rect {
  readonly kind: 'junction';
  readonly text: string;
  readonly hint: string;
}

/** A row of iterations or arms that are not drawn. */
export interface More extends Rect {
  readonly kind: 'more';
  readonly text: string;
  readonly layers: readonly number[];
}

/** A word beside a line. Its rectangle is an estimate of what it covers. */
export interface Label extends Rect {
  readonly kind: 'label';
  readonly text: string;
}

/** A line; `arrow` at its end. Corners are rounded when drawn. */
export interface Line {
  readonly kind: 'line';
  readonly points: readonly Point[];
  readonly arrow: boolean;
  readonly shortcut: boolean;
}

export type Shape = Block | End | Frame | Junction | More | Label | Line;

export interface Piece {
  readonly width: number;
  readonly height: number;
  readonly port: number;
  /** The line goes on inside: no arrow ends at its top. */
  readonly open: boolean;
  readonly shapes: readonly Shape[];
  readonly children: readonly Placed[];
}

export interface Placed extends Point {
  readonly piece: Piece;
}

/** Everything in a piece with its place on the page; what lies behind comes first. */
export function flatten(piece: Piece, at: Point = { x: 0, y: 0 }, into: Shape[] = []): Shape[] {
  for (const shape of piece.shapes) {
    if (shape.kind === 'line') into.push({ ...shape, points: shape.points.map(({ x, y }) => ({ x: x + at.x, y: y + at.y })) });
    else into.push({ ...shape, x: shape.x + at.x, y: shape.y + at.y });
  }
  for (const child of piece.children) flatten(child.piece, { x: at.x + child.x, y: at.y + child.y }, into);
  return into;
}
