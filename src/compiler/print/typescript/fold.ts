/**
 * Folds the Program's cell tree into what a person would write: a `repeat` is one function for each of its cells, called in a
 * loop over the parameters of its iterations. Two iterations share a function when their code is the same; shapes, being
 * carried by the parameters, may differ.
 */
import type { Cell, Layer, Program, Shape } from '../../model/program.ts';
import { cellsOf, layersOf } from '../../model/tree.ts';
import { headActivation } from './head.ts';
import { identifier } from './emit.ts';

export interface LayerStep {
  readonly kind: 'layer';
  readonly layer: Layer;
  /** The property that holds its variables; null: it has none. */
  readonly field: string | null;
}

export interface LoopStep {
  readonly kind: 'loop';
  /** The property that holds one entry for each iteration; null: no cell of it has variables. */
  readonly field: string | null;
  /** The different functions, in the order they first run. */
  readonly variants: readonly Variant[];
  readonly iterations: readonly { readonly variant: Variant; readonly steps: readonly Step[] }[];
}

export interface Variant {
  /** `runBlock`, `runBlockA` */
  readonly functionName: string;
  /** `Block`; null: it has no variables. */
  readonly typeName: string | null;
  /** Tells the cells of an alternating repeat apart; null where there is only one. */
  readonly tag: string | null;
  /** Of its first iteration. */
  readonly steps: readonly Step[];
}

export type Step = LayerStep | LoopStep;

/** The steps of the network. `code` is what a layer prints, without its variables: equal code, equal function. */
export function fold(program: Program, code: (layer: Layer) => string): readonly Step[] {
  const { layers } = program;
  const repeats = countLoops(program.network);
  let nextNumber = 1;

  const steps = (cell: Cell, fields: Set<string>, inLoop: boolean): Step[] =>
    cell.nodes.flatMap((node): Step[] => {
      if (node.kind === 'layer') {
        const layer = layers[node.layer];
        // Inside a repeat the counters of the layers' names run on from one iteration to the next: only the base stays.
        const name = inLoop ? layer.name.replace(/_\d+$/, '') : layer.name;
        return [{ kind: 'layer', layer, field: layer.variables.length > 0 ? identifier(name, fields) : null }];
      }
      if (node.kind === 'call') return steps(node.cell, fields, inLoop);
      if (node.kind !== 'repeat') throw new Error(`internal error: a ${node.kind} is not printed`);
      if (!loopable(program, node.iterations)) return node.iterations.flatMap((iteration) => steps(iteration, fields, inLoop));
      return [loop(node.iterations, fields)];
    });

  const loop = (iterations: readonly Cell[], fields: Set<string>): LoopStep => {
    const own = nextNumber++;
    const number = repeats > 1 ? String(own) : '';
    const signatures = iterations.map((iteration) => signature(program, iteration, code));
    const distinct = [...new Set(signatures)];
    const variants = new Map<string, Variant>();
    const firstNumbers = new Map<string, number>();
    const folded = iterations.map((iteration, i) => {
      const found = variants.get(signatures[i]);
      // Repeats inside have the same numbers in every iteration of one function.
      const used = nextNumber;
      nextNumber = firstNumbers.get(signatures[i]) ?? nextNumber;
      firstNumbers.set(signatures[i], nextNumber);
      const body = steps(iteration, new Set(), true);
      nextNumber = Math.max(used, nextNumber);
      const letter = distinct.length > 1 ? lettersOf(distinct.indexOf(signatures[i])) : '';
      const variant = found ?? {
        functionName: `runBlock${number}${letter}`,
        typeName: body.some((step) => step.field !== null) ? `Block${number}${letter}` : null,
        tag: letter ? letter.toLowerCase() : null,
        steps: body,
      };
      variants.set(signatures[i], variant);
      return { variant, steps: body };
    });
    const holds = [...variants.values()].some((variant) => variant.typeName !== null || variant.tag !== null);
    return { kind: 'loop', field: holds ? identifier(`blocks${number}`, fields) : null, variants: [...variants.values()], iterations: folded };
  };

  return steps(program.network, new Set(), false);
}

/** A, B, … Z, AA, … */
const lettersOf = (index: number): string => (index >= 26 ? lettersOf(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));

/** Loops need something to loop over, one rank throughout, and the head's activation apart from them (the loss wants what is before it). */
function loopable(program: Program, iterations: readonly Cell[]): boolean {
  const layers = iterations.flatMap((iteration) => layersOf(program, iteration));
  if (iterations.length < 2 || layers.length === 0) return false;
  const rank = layers[0].input.length;
  const last = program.layers[program.layers.length - 1];
  const holdsHead = layers.includes(last) && headActivation(last) !== null;
  return !holdsHead && layers.every((layer) => layer.input.length === rank && layer.output.length === rank);
}

const countLoops = (cell: Cell): number =>
  cell.nodes.reduce((sum, node) => sum + (node.kind === 'repeat' ? 1 + (node.iterations.length > 0 ? countLoops(node.iterations[0]) : 0) : cellsOf(node).reduce((inner, one) => inner + countLoops(one), 0)), 0);

function signature(program: Program, cell: Cell, code: (layer: Layer) => string): string {
  return cell.nodes
    .map((node) => {
      if (node.kind === 'layer') return code(program.layers[node.layer]);
      return `${node.kind}(${cellsOf(node).map((inner) => signature(program, inner, code)).join('|')})`;
    })
    .join(';');
}

/** The shapes on the way through steps, from their input on: `[n, 28, 28, 1] → [n, 26, 26, 32]`. */
export const shapesOf = (steps: readonly Step[]): readonly Shape[] => {
  const layers = flatLayers(steps);
  return layers.length === 0 ? [] : [layers[0].input, ...layers.map((layer) => layer.output)];
};

export const flatLayers = (steps: readonly Step[]): readonly Layer[] =>
  steps.flatMap((step) => (step.kind === 'layer' ? [step.layer] : step.iterations.flatMap((iteration) => flatLayers(iteration.steps))));
