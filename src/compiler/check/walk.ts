/**
 * Runs shapes through the network, repeats expanded: pure, so that a way out ("repeat 3", "same", a larger image) can be tried
 * before it is suggested. Stops at the first layer whose input is unknown or does not fit.
 */
import type { LayerArgs, LayerWord, Shape, Variable } from '../model/program.ts';
import { layers } from '../vocabulary/index.ts';
import type { Given, LayerDefinition, ShapeProblem, ShapeResult } from '../vocabulary/types.ts';
import type { Span } from '../source/source.ts';
import { asksForClasses, read } from '../bind/bound.ts';
import type { BoundCell, BoundNode, Use } from '../bind/bound.ts';

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
  | { readonly kind: 'repeat'; readonly count: number; readonly cells: number; readonly iterations: readonly PlacedCell[]; readonly span: Span };

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

export interface Step {
  readonly use: Use;
  readonly output: Shape;
  readonly turns: readonly Turn[];
}

export interface Failure {
  readonly use: Use;
  readonly args: LayerArgs;
  readonly input: Shape;
  readonly problem: ShapeProblem;
  readonly turns: readonly Turn[];
}

export interface Walk {
  readonly cell: PlacedCell;
  /** In the order they run; a prefix where the walk stopped. */
  readonly layers: readonly Placed[];
  readonly steps: readonly Step[];
  /** null: the walk did not come to the end. */
  readonly output: Shape | null;
  readonly failure: Failure | null;
  /** The repeat with which the network has too many layers. */
  readonly tooMany: Extract<BoundNode, { kind: 'repeat' }> | null;
}

/** What is tried instead of the program as written. */
export interface Variation {
  readonly counts?: ReadonlyMap<BoundNode, number>;
  /** Convolutions, or one layer, keep their size. */
  readonly same?: 'convolutions' | Use;
}

export const mostLayers = 5000;

type AnyLayer = {
  readonly args: (given: Given) => LayerArgs;
  readonly shape: (input: Shape, args: LayerArgs) => ShapeResult;
  readonly variables: (input: Shape, args: LayerArgs) => readonly Variable[];
  readonly macs: (input: Shape, output: Shape, args: LayerArgs) => number;
};

/** The definition of a layer word, for arguments that came from the same definition. */
export const layerDefinition = (word: LayerWord): AnyLayer => layers[word] as LayerDefinition as unknown as AnyLayer;
export const isLayerWord = (word: string): word is LayerWord => Object.hasOwn(layers, word);

export function walk(cell: BoundCell, input: Shape, classes: number | null, variation: Variation = {}): Walk {
  const placed: Placed[] = [];
  const steps: Step[] = [];
  let current: Shape | null = input;
  let failure: Failure | null = null;
  let tooMany: Walk['tooMany'] = null;

  const layer = (use: Use, turns: readonly Turn[]): PlacedNode[] => {
    const word = use.word.word;
    if (!isLayerWord(word) || current === null) return [];
    if (asksForClasses(use) && classes === null) {
      current = null;
      return [];
    }
    const definition = layerDefinition(word);
    let args = definition.args(read(use, classes));
    if ('padding' in args && (variation.same === use || (variation.same === 'convolutions' && word === 'conv'))) args = { ...args, padding: 'same' };
    const result = definition.shape(current, args);
    if (!result.ok) {
      failure = { use, args, input: current, problem: result.problem, turns };
      current = null;
      return [];
    }
    const made: Placed = { use, word, args, input: current, output: result.output };
    placed.push(made);
    steps.push({ use, output: result.output, turns });
    current = result.output;
    return [{ kind: 'layer', layer: made }];
  };

  const repeat = (node: Extract<BoundNode, { kind: 'repeat' }>, turns: readonly Turn[]): PlacedNode[] => {
    const count = variation.counts?.get(node) ?? node.count;
    const iterations: PlacedCell[] = [];
    let round = placed.length;
    for (let index = 0; index < count && current !== null; index++) {
      iterations.push(sequence(node.cells[index % node.cells.length], [...turns, { node, index, count }]));
      if (placed.length > mostLayers) {
        tooMany ??= node;
        current = null;
      }
      if ((index + 1) % node.cells.length !== 0) continue;
      // Cells without layers change nothing, however often.
      if (placed.length === round) break;
      round = placed.length;
    }
    return [{ kind: 'repeat', count, cells: node.cells.length, iterations, span: node.span }];
  };

  const sequence = (bound: BoundCell, turns: readonly Turn[]): PlacedCell => {
    const nodes: PlacedNode[] = [];
    for (const node of bound.nodes) {
      if (current === null) break;
      if (node.kind === 'layer') nodes.push(...layer(node.use, turns));
      else if (node.kind === 'repeat') nodes.push(...repeat(node, turns));
      else current = null;
    }
    return { nodes, span: bound.span };
  };

  const root = sequence(cell, []);
  return { cell: root, layers: placed, steps, output: current, failure, tooMany };
}
