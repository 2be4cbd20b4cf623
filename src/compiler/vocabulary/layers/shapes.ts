/** What the shape rules of layers share. */
import type { Shape, Variable, Initializer } from '../../model/program.ts';
import type { Given, ShapeResult } from '../types.ts';
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

export const none = (): readonly Variable[] => [];
export const free = (): number => 0;
