/**
 * How a value lies in memory. The graph's values are channels last; onnxruntime computes channels first. So images are kept
 * [N,C,H,W], conv kernels [O,I,H,W], and a flattened image keeps its channels-first order along one axis, with the rows of
 * the dense kernel after it in the same order. Values cross the border in the graph's own order (`plain`).
 */
import { BATCH } from '../../graph/types.ts';

export type Layout =
  | { readonly kind: 'plain' }
  /** Rank 4, [N,H,W,C] kept as [N,C,H,W]. */
  | { readonly kind: 'image' }
  /** Rank 4, [H,W,I,O] kept as [O,I,H,W]. */
  | { readonly kind: 'kernel' }
  /** Axis `axis` of H·W·C elements is kept in the order of [C,H,W]. */
  | { readonly kind: 'flat'; readonly axis: number; readonly image: readonly [height: number, width: number, channels: number] };

export const PLAIN: Layout = { kind: 'plain' };
export const IMAGE: Layout = { kind: 'image' };
export const KERNEL: Layout = { kind: 'kernel' };

/** One pixel or one channel has one order only. */
export function flatLayout(axis: number, image: readonly [number, number, number]): Layout {
  const [height, width, channels] = image;
  return channels === 1 || height * width === 1 ? PLAIN : { kind: 'flat', axis, image };
}

export const keyOf = (layout: Layout): string => (layout.kind === 'flat' ? `flat${layout.axis}[${layout.image.join()}]` : layout.kind);
export const sameLayout = (a: Layout, b: Layout): boolean => keyOf(a) === keyOf(b);

/** Stored axis i is logical axis perm[i]. */
const perms = { image: [0, 3, 1, 2], kernel: [3, 2, 0, 1] } as const;

/**
 * A value as its logical axes, split finer where the layout needs it, and their order in memory:
 * stored shape = order.map(i => axes[i]).
 */
export interface Arrangement {
  readonly axes: readonly number[];
  readonly order: readonly number[];
}

export function arrangement(shape: readonly number[], layout: Layout): Arrangement {
  switch (layout.kind) {
    case 'plain':
      return { axes: shape, order: shape.map((_, i) => i) };
    case 'image':
    case 'kernel':
      return { axes: shape, order: perms[layout.kind] };
    case 'flat': {
      const { axis, image } = layout;
      const axes = [...shape.slice(0, axis), ...image, ...shape.slice(axis + 1)];
      const order = axes.map((_, i) => (i === axis ? axis + 2 : i === axis + 1 || i === axis + 2 ? i - 1 : i));
      return { axes, order };
    }
  }
}

/** The shape in memory; a flat axis counts as one. */
export function storedShape(shape: readonly number[], layout: Layout): readonly number[] {
  return layout.kind === 'image' || layout.kind === 'kernel' ? perms[layout.kind].map((axis) => shape[axis]) : shape;
}

/** Where a logical axis lies in memory. */
export const storedAxis = (axis: number, layout: Layout): number =>
  layout.kind === 'image' || layout.kind === 'kernel' ? (perms[layout.kind] as readonly number[]).indexOf(axis) : axis;

/** The logical axis that lies at a place in memory. */
export const logicalAxis = (axis: number, layout: Layout): number => (layout.kind === 'image' || layout.kind === 'kernel' ? perms[layout.kind][axis] : axis);

/** Whether moving axes so moves no numbers: the axes longer than one keep their order. */
export function movesNothing(axes: readonly number[], order: readonly number[]): boolean {
  const long = order.filter((axis) => axes[axis] !== 1);
  return long.every((axis, i) => i === 0 || axis > long[i - 1]);
}

/** Numbers of a variable (no batch) between the graph's order and that of memory. */
export function toStored<T extends Float32Array | Int32Array | Uint8Array>(data: T, shape: readonly number[], layout: Layout): T {
  const { axes, order } = arrangement(shape, layout);
  return permute(data, axes, order);
}

export function fromStored<T extends Float32Array | Int32Array | Uint8Array>(data: T, shape: readonly number[], layout: Layout): T {
  const { axes, order } = arrangement(shape, layout);
  return permute(data, order.map((axis) => axes[axis]), order.map((_, axis) => order.indexOf(axis)));
}

/** The array itself where nothing moves, else a new one. */
function permute<T extends Float32Array | Int32Array | Uint8Array>(data: T, axes: readonly number[], order: readonly number[]): T {
  if (axes.includes(BATCH)) throw new Error('internal error: the order of a batch is not known here');
  if (movesNothing(axes, order)) return data;
  const strides = axes.map(() => 1);
  for (let axis = axes.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * axes[axis + 1];
  const shape = order.map((axis) => axes[axis]);
  const steps = order.map((axis) => strides[axis]);
  const last = shape.length - 1;
  const out = data.slice() as T;
  const index = shape.map(() => 0);
  let from = 0;
  for (let at = 0; at < out.length; ) {
    for (let i = 0; i < shape[last]; i++) out[at++] = data[from + i * steps[last]];
    for (let axis = last - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++index[axis] < shape[axis]) break;
      from -= steps[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}
