/**
 * The layers of a network as rules look at them: each with the layer whose output it receives, which in a branch is not the one
 * that stands before it, and with the uses of cells around it.
 */
import type { Related } from '../../diagnostics/diagnostic.ts';
import type { Placed, PlacedCell, PlacedNode, Walk } from '../walk.ts';

export interface Spot {
  readonly layer: Placed;
  /** What it receives comes straight from this layer; null: from the input, a residual or a branch. */
  readonly previous: Spot | null;
  /** The only layer that receives its output; null: none, or the end of a cell that is merged. */
  readonly next: Spot | null;
  /** Uses of named cells around it, the innermost first. */
  readonly calls: readonly Related[];
}

type Making = { -readonly [K in keyof Spot]: Spot[K] };

/** In the order the layers run. */
export function spotsOf(walk: Walk | null): readonly Spot[] {
  const spots: Spot[] = [];
  if (!walk) return spots;
  const calls: Related[] = [];

  const layer = (placed: Placed, previous: Making | null): Making => {
    const spot: Making = { layer: placed, previous, next: null, calls: [...calls].reverse() };
    if (previous) previous.next = spot;
    spots.push(spot);
    return spot;
  };

  /** Returns the layer that gives the output of the node: null where several are merged. */
  const node = (at: PlacedNode, from: Making | null): Making | null => {
    switch (at.kind) {
      case 'layer':
        return layer(at.layer, from);
      case 'repeat':
        return at.iterations.reduce((last, inner) => cell(inner, last), from);
      case 'call': {
        calls.push({ span: at.span, label: `in \`${at.text}\`, called here`, via: 'call' });
        const last = cell(at.cell, from);
        calls.pop();
        return last;
      }
      case 'residual':
      case 'branch': {
        for (const inner of at.kind === 'branch' ? at.cells : [at.cell, at.shortcut]) cell(inner, from);
        // What goes two ways has no one receiver.
        if (from) from.next = null;
        return null;
      }
    }
  };
  const cell = (inner: PlacedCell, from: Making | null): Making | null => inner.nodes.reduce<Making | null>((last, one) => node(one, last), from);
  cell(walk.cell, null);
  return spots;
}

/** The nearest layer before this one that is not among those looked through; null: there is none on a straight way. */
export function before(spot: Spot, through: (word: string) => boolean): Spot | null {
  let at = spot.previous;
  while (at && through(at.layer.word)) at = at.previous;
  return at;
}

/** True the first time for each place of the program: a layer that runs twenty times is spoken of once. */
export function once(): (spot: Spot) => boolean {
  const seen = new Set<string>();
  return ({ layer: { use } }) => {
    const key = `${use.span.file} ${use.span.start}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  };
}
