/**
 * The cell tree for people: iterations of a `repeat`, uses of a named cell and arms of a `branch` that follow each other and are the same
 * stand once, with their number; long rows of different ones are cut in the middle. Read by the table of the summary and by the diagram.
 */
import type { Cell, Layer, Merge, Node, Program, Shape } from './program.ts';
import { indicesOf } from './tree.ts';

export interface Folding {
  /** What may stand once: nothing; what is equal, shapes included; what is written alike, whatever its shapes. */
  readonly what: 'nothing' | 'equal' | 'alike';
  /** Groups of iterations or arms shown of one `repeat` or `branch`; of more the first two and the last are. */
  readonly most: number;
}

/** Nodes that stand for several copies have an entry for each in `layers`, `inputs` and `outputs`, in the order they run. */
export interface FoldedCell {
  readonly nodes: readonly FoldedNode[];
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
}

export type FoldedNode =
  | { readonly kind: 'layer'; /** indices into Program.layers */ readonly layers: readonly number[] }
  | { readonly kind: 'repeat'; readonly count: number; readonly groups: readonly Group[] }
  | { readonly kind: 'call'; readonly name: string; readonly text: string; readonly times: number; readonly cell: FoldedCell }
  | { readonly kind: 'residual'; readonly cell: FoldedCell; readonly shortcut: FoldedCell; readonly outputs: readonly Shape[] }
  | { readonly kind: 'branch'; readonly merge: Merge; readonly groups: readonly Group[]; readonly outputs: readonly Shape[] };

/** Iterations (or arms) `from` to `to`, counted from 0, `to` not included. */
export type Group =
  /** `cells` in turn, `times` times. */
  | { readonly kind: 'shown'; readonly from: number; readonly to: number; readonly times: number; readonly cells: readonly FoldedCell[] }
  | { readonly kind: 'hidden'; readonly from: number; readonly to: number; readonly layers: readonly number[]; readonly outputs: readonly Shape[] };

/** A cell with the shape that it receives. */
interface Copy {
  readonly cell: Cell;
  readonly input: Shape;
}

export function fold(program: Program, folding: Folding): FoldedCell {
  const signatures = signaturesOf(program, folding.what);
  // Uses of a cell are few: only equal ones stand once, whatever iterations do.
  const uses = folding.what === 'alike' ? signaturesOf(program, 'equal') : signatures;

  const foldCell = (copies: readonly Copy[]): FoldedCell => {
    const nodes: FoldedNode[] = [];
    const current = copies.map((copy) => copy.input);
    const [first] = copies;
    for (let i = 0; i < (first?.cell.nodes.length ?? 0); ) {
      const times = equalCalls(first.cell.nodes, i);
      // Node by node for every copy: what the next one receives is what this one gives.
      const here = Array.from({ length: times }, (_, k) =>
        copies.map(({ cell }, c) => {
          const placed = { node: cell.nodes[i + k], input: current[c] };
          current[c] = outputOf(program, placed.node, placed.input);
          return placed;
        }),
      );
      nodes.push(foldNode(copies.flatMap((_, c) => here.map((row) => row[c])), times));
      i += times;
    }
    return { nodes, inputs: copies.map((copy) => copy.input), outputs: current };
  };

  const equalCalls = (nodes: readonly Node[], from: number): number => {
    if (nodes[from].kind !== 'call' || folding.what === 'nothing') return 1;
    let to = from + 1;
    while (to < nodes.length && uses.node(nodes[to]) === uses.node(nodes[from])) to++;
    return to - from;
  };

  /** Copies of one node, all of them alike. */
  const foldNode = (copies: readonly { readonly node: Node; readonly input: Shape }[], times: number): FoldedNode => {
    const [{ node: first }] = copies;
    /** The same part of every copy. */
    const part = <K extends Node['kind']>(kind: K, of: (node: Extract<Node, { kind: K }>) => Cell): Copy[] =>
      copies.map(({ node, input }) => ({ cell: of(node as Extract<Node, { kind: K }>), input }));
    const outputs = copies.map(({ node, input }) => outputOf(program, node, input));
    switch (first.kind) {
      case 'layer':
        return { kind: 'layer', layers: copies.map(({ node }) => (node as typeof first).layer) };
      case 'call':
        return { kind: 'call', name: first.name, text: first.text, times, cell: foldCell(part('call', (node) => node.cell)) };
      case 'residual':
        return { kind: 'residual', cell: foldCell(part('residual', (node) => node.cell)), shortcut: foldCell(part('residual', (node) => node.shortcut)), outputs };
      case 'branch':
        return { kind: 'branch', merge: first.merge, outputs, groups: groupsOf(copies.map(({ node, input }) => (node as typeof first).cells.map((cell) => ({ cell, input }))), 1) };
      case 'repeat':
        return { kind: 'repeat', count: first.count, groups: groupsOf(copies.map(({ node, input }) => iterationsOf(program, (node as typeof first).iterations, input)), first.cells) };
    }
  };

  /** @param rows the iterations (or arms) of every copy, @param period how many of them make one round */
  const groupsOf = (rows: readonly (readonly Copy[])[], period: number): readonly Group[] => {
    const [row] = rows;
    const rounds = Math.ceil(row.length / period);
    const key = (round: number): string => row.slice(round * period, (round + 1) * period).map(({ cell }) => signatures.cell(cell)).join();
    const runs: { from: number; rounds: number; key: string }[] = [];
    for (let round = 0; round < rounds; round++) {
      const last = runs.at(-1);
      if (last && folding.what !== 'nothing' && last.key === key(round)) last.rounds++;
      else runs.push({ from: round, rounds: 1, key: key(round) });
    }
    const shown = ({ from, rounds: times }: (typeof runs)[number]): Group => {
      const start = from * period;
      const to = Math.min(row.length, (from + times) * period);
      const cells = Array.from({ length: Math.min(period, to - start) }, (_, j) =>
        foldCell(rows.flatMap((copies) => Array.from({ length: times }, (_, k) => copies[start + k * period + j]))),
      );
      return { kind: 'shown', from: start, to, times, cells };
    };
    if (runs.length <= folding.most) return runs.map(shown);
    const [from, to] = [runs[2].from * period, runs[runs.length - 1].from * period];
    const left = rows.map((copies) => copies.slice(from, to));
    const hidden: Group = { kind: 'hidden', from, to, layers: left.flatMap((copies) => copies.flatMap(({ cell }) => indicesOf(cell))), outputs: rows.map((copies) => copies[to].input) };
    return [shown(runs[0]), shown(runs[1]), hidden, shown(runs[runs.length - 1])];
  };

  return foldCell([{ cell: program.network, input: program.input }]);
}

/** Indices of all layers that a folded cell stands for. */
export const layersIn = (cell: FoldedCell): readonly number[] => cell.nodes.flatMap(layersUnder);

export function layersUnder(node: FoldedNode): readonly number[] {
  switch (node.kind) {
    case 'layer':
      return node.layers;
    case 'call':
      return layersIn(node.cell);
    case 'residual':
      return [...layersIn(node.cell), ...layersIn(node.shortcut)];
    default:
      return node.groups.flatMap((group) => (group.kind === 'hidden' ? group.layers : group.cells.flatMap(layersIn)));
  }
}

/** What comes out of a node that receives `input`. */
const outputOf = (program: Program, node: Node, input: Shape): Shape => made(program, node) ?? input;
const outputOfCell = (program: Program, cell: Cell, input: Shape): Shape => madeIn(program, cell) ?? input;

/** The shape that a node makes; null: it has no layers and changes nothing. */
function made(program: Program, node: Node): Shape | null {
  switch (node.kind) {
    case 'layer':
      return program.layers[node.layer].output;
    case 'call':
      return madeIn(program, node.cell);
    case 'repeat':
      return last(node.iterations, (cell) => madeIn(program, cell));
    default:
      return node.output;
  }
}

const madeIn = (program: Program, { nodes }: Cell): Shape | null => last(nodes, (node) => made(program, node));

/** The last answer that is none of null. */
function last<T>(items: readonly T[], of: (item: T) => Shape | null): Shape | null {
  for (let i = items.length - 1; i >= 0; i--) {
    const found = of(items[i]);
    if (found) return found;
  }
  return null;
}

function iterationsOf(program: Program, cells: readonly Cell[], input: Shape): readonly Copy[] {
  let current = input;
  return cells.map((cell) => {
    const copy = { cell, input: current };
    current = outputOfCell(program, cell, current);
    return copy;
  });
}

/** Numbers that are equal for cells and nodes that may stand for each other. Every node is looked at once. */
function signaturesOf(program: Program, what: Folding['what']): { readonly cell: (cell: Cell) => number; readonly node: (node: Node) => number } {
  const numbers = new Map<string, number>();
  const known = new Map<Cell | Node, number>();
  const number = (of: Cell | Node, text: () => string): number => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const key = text();
    const made = numbers.get(key) ?? numbers.size;
    numbers.set(key, made);
    known.set(of, made);
    return made;
  };
  const layerText = ({ word, args, input, output, variables }: Layer): string =>
    JSON.stringify([word, args, variables.map((v) => v.trainable), ...(what === 'equal' ? [input, output] : [])]);
  const cell = (of: Cell): number => number(of, () => `cell ${of.nodes.map(node).join()}`);
  const node = (of: Node): number =>
    number(of, () => {
      switch (of.kind) {
        case 'layer':
          return layerText(program.layers[of.layer]);
        case 'call':
          return `call ${of.text} ${cell(of.cell)}`;
        case 'residual':
          return `residual ${cell(of.cell)} ${cell(of.shortcut)}`;
        case 'branch':
          return `branch ${of.merge} ${of.cells.map(cell).join()}`;
        case 'repeat':
          return `repeat ${of.count} ${of.cells} ${of.iterations.map(cell).join()}`;
      }
    });
  return { cell, node };
}
