/** What the shape rules of layers share. */
import type { Initializer, Shape, Variable, Weights } from '../../model/program.ts';
import type { Given, ShapeProblem, ShapeResult } from '../types.ts';
import { windowShape, type Padding, type WindowArgs } from '../../shape/window.ts';
import { isImage } from '../../shape/shape.ts';

export const fits = (output: Shape): ShapeResult => ({ ok: true, output });
export const unchanged = (input: Shape): ShapeResult => fits(input);

/** Shape after a window that keeps (pools) or sets (convolutions) the channels. */
export function slide(input: Shape, window: WindowArgs, channels?: number): ShapeResult {
  if (!isImage(input)) return { ok: false, problem: { kind: 'rank', expected: 'image', input } };
  const size = windowShape(input[0], input[1], window);
  if (!size) return { ok: false, problem: { kind: 'window', window: window.size, input } };
  return fits([size[0], size[1], channels ?? input[2]]);
}

export const padding = (given: Given): Padding => (given.text('padding') === 'same' ? 'same' : 'valid');

export const variable = (name: string, shape: Shape, initializer: Initializer, trainable = true): Variable => ({ name, shape, initializer, trainable });

/** A variable whose initializer, penalty and bound are the layer's options of `option`. A frozen one has neither penalty nor bound (Keras). */
export function weight<Option extends string>(args: Weights<Option>, option: Option, shape: Shape, name: string = option): Variable {
  // The option's three values, by their names.
  const of = args as Weights<string>;
  const regularizer = of[`${option}_regularizer`];
  const constraint = of[`${option}_constraint`];
  return {
    ...variable(name, shape, of[`${option}_initializer`], of.trainable),
    ...(regularizer && of.trainable ? { regularizer } : {}),
    ...(constraint && of.trainable ? { constraint } : {}),
  };
}

/** The bias at the end of a layer, where it has one. */
export const biasOf = (args: Weights<'bias'> & { readonly bias: boolean }, size: number): readonly Variable[] => (args.bias ? [weight(args, 'bias', [size])] : []);

export const none = (): readonly Variable[] => [];
export const free = (): number => 0;

export const problem = (found: ShapeProblem): ShapeResult => ({ ok: false, problem: found });
export const notAnImage = (input: Shape): ShapeResult => problem({ kind: 'rank', expected: 'image', input });
