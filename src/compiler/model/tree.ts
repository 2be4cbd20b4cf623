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
