/**
 * The steps that a network is printed as, and the ways through them: a layer, a use of a named cell, a loop, a residual, a branch.
 * fold.ts makes them of the Program's cell tree.
 */
import type { Layer, Merge, Shape } from '../../model/program.ts';

interface Passage {
  readonly input: Shape;
  readonly output: Shape;
}

export interface LayerStep extends Passage {
  readonly kind: 'layer';
  readonly layer: Layer;
  /** The property that holds its variables; null: it has none. */
  readonly field: string | null;
  /** The head's activation, where it was taken off. */
  readonly behind?: 'softmax' | 'sigmoid' | null;
}

export interface LoopStep extends Passage {
  readonly kind: 'loop';
  /** The property that holds one entry for each iteration; null: no cell of it has variables. */
  readonly field: string | null;
  /** The different functions, in the order they first run. */
  readonly variants: readonly Variant[];
  readonly iterations: readonly { readonly variant: Variant; readonly steps: readonly Step[]; readonly text: string | null }[];
}

/** A use of a named cell. */
export interface CallStep extends Passage {
  readonly kind: 'call';
  readonly field: string | null;
  readonly variant: Variant;
  /** `stage 64` */
  readonly text: string;
  readonly steps: readonly Step[];
}

export interface ResidualStep extends Passage {
  readonly kind: 'residual';
  readonly cell: readonly Step[];
  readonly shortcut: readonly Step[];
}

export interface BranchStep extends Passage {
  readonly kind: 'branch';
  readonly merge: Merge;
  readonly cells: readonly (readonly Step[])[];
}

/** A function of the generated code. */
export interface Variant {
  /** `runBlock`, `runBlockA`, `stage` */
  readonly functionName: string;
  /** `Block`, `Stage`; null: it has no variables. */
  readonly typeName: string | null;
  /** Tells the cells of an alternating repeat apart; null where there is only one. */
  readonly tag: string | null;
  /** The named cell that it is; null: a cell of a repeat. */
  readonly cell: string | null;
  /** Of its first run. */
  readonly steps: readonly Step[];
}

export type Step = LayerStep | LoopStep | CallStep | ResidualStep | BranchStep;

/** The steps inside a step, in the order they run. */
export function stepsInside(step: Step): readonly Step[] {
  switch (step.kind) {
    case 'layer':
      return [];
    case 'loop':
      return step.iterations.flatMap(({ steps }) => steps);
    case 'call':
      return step.steps;
    case 'residual':
      return [...step.cell, ...step.shortcut];
    case 'branch':
      return step.cells.flat();
  }
}

/** Steps whose variables stand in the same object as the step's own: itself, or those of its cells. */
export const sharing = (steps: readonly Step[]): readonly (LayerStep | LoopStep | CallStep)[] =>
  steps.flatMap((step) => (step.kind === 'residual' || step.kind === 'branch' ? sharing(stepsInside(step)) : [step]));

export const hasFields = (steps: readonly Step[]): boolean => sharing(steps).some((step) => step.field !== null);

export const flatLayers = (steps: readonly Step[]): readonly Layer[] => steps.flatMap((step) => (step.kind === 'layer' ? [step.layer] : flatLayers(stepsInside(step))));

/** The shapes on the way through steps, from their input on: `[n, 28, 28, 1] → [n, 26, 26, 32]`. */
export const shapesOf = (steps: readonly Step[]): readonly Shape[] => (steps.length === 0 ? [] : [steps[0].input, ...steps.map((step) => step.output)]);

/** A run of a function: its steps, and how its use is written where it is a named cell. */
export interface Run {
  readonly steps: readonly Step[];
  readonly text: string | null;
  /** Iterations of the loop that it is one of: those that run the function, and all. */
  readonly among: readonly [own: number, all: number];
}

/** The functions that steps call, inner ones first, so that they stand before their use; and their runs. */
export function functionsOf(steps: readonly Step[]): ReadonlyMap<Variant, readonly Run[]> {
  const functions = new Map<Variant, Run[]>();
  const record = (variant: Variant, run: Run): void => {
    const runs = functions.get(variant);
    if (runs) runs.push(run);
    else functions.set(variant, [run]);
  };
  const visit = (step: Step): void => {
    for (const inner of stepsInside(step)) visit(inner);
    if (step.kind === 'call') record(step.variant, { steps: step.steps, text: step.text, among: [1, 1] });
    if (step.kind !== 'loop') return;
    const count = (variant: Variant): number => step.iterations.filter((one) => one.variant === variant).length;
    const counts = new Map(step.variants.map((variant) => [variant, count(variant)]));
    for (const { variant, steps: own, text } of step.iterations) record(variant, { steps: own, text, among: [counts.get(variant)!, step.iterations.length] });
  };
  steps.forEach(visit);
  return functions;
}
