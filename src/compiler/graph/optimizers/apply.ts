/**
 * One step for all weights, in the order of Keras's base_optimizer.py: gradients are gathered over several steps if asked for and
 * clipped, weights decay, the optimizer's own arithmetic, averages of the weights.
 */
import type { Compile } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import type { GraphFunction, GraphVariable, TensorType, Value } from '../types.ts';
import { clipGradients } from './clip.ts';
import { sharedSlotName, sharedSlotsOf, slotName, slotsOf, updateShared, updateWeight } from './table.ts';

type Training = Pick<Compile, 'optimizer' | 'around'>;

/** Where the average of a weight is kept. */
export const averageName = (weight: string): string => `ema/${weight}`;

/** Where the sum of a weight's gradients is kept until the weight changes. */
const gatheredName = (weight: string): string => `gathered/${weight}`;

/** All that is kept between steps beside the weights. */
export function slotVariables({ optimizer, around }: Training, weights: readonly { readonly name: string; readonly type: TensorType }[]): readonly GraphVariable[] {
  const variable = (name: string, type: TensorType, initial = 0): GraphVariable => ({ name, type, role: 'slot', ...(initial === 0 ? {} : { initial }) });
  return [
    ...weights.flatMap(({ name, type }) => slotsOf(optimizer).map((slot) => variable(slotName(optimizer, slot.name, name), type, slot.initial))),
    ...(weights.length > 0 ? sharedSlotsOf(optimizer).map((slot) => variable(sharedSlotName(optimizer, slot.name), { dtype: 'float32', shape: [] }, slot.initial)) : []),
    ...(around.ema ? weights.map(({ name, type }) => variable(averageName(name), type)) : []),
    ...(around.gradient_accumulation_steps === null ? [] : weights.map(({ name, type }) => variable(gatheredName(name), type))),
  ];
}

interface Step {
  readonly g: Builder;
  readonly variable: (name: string) => Value;
  readonly gradients: readonly { readonly name: string; readonly gradient: Value }[];
  /** float32 [] */
  readonly rate: Value;
  /** float32 [], from 1. */
  readonly step: Value;
}

/** New values of weights and slots. */
export function applyOptimizer(given: Step, { optimizer, around }: Training): GraphFunction['updates'] {
  if (given.gradients.length === 0) return [];
  const { g, variable, gradients, rate, step, changed, gathered } = gather(given, around.gradient_accumulation_steps);
  const scope = (name: string): string => `${optimizer.kind}/${name}`;
  const clipped = g.scoped(scope('clip'), () => clipGradients(g, gradients.map(({ gradient }) => gradient), around.clip));
  const shared = updateShared({ g, slot: (short) => variable(sharedSlotName(optimizer, short)), rate, step }, optimizer);
  const updates = gradients.flatMap(({ name }, i) =>
    g.scoped(scope(name), () => {
      const weight = decayed(g, variable(name), rate, around.weight_decay);
      const slot = (short: string): Value => variable(slotName(optimizer, short, name));
      const updated = updateWeight({ g, weight, gradient: clipped[i], slot, shared: (short) => shared[short], rate, step }, optimizer);
      const { value, average } = averaged(g, name, changed(name, updated.weight), variable, step, around.ema);
      return [
        { variable: name, value },
        ...Object.entries(updated.slots).map(([short, value]) => ({ variable: slotName(optimizer, short, name), value: changed(slotName(optimizer, short, name), value) })),
        ...(average ? [{ variable: averageName(name), value: average }] : []),
      ];
    }),
  );
  return [...updates, ...Object.entries(shared).map(([short, value]) => ({ variable: sharedSlotName(optimizer, short), value: changed(sharedSlotName(optimizer, short), value) })), ...gathered];
}

/** A step as the optimizer sees it. */
interface Gathered extends Step {
  /** The new value of a variable, or its old one where weights do not change in this step. */
  readonly changed: (name: string, value: Value) => Value;
  /** New sums of gradients. */
  readonly gathered: GraphFunction['updates'];
}

/**
 * The mean of the gradients of `every` steps, of which the last one changes the weights. The optimizer counts those changes, and so
 * do averages of the weights, which move in every step all the same; the learning rate is that of the step itself (Keras).
 */
function gather(given: Step, every: number | null): Gathered {
  if (every === null) return { ...given, changed: (_, value) => value, gathered: [] };
  const { g, variable, gradients, step } = given;
  const one = g.scalar(1);
  const period = g.scalar(every);
  const whole = g.unary('floor', g.div(g.sub(step, one), period));
  const due = g.compare('equal', g.mul(g.add(whole, one), period), step);
  const everywhere = (like: Value): Value => (like.shape.length === 0 ? due : g.compare('greater', g.broadcastLike(g.cast(due, 'float32'), like), g.scalar(0.5)));
  const sums = gradients.map(({ name, gradient }) => ({ name, sum: g.add(gradient, variable(gatheredName(name)), 'gather') }));
  return {
    ...given,
    gradients: sums.map(({ name, sum }) => ({ name, gradient: g.div(sum, period) })),
    step: g.add(whole, one),
    // By arithmetic a NaN of one would spread to the other.
    changed: (name, value) => g.select(everywhere(value), value, variable(name)),
    gathered: sums.map(({ name, sum }) => ({ variable: gatheredName(name), value: g.select(everywhere(sum), g.broadcastLike(g.scalar(0), sum), sum) })),
  };
}

/** w − w·wd·lr */
const decayed = (g: Builder, weight: Value, rate: Value, decay: number | null): Value => (decay === null ? weight : g.sub(weight, g.mul(g.mul(weight, g.scalar(decay)), rate)));

/** The weight, replaced by its average in every so many steps, and the average. The first step's average is the weight itself. */
function averaged(g: Builder, name: string, weight: Value, variable: Step['variable'], step: Value, ema: Compile['around']['ema']): { readonly value: Value; readonly average: Value | null } {
  if (!ema) return { value: weight, average: null };
  const one = g.scalar(1);
  const momentum = g.mul(g.cast(g.compare('notEqual', step, one), 'float32'), g.scalar(ema.momentum));
  const average = g.add(g.mul(momentum, variable(averageName(name))), g.mul(g.sub(one, momentum), weight));
  if (ema.overwrite_frequency === null) return { value: weight, average };
  const period = g.scalar(ema.overwrite_frequency);
  const due = g.compare('equal', g.mul(g.unary('floor', g.div(step, period)), period), step);
  // By arithmetic a NaN of one would spread to the other.
  const everywhere = g.compare('greater', g.broadcastLike(g.cast(due, 'float32'), weight), g.scalar(0.5));
  return { value: g.select(everywhere, average, weight), average };
}
