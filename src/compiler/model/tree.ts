/** The cell tree of a Program: what stands below a node, in the order it runs. */
import type { Cell, Layer, Node, Program } from './program.ts';

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

/** The layer whose output is the network's; null: a residual or a branch gives it. */
export function lastLayer(program: Program, cell: Cell = program.network): Layer | null {
  for (const node of [...cell.nodes].reverse()) {
    if (node.kind === 'layer') return program.layers[node.layer];
    if (node.kind === 'residual' || node.kind === 'branch') return null;
    // Cells without layers change nothing.
    const inner = [...cellsOf(node)].reverse().find((one) => one.nodes.length > 0);
    if (inner) return lastLayer(program, inner);
  }
  return null;
}
