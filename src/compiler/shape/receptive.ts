/** How much of the input one output of a layer sees. Source: Araujo et al., "Computing receptive fields of convolutional neural networks", Distill 2019. */
import { covered } from './window.ts';
import type { WindowArgs } from './window.ts';

/** Side of the field in pixels of the input, and the distance between the fields of neighbours. */
export interface Field {
  readonly size: readonly [number, number];
  readonly jump: readonly [number, number];
}

export const onePixel: Field = { size: [1, 1], jump: [1, 1] };

/** The field after a window slides over outputs that have the field given. */
export function throughWindow(field: Field, { size, stride, dilation }: WindowArgs): Field {
  const side = (axis: 0 | 1): number => field.size[axis] + (covered(size[axis], dilation?.[axis] ?? 1) - 1) * field.jump[axis];
  return { size: [side(0), side(1)], jump: [field.jump[0] * stride[0], field.jump[1] * stride[1]] };
}

/** The field after a layer, by its arguments. A layer that enlarges (without a stride that counts for the input) brings neighbours nearer. */
export function throughLayer(field: Field, args: object): Field {
  if (!('size' in args)) return field;
  if (!('stride' in args)) return enlarged(field, args.size as readonly [number, number]);
  const window = args as WindowArgs;
  if (!('output_padding' in args)) return throughWindow(field, window);
  return enlarged(throughWindow(field, { ...window, stride: [1, 1] }), window.stride);
}

const enlarged = (field: Field, [h, w]: readonly [number, number]): Field => ({ size: field.size, jump: [field.jump[0] / h, field.jump[1] / w] });

/** What an element sees that comes of elements with these fields. */
export const widest = (a: Field, b: Field): Field => ({
  size: [Math.max(a.size[0], b.size[0]), Math.max(a.size[1], b.size[1])],
  jump: [Math.max(a.jump[0], b.jump[0]), Math.max(a.jump[1], b.jump[1])],
});

/** The field after every element has become `stride` of them on each axis, each of which sees a part of a window (conv_transpose) or one element (upsample). */
export function throughEnlarging(field: Field, stride: readonly [number, number], window: readonly [number, number] = [1, 1]): Field {
  const side = (axis: 0 | 1): number => field.size[axis] + (Math.ceil(window[axis] / stride[axis]) - 1) * field.jump[axis];
  return { size: [side(0), side(1)], jump: [field.jump[0] / stride[0], field.jump[1] / stride[1]] };
}
