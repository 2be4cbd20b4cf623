/** Which cells one function can run, and what goes through them. */
import type { Cell, Layer, Node, Program, Shape } from '../../model/program.ts';
import { cellsOf, indicesOf } from '../../model/tree.ts';

/** Whether a cell changes nothing. */
export const isNothing = (cell: Cell): boolean => cell.nodes.every((node) => (node.kind === 'call' || node.kind === 'repeat') && cellsOf(node).every(isNothing));

/** What comes out of a cell. */
export const outputOf = (program: Program, cell: Cell, input: Shape): Shape =>
  cell.nodes.reduce((shape, node) => {
    if (node.kind === 'layer') return program.layers[node.layer].output;
    return node.kind === 'residual' || node.kind === 'branch' ? node.output : cellsOf(node).reduce((from, inner) => outputOf(program, inner, from), shape);
  }, input);

/** Equal for cells that one function can run. */
export function signature(program: Program, cell: Cell, from: Shape, code: (layer: Layer) => string): string {
  const inside = (inner: Cell, input: Shape): string => {
    const parts: string[] = [];
    let shape = input;
    for (const node of inner.nodes) {
      parts.push(ofNode(node, shape));
      shape = outputOf(program, { ...inner, nodes: [node] }, shape);
    }
    return parts.join(';');
  };
  const ofNode = (node: Node, input: Shape): string => {
    if (node.kind === 'layer') return code(program.layers[node.layer]);
    if (node.kind === 'repeat') return ofRepeat(node.iterations, input);
    const what = node.kind === 'call' ? node.name : node.kind === 'branch' ? node.merge : '';
    return `${node.kind} ${what}(${cellsOf(node).map((one) => inside(one, input)).join('|')})`;
  };
  const ofRepeat = (iterations: readonly Cell[], input: Shape): string => {
    const shapes = shapesThrough(program, iterations, input);
    const each = iterations.map((one, i) => inside(one, shapes[i]));
    if (!isLoopable(iterations, shapes)) return each.join(';');
    const stretches = stretchesOf(each);
    if (stretches === null) return `turns(${[...new Set(each)].join('|')})`;
    // A loop over variables is the same for any number of them.
    const hasVariables = (one: Cell): boolean => indicesOf(one).some((index) => program.layers[index].variables.length > 0);
    return stretches.map(([first, last]) => (last - first === 1 ? each[first] : `loop ${hasVariables(iterations[first]) ? '' : last - first}(${each[first]})`)).join(';');
  };
  return `${from.length} ${inside(cell, from)}`;
}

/** The shapes before, between and after iterations. */
export function shapesThrough(program: Program, iterations: readonly Cell[], from: Shape): readonly Shape[] {
  const shapes = [from];
  for (const cell of iterations) shapes.push(outputOf(program, cell, shapes[shapes.length - 1]));
  return shapes;
}

/** A loop needs something to do, and one rank throughout. */
export const isLoopable = (iterations: readonly Cell[], shapes: readonly Shape[]): boolean => !iterations.every(isNothing) && shapes.every((shape) => shape.length === shapes[0].length);

/** Stretches of equal signatures, from and to (exclusive), each a loop of its own; null where cells take turns, which stay in one loop. */
export function stretchesOf(signatures: readonly string[]): readonly (readonly [number, number])[] | null {
  const starts = signatures.flatMap((one, i) => (one === signatures[i - 1] ? [] : [i]));
  if (starts.length > new Set(signatures).size) return null;
  return starts.map((first, k) => [first, starts[k + 1] ?? signatures.length]);
}
