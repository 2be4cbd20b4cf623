/**
 * Runs shapes through the network, repeats expanded: pure, so that a way out ("repeat 3", "same", a larger image) can be tried
 * before it is suggested. Stops at the first layer whose input is unknown or does not fit.
 */
import type { Related } from '../diagnostics/diagnostic.ts';
import type { LayerArgs, LayerArgsByWord, LayerWord, Merge, Shape, Variable, Window } from '../model/program.ts';
import { sameShape } from '../shape/shape.ts';
import { given } from '../vocabulary/given.ts';
import { layers } from '../vocabulary/index.ts';
import type { Given, LayerDefinition, ParamValue, ShapeProblem, ShapeResult } from '../vocabulary/types.ts';
import type { Span } from '../source/source.ts';
import { asksForClasses, isUnknown, read } from '../bind/bound.ts';
import type { BoundCell, BoundNode, Use } from '../bind/bound.ts';
import { turnLabel } from '../bind/network.ts';
import { mostLayers } from '../model/tree.ts';

/** One layer in its place of the expanded network. */
export interface Placed {
  readonly use: Use;
  readonly word: LayerWord;
  readonly args: LayerArgs;
  readonly input: Shape;
  readonly output: Shape;
}

export type PlacedNode =
  | { readonly kind: 'layer'; readonly layer: Placed }
  | { readonly kind: 'repeat'; readonly count: number; readonly cells: number; readonly iterations: readonly PlacedCell[]; readonly span: Span }
  | { readonly kind: 'call'; readonly name: string; readonly text: string; readonly cell: PlacedCell; readonly span: Span }
  | { readonly kind: 'residual'; readonly cell: PlacedCell; readonly shortcut: PlacedCell; readonly output: Shape; readonly span: Span }
  | { readonly kind: 'branch'; readonly cells: readonly PlacedCell[]; readonly merge: Merge; readonly output: Shape; readonly span: Span };

export interface PlacedCell {
  readonly nodes: readonly PlacedNode[];
  readonly span: Span;
}

/** A repeat around a place: which one, and its iteration from 0. */
export interface Turn {
  readonly node: Extract<BoundNode, { kind: 'repeat' }>;
  readonly index: number;
  readonly count: number;
}

/** What stands around a place: the use of a named cell, or an iteration. */
export type Around = { readonly kind: 'call'; readonly node: Extract<BoundNode, { kind: 'call' }> } | ({ readonly kind: 'turn' } & Turn);

/** Where a place is. */
export interface Way {
  /** From the outside in. */
  readonly around: readonly Around[];
}

export const turnsOf = ({ around }: Way): readonly Turn[] => around.filter((one) => one.kind === 'turn');

/**
 * The uses of cells and the iterations that lead to a place, from the inside out. Left out are first iterations, which explain
 * nothing, unless their number has a name; and `told`, which is spoken of elsewhere in the message.
 */
export const wayTo = ({ around }: Way, told: Turn | null = null): readonly Related[] =>
  [...around].reverse().flatMap((one): readonly Related[] => {
    if (one.kind === 'call') return [{ span: one.node.span, label: `in \`${one.node.text}\`, called here`, via: 'call' }];
    const { node, index, count } = one;
    if ((node.counter === null && index === 0) || (node === told?.node && index === told.index)) return [];
    return [{ span: node.head, label: turnLabel(index, count, node.counter), via: 'iteration' }];
  });

export interface Step extends Way {
  readonly use: Use;
  readonly output: Shape;
}

export interface Failure extends Way {
  readonly use: Use;
  readonly args: LayerArgs;
  readonly input: Shape;
  readonly problem: ShapeProblem;
}

/** Outputs that do not go together. */
export interface Mismatch extends Way {
  readonly node: Extract<BoundNode, { kind: 'residual' | 'branch' }>;
  readonly input: Shape;
  readonly outputs: readonly Shape[];
}

export interface Walk {
  readonly cell: PlacedCell;
  /** In the order they run; a prefix where the walk stopped. */
  readonly layers: readonly Placed[];
  readonly steps: readonly Step[];
  /** null: the walk did not come to the end. */
  readonly output: Shape | null;
  readonly failure: Failure | null;
  readonly mismatch: Mismatch | null;
  /** Where the network came to have too many layers. */
  readonly tooMany: ({ readonly span: Span; readonly what: 'repeat' | 'cell' | 'layer' } & Way) | null;
}

/** What is tried instead of the program as written. */
export interface Variation {
  readonly counts?: ReadonlyMap<BoundNode, number>;
  /** Convolutions, or one layer, keep their size. */
  readonly same?: 'convolutions' | Use;
}

/** Nodes that may be gone through, those without layers counted. */
const mostVisits = 200_000;

type AnyLayer = {
  readonly args: (given: Given) => LayerArgs;
  readonly shape: (input: Shape, args: LayerArgs) => ShapeResult;
  readonly variables: (input: Shape, args: LayerArgs) => readonly Variable[];
  readonly macs: (input: Shape, output: Shape, args: LayerArgs) => number;
};

/** The definition of a layer word, for arguments that came from the same definition. */
export const layerDefinition = (word: LayerWord): AnyLayer => layers[word] as LayerDefinition as unknown as AnyLayer;
/** Whether a window slides over an image with a padding of its own: `same` may be a way out. */
export const hasWindow = (args: LayerArgs): args is LayerArgs & Window => 'padding' in args && 'stride' in args;
export const isConvolution = (word: string): boolean => word === 'conv' || word === 'depthwise_conv' || word === 'separable_conv';
export const isLayerWord = (word: string): word is LayerWord => Object.hasOwn(layers, word);

export function walk(cell: BoundCell, input: Shape, classes: number | null, variation: Variation = {}): Walk {
  const placed: Placed[] = [];
  const steps: Step[] = [];
  let current: Shape | null = input;
  let failure: Failure | null = null;
  let mismatch: Mismatch | null = null;
  let tooMany: Walk['tooMany'] = null;
  let visits = 0;

  const place = (use: Use, word: LayerWord, args: LayerArgs, way: Way): PlacedNode[] => {
    if (current === null) return [];
    const result = layerDefinition(word).shape(current, args);
    if (!result.ok) {
      failure = { use, args, input: current, problem: result.problem, ...way };
      current = null;
      return [];
    }
    const made: Placed = { use, word, args, input: current, output: result.output };
    placed.push(made);
    steps.push({ use, output: result.output, ...way });
    current = result.output;
    // Repeats and cells are blamed rather than the layer in them.
    if (way.around.length === 0) tooLong(use.span, 'layer', way);
    return [{ kind: 'layer', layer: made }];
  };

  const layer = (use: Use, way: Way): PlacedNode[] => {
    const word = use.word.word;
    if (!isLayerWord(word) || current === null) return [];
    if (isUnknown(use) || (asksForClasses(use) && classes === null)) {
      current = null;
      return [];
    }
    let args = layerDefinition(word).args(read(use, classes));
    if (hasWindow(args) && (variation.same === use || (variation.same === 'convolutions' && isConvolution(word)))) args = { ...args, padding: 'same' };
    return place(use, word, args, way);
  };

  const tooLong = (span: Span, what: 'repeat' | 'cell' | 'layer', way: Way): void => {
    if (placed.length <= mostLayers && visits <= mostVisits) return;
    tooMany ??= { span, what, ...way };
    current = null;
  };

  const repeat = (node: Extract<BoundNode, { kind: 'repeat' }>, way: Way): PlacedNode[] => {
    const count = variation.counts?.get(node) ?? node.count;
    const iterations: PlacedCell[] = [];
    let round = placed.length;
    for (let index = 0; index < count && current !== null; index++) {
      iterations.push(sequence(node.cells[index % node.cells.length], { around: [...way.around, { kind: 'turn', node, index, count }] }));
      tooLong(node.countSpan, 'repeat', way);
      if ((index + 1) % node.cells.length !== 0) continue;
      // Cells without layers change nothing, however often.
      if (placed.length === round) break;
      round = placed.length;
    }
    return [{ kind: 'repeat', count, cells: node.written, iterations, span: node.span }];
  };

  const residual = (node: Extract<BoundNode, { kind: 'residual' }>, way: Way): PlacedNode[] => {
    const from: Shape | null = current;
    const inner = sequence(node.cell, way);
    const to: Shape | null = current;
    if (from === null || to === null) return [];
    const same = sameShape(from, to);
    const shortcut: PlacedNode[] = [];
    const convolution = same || node.project === 'none' ? null : projection(from, to, node.bias);
    if (convolution) {
      current = from;
      shortcut.push(...place(node.use, 'conv', convolution, way));
      if (node.project === 'norm') shortcut.push(...place(node.use, 'batch_norm', plainArgs('batch_norm'), way));
    } else if (!same) {
      mismatch = { node, input: from, outputs: [to], ...way };
      current = null;
      return [];
    }
    current = to;
    return [{ kind: 'residual', cell: inner, shortcut: { nodes: shortcut, span: node.span }, output: to, span: node.span }];
  };

  const branch = (node: Extract<BoundNode, { kind: 'branch' }>, way: Way): PlacedNode[] => {
    const from = current;
    if (from === null) return [];
    const cells: PlacedCell[] = [];
    const outputs: Shape[] = [];
    for (const cell of node.cells) {
      current = from;
      cells.push(sequence(cell, way));
      if (current === null) return [];
      outputs.push(current);
    }
    const output = merged(node.merge, outputs);
    if (output === null) mismatch = { node, input: from, outputs, ...way };
    current = output;
    return output === null ? [] : [{ kind: 'branch', cells, merge: node.merge, output, span: node.span }];
  };

  const sequence = (bound: BoundCell, way: Way): PlacedCell => {
    const nodes: PlacedNode[] = [];
    for (const node of bound.nodes) {
      if (current === null) break;
      visits++;
      switch (node.kind) {
        case 'layer':
          nodes.push(...layer(node.use, way));
          break;
        case 'repeat':
          nodes.push(...repeat(node, way));
          break;
        case 'call':
          nodes.push({ kind: 'call', name: node.name, text: node.text, cell: sequence(node.cell, { around: [...way.around, { kind: 'call', node }] }), span: node.span });
          tooLong(node.span, 'cell', way);
          break;
        case 'residual':
          nodes.push(...residual(node, way));
          break;
        case 'branch':
          nodes.push(...branch(node, way));
          break;
        case 'broken':
          current = null;
      }
    }
    return { nodes, span: bound.span };
  };

  const root = sequence(cell, { around: [] });
  return { cell: root, layers: placed, steps, output: current, failure, mismatch, tooMany };
}

/** The shape that outputs have together; null: they do not go together. */
export function merged(merge: Merge, outputs: readonly Shape[]): Shape | null {
  const [first] = outputs;
  if (merge !== 'concat') return outputs.every((shape) => sameShape(shape, first)) ? first : null;
  const sides = first.slice(0, -1);
  if (!outputs.every((shape) => sameShape(shape.slice(0, -1), sides))) return null;
  return [...sides, outputs.reduce((sum, shape) => sum + shape[shape.length - 1], 0)];
}

/** The 1x1 convolution from one shape to the other: stride s where each side becomes its s-th part, rounded up; null: there is none. */
export function projection(from: Shape, to: Shape, bias = true): LayerArgs | null {
  if (from.length !== 3 || to.length !== 3) return null;
  const strideOf = (before: number, after: number): number | null => {
    const stride = Math.ceil(before / after);
    return Math.ceil(before / stride) === after ? stride : null;
  };
  const stride = [strideOf(from[0], to[0]), strideOf(from[1], to[1])];
  if (stride[0] === null || stride[1] === null) return null;
  return { ...(plainArgs('conv', { filters: to[2] }) as LayerArgsByWord['conv']), size: [1, 1], stride: [stride[0], stride[1]], bias };
}

/** A layer as it is without options. */
const plainArgs = (word: LayerWord, values: Readonly<Record<string, ParamValue>> = {}): LayerArgs => layerDefinition(word).args(given(layers[word], new Map(Object.entries(values))));
