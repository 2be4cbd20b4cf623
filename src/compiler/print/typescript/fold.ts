/**
 * Folds the Program's cell tree into what a person would write: a named cell is one function, a `repeat` one function for each
 * of its cells, called in a loop over the parameters of its iterations. Uses share a function when their code is the same;
 * shapes, being carried by the parameters, may differ. A repeat whose first iteration differs from the rest (a projection) is
 * that iteration, and a loop over the rest.
 */
import type { Cell, Layer, Node, Program, Shape } from '../../model/program.ts';
import { cellsOf, indicesOf } from '../../model/tree.ts';
import { identifier } from './emit.ts';
import { headLayer } from './head.ts';
import { functionName, plural, typeNameOf } from './names.ts';
import { isLoopable, isNothing, outputOf, shapesThrough, signature, stretchesOf } from './signature.ts';
import { hasFields } from './steps.ts';
import type { LoopStep, Step, Variant } from './steps.ts';

export interface Folded {
  readonly steps: readonly Step[];
  /** What the entries of loops are called: `block`, or `iteration` where a cell has that name. */
  readonly entry: 'block' | 'iteration';
}

/** The steps of the network. `code` is what a layer prints, without its variables: equal code, equal function. */
export function fold(program: Program, code: (layer: Layer) => string): Folded {
  const numbered = foldWith(program, code, true);
  return numbered.loops > 1 ? numbered : foldWith(program, code, false);
}

/** Where steps stand: their fields, and whether that is a function that runs more than once. */
interface Place {
  readonly fields: Set<string>;
  readonly inside: boolean;
}

/** @param numbered whether loops have numbers: `runBlock2` */
function foldWith(program: Program, code: (layer: Layer) => string, numbered: boolean): Folded & { readonly loops: number } {
  const head = headLayer(program);
  const entry = namesOf(program.network).some((name) => /^block/i.test(name)) ? 'iteration' : 'block';
  const taken = new Set<string>();
  const variants = new Map<string, Variant>();
  /** The number of the first loop inside a function: those inside have the same numbers each time it runs. */
  const firstNumbers = new Map<string, number>();
  let nextNumber = 1;

  const walk = (cell: Cell, from: Shape, place: Place): readonly Step[] => {
    const steps: Step[] = [];
    for (const node of cell.nodes) for (const step of stepsOf(node, steps.at(-1)?.output ?? from, place)) steps.push(step);
    return steps;
  };

  const stepsOf = (node: Node, input: Shape, place: Place): readonly Step[] => {
    switch (node.kind) {
      case 'layer': {
        const layer = program.layers[node.layer];
        // Inside, the counters of the layers' names run on from one run to the next: only the base stays.
        const name = place.inside ? layer.name.replace(/_\d+$/, '') : layer.name;
        return [{ kind: 'layer', layer, field: fieldOf(layer, name, place), input, output: layer.output }];
      }
      case 'call': {
        if (isNothing(node.cell)) return [];
        // The head's activation stands apart: the loss wants what is before it.
        if (holds(node.cell, head)) return walk(node.cell, input, place);
        const { variant, steps } = call(node, input);
        return [{ kind: 'call', variant, text: node.text, steps, field: variant.typeName === null ? null : identifier(node.name, place.fields), input, output: outputOf(program, node.cell, input) }];
      }
      case 'residual':
        return [{ kind: 'residual', cell: walk(node.cell, input, place), shortcut: shortcut(node.shortcut, input, place), input, output: node.output }];
      case 'branch':
        return [{ kind: 'branch', merge: node.merge, cells: node.cells.map((cell) => walk(cell, input, place)), input, output: node.output }];
      case 'repeat':
        return repeat(node.iterations, input, place);
    }
  };

  const fieldOf = (layer: Layer, name: string, { fields }: Place): string | null => (layer.variables.length > 0 ? identifier(name, fields) : null);

  const shortcut = (cell: Cell, from: Shape, place: Place): readonly Step[] =>
    walk(cell, from, { fields: new Set(), inside: true }).map((step) =>
      step.kind === 'layer' && step.field !== null ? { ...step, field: identifier(step.layer.word === 'conv' ? 'projection' : `projection_${step.layer.word}`, place.fields) } : step,
    );

  /** The steps of a function that runs here, the same function for the same code. */
  const run = (key: string, cell: Cell, from: Shape, make: (steps: readonly Step[]) => Variant) => {
    const used = nextNumber;
    nextNumber = firstNumbers.get(key) ?? nextNumber;
    firstNumbers.set(key, nextNumber);
    const steps = walk(cell, from, { fields: new Set(), inside: true });
    nextNumber = Math.max(used, nextNumber);
    const variant = variants.get(key) ?? make(steps);
    variants.set(key, variant);
    return { variant, steps };
  };

  const call = (node: Extract<Node, { kind: 'call' }>, from: Shape) =>
    run(`${node.name} ${signature(program, node.cell, from, code)}`, node.cell, from, (steps) => {
      const name = functionName(node.name, taken);
      return { functionName: name, typeName: hasFields(steps) ? typeNameOf(name) : null, tag: null, cell: node.name, steps };
    });

  const repeat = (iterations: readonly Cell[], from: Shape, place: Place): readonly Step[] => {
    const shapes = shapesThrough(program, iterations, from);
    const writeOut = (first: number, last: number) => iterations.slice(first, last).flatMap((cell, i) => walk(cell, shapes[first + i], place));
    if (!isLoopable(iterations, shapes) || iterations.some((cell) => holds(cell, head))) return writeOut(0, iterations.length);
    const signatures = iterations.map((cell, i) => signature(program, cell, shapes[i], code));
    const stretches = stretchesOf(signatures);
    if (stretches === null) return [loop(iterations, shapes, signatures, place)];
    return stretches.flatMap(([first, last]) =>
      last - first === 1 ? writeOut(first, last) : [loop(iterations.slice(first, last), shapes.slice(first, last + 1), signatures.slice(first, last), place)],
    );
  };

  const loop = (iterations: readonly Cell[], shapes: readonly Shape[], signatures: readonly string[], { fields }: Place): LoopStep => {
    const distinct = [...new Set(signatures)];
    const only = distinct.length === 1 ? onlyCall(iterations[0]) : null;
    const number = only ? '' : numberOfLoop();
    const runs = iterations.map((cell, i) => {
      const own = onlyCall(cell);
      if (only && own) return { ...call(own, shapes[i]), text: own.text };
      const letter = distinct.length > 1 ? lettersOf(distinct.indexOf(signatures[i])) : '';
      const name = `${typeNameOf(entry)}${number}${letter}`;
      const made = run(`${name} ${signatures[i]}`, cell, shapes[i], (steps) => ({
        functionName: `run${name}`, typeName: hasFields(steps) ? name : null, tag: letter ? letter.toLowerCase() : null, cell: null, steps,
      }));
      return { ...made, text: null };
    });
    const different = [...new Set(runs.map(({ variant }) => variant))];
    const holdsSome = different.some((variant) => variant.typeName !== null || variant.tag !== null);
    const field = holdsSome ? identifier(only ? plural(only.name) : `${entry}s${number}`, fields) : null;
    return { kind: 'loop', field, variants: different, iterations: runs, input: shapes[0], output: shapes[shapes.length - 1] };
  };

  let loops = 0;
  const numberOfLoop = (): string => {
    loops = Math.max(loops, nextNumber);
    return numbered ? String(nextNumber++) : (nextNumber++, '');
  };

  const steps = walk(program.network, program.input, { fields: new Set(), inside: false });
  return { steps, entry, loops };
}

/** A, B, … Z, AA, … */
const lettersOf = (index: number): string => (index >= 26 ? lettersOf(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));

const holds = (cell: Cell, layer: Layer | null): boolean => layer !== null && indicesOf(cell).includes(layer.index);

/** The use of a named cell that is all of a cell. */
const onlyCall = ({ nodes }: Cell): Extract<Node, { kind: 'call' }> | null => (nodes.length === 1 && nodes[0].kind === 'call' && !isNothing(nodes[0].cell) ? nodes[0] : null);

/** Names of the named cells in use. */
const namesOf = (cell: Cell): readonly string[] => cell.nodes.flatMap((node) => [...(node.kind === 'call' ? [node.name] : []), ...cellsOf(node).flatMap(namesOf)]);
