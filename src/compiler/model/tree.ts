/** The cell tree of a Program: what stands below a node, in the order it runs. */
import type { Cell, Layer, Node, Program } from './program.ts';

/** Layers of a network at most. */
export const mostLayers = 20_000;

/** Cells that stand in each other at most, uses of named cells counted: what follows the tree need not fear for its stack. */
export const mostNested = 100;

export function cellsOf(node: Node): readonly Cell[] {
  switch (node.kind) {
    case 'layer':
      return [];
    case 'repeat':
      return node.iterations;
    case 'call':
      return [node.cell];
    case 'residual':
      return [node.cell, node.shortcut];
    case 'branch':
      return node.cells;
  }
}

/** Indices of the layers below a cell, in order. */
export const indicesOf = (cell: Cell): readonly number[] => cell.nodes.flatMap((node) => (node.kind === 'layer' ? [node.layer] : cellsOf(node).flatMap(indicesOf)));

export const layersOf = (program: Program, cell: Cell): readonly Layer[] => indicesOf(cell).map((index) => program.layers[index]);

/** The layer, residual or branch whose output is the cell's; null: there is none. */
export function lastNode(cell: Cell): Extract<Node, { kind: 'layer' | 'residual' | 'branch' }> | null {
  for (const node of [...cell.nodes].reverse()) {
    if (node.kind !== 'repeat' && node.kind !== 'call') return node;
    // Cells without layers change nothing.
    const inner = [...cellsOf(node)].reverse().find((one) => one.nodes.length > 0);
    if (inner) return lastNode(inner);
  }
  return null;
}

/** The layer whose output is the network's; null: a residual or a branch gives it. */
export function lastLayer(program: Program): Layer | null {
  const last = lastNode(program.network);
  return last?.kind === 'layer' ? program.layers[last.layer] : null;
}

export interface Merging {
  /** `branch 2`: the second of its kind, in the order they begin. */
  readonly what: string;
  /** What runs side by side, and how it is brought together: `concat of conv_1 … relu_1, pool_1`. */
  readonly wiring: string;
}

/** How the layers are wired where that is more than one behind the other: two programs of equal layers and equal wiring are one network. */
export function mergings(program: Program): readonly Merging[] {
  const found: Merging[] = [];
  const counts = { residual: 0, branch: 0 };
  const span = (cell: Cell): string => {
    const names = layersOf(program, cell).map(({ name }) => name);
    return names.length === 0 ? 'identity' : names.length === 1 ? names[0] : `${names[0]} … ${names[names.length - 1]}`;
  };
  const look = (cell: Cell): void => {
    for (const node of cell.nodes) {
      if (node.kind === 'layer') continue;
      if (node.kind === 'residual' || node.kind === 'branch')
        found.push({ what: `${node.kind} ${++counts[node.kind]}`, wiring: `${node.kind === 'branch' ? node.merge : 'add'} of ${cellsOf(node).map(span).join(', ')}` });
      cellsOf(node).forEach(look);
    }
  };
  look(program.network);
  return found;
}
