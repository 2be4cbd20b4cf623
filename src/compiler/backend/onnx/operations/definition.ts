/** How one of our operations is written in ONNX's: the shape of the tables in this folder, and values that know their layout. */
import type { Attrs as OpAttrs, DType, Operation, OpName, TensorType, Value } from '../../../graph/types.ts';
import { BATCH } from '../../../graph/types.ts';
import { arrangement, IMAGE, keyOf, movesNothing, PLAIN, sameLayout, storedShape } from '../layout.ts';
import type { Layout } from '../layout.ts';
import type { Writer } from '../writer.ts';
import type { Unsupported } from '../../unsupported.ts';

/** A value that stands in the graph. */
export interface Ref {
  readonly name: string;
  readonly dtype: DType;
  /** In the graph's own order of axes. */
  readonly shape: readonly number[];
  readonly layout: Layout;
}

/**
 * What the engine computes itself before a call and feeds: random bits and warped images are faster on the host than in
 * ONNX operators. `like` names a fed input whose first dimension is the batch.
 */
export type HostInput =
  | {
      readonly kind: 'mask';
      readonly name: string;
      readonly attrs: OpAttrs<'dropoutMask'>;
      /** 1/keep or 0 as float32 where every use multiplies by it, else 1 or 0 as bool. */
      readonly keep: number | null;
      /** Fed, or fixed words. */
      readonly key: string | readonly number[];
      readonly step: string;
      readonly shape: readonly number[];
      readonly layout: Layout;
    }
  /** float32 in the graph's own order. */
  | {
      readonly kind: 'uniform';
      readonly name: string;
      readonly attrs: OpAttrs<'uniform'>;
      /** Fed, or fixed words. */
      readonly key: string | readonly number[];
      readonly step: string;
      readonly shape: readonly number[];
      readonly layout: Layout;
    }
  | {
      readonly kind: 'warp';
      readonly name: string;
      readonly attrs: OpAttrs<'warp'>;
      readonly images: string;
      readonly transforms: string;
      readonly shape: readonly number[];
      readonly layout: Layout;
    };

export interface Context {
  readonly w: Writer;
  /** Channels in a block of the runtime's own convolutions on this processor; null for ONNX's operators alone. */
  readonly block: number | null;
  /** The fed value of an input, in the graph's own order. */
  readonly input: (name: string, type: TensorType) => Ref;
  /** The value of a variable at the start of the call, in the layout it is kept in. */
  readonly read: (name: string, type: TensorType) => Ref;
  /** Adds an input that the engine computes. */
  readonly host: (input: HostInput) => void;
  /** The operations of this function that use a value, and whether it is an output. */
  readonly users: (value: Value) => readonly Operation[];
  readonly isOutput: (value: Value) => boolean;
  /** Values already converted, by name and layout. */
  readonly converted: Map<string, Ref>;
  /** Operations that an earlier one has done in the same pass, and what they give. */
  readonly done: Map<Operation, Ref>;
  /** Where the maxima of a max-pool stand, by input and window. */
  readonly places: Map<string, string>;
}

/** Writes the operation, gives its outputs in order. */
export type Emit<K extends OpName> = (context: Context, op: Operation<K>, inputs: readonly Ref[]) => readonly Ref[];
export type Emits<K extends OpName> = { readonly [Name in K]: Emit<Name> | Unsupported };

/** A Ref of the type of an output of the operation. */
export const result = (name: string, { dtype, shape }: TensorType, layout: Layout = PLAIN): Ref => ({ name, dtype, shape, layout });

export const reshape = (w: Writer, x: string, shape: readonly number[]): string => w.one('Reshape', [x, w.ints(shape)]);

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The same value in another layout; transposes once however often it is asked for. */
export function convert(context: Context, x: Ref, layout: Layout): Ref {
  if (sameLayout(x.layout, layout)) return x;
  const key = `${x.name}>${keyOf(layout)}`;
  const found = context.converted.get(key);
  if (found) return found;
  const made: Ref = { ...x, layout, name: layout.kind === 'plain' ? leave(context.w, x) : enter(context.w, convert(context, x, PLAIN), layout) };
  context.converted.set(key, made);
  return made;
}

/** The name of the value in the graph's own order. */
export const plain = (context: Context, x: Ref): string => convert(context, x, PLAIN).name;

/** From the layout to the graph's order. */
function leave(w: Writer, x: Ref): string {
  const { axes, order } = arrangement(x.shape, x.layout);
  return moved(w, x.name, storedShape(x.shape, x.layout), order.map((axis) => axes[axis]), order.map((_, axis) => order.indexOf(axis)), x.shape);
}

/** From the graph's order to the layout. */
function enter(w: Writer, x: Ref, layout: Layout): string {
  const { axes, order } = arrangement(x.shape, layout);
  return moved(w, x.name, x.shape, axes, order, storedShape(x.shape, layout));
}

function moved(w: Writer, x: string, from: readonly number[], axes: readonly number[], order: readonly number[], to: readonly number[]): string {
  if (movesNothing(axes, order)) return reshape(w, x, to);
  const split = from.length === axes.length ? x : reshape(w, x, axes);
  const transposed = w.one('Transpose', [split], { perm: order });
  return to.length === axes.length ? transposed : reshape(w, transposed, to);
}

/** The layout in which an elementwise operation of a shape works: that of its first operand that has one of its own. */
export function workingLayout(operands: readonly Ref[], shape: readonly number[]): Layout {
  const fits = ({ shape: own, layout }: Ref): boolean =>
    own.length === shape.length && layout.kind !== 'plain' && (layout.kind !== 'flat' || own[layout.axis] === shape[layout.axis]);
  return operands.find(fits)?.layout ?? PLAIN;
}

/** The operand's name in the layout, such that broadcasting it (as NumPy does) in memory means the same. */
export function aligned(context: Context, x: Ref, layout: Layout, rank: number): string {
  const { w } = context;
  const missing = rank - x.shape.length;
  if (x.shape.every((d) => d === 1)) return x.name;
  if (layout.kind === 'plain') return plain(context, x);
  if (layout.kind === 'flat') {
    const axis = layout.axis - missing;
    return axis < 0 || x.shape[axis] === 1 ? plain(context, x) : convert(context, x, { ...layout, axis }).name;
  }
  if (missing === 0) return convert(context, x, layout).name;
  const wide = [...Array.from({ length: missing }, () => 1), ...x.shape];
  const { axes, order } = arrangement(wide, layout);
  return moved(w, plain(context, x), x.shape, axes, order, storedShape(wide, layout));
}

/** Applies an elementwise operator to operands that broadcast to the result. */
export function elementwise(context: Context, type: TensorType, operands: readonly Ref[], write: (names: readonly string[]) => string): Ref {
  const layout = workingLayout(operands, type.shape);
  return result(write(operands.map((x) => aligned(context, x, layout, type.shape.length))), type, layout);
}

/** int64 [rank]: the shape in memory at run time; a constant where no dimension is unknown. */
export const shapeOf = (w: Writer, x: Ref): string => {
  const shape = storedShape(x.shape, x.layout);
  return shape.includes(BATCH) ? w.one('Shape', [x.name]) : w.ints(shape);
};

/** A value [.., C] in the channels-first form that ONNX's normalisation wants. */
export interface ChannelsFirst {
  readonly name: string;
  /** All axes in memory but the channels. */
  readonly axes: readonly number[];
  /** A vector of channels in this shape broadcasts over the value. */
  readonly column: readonly number[];
  /** The result of an operator in this form. */
  readonly back: (name: string, type: TensorType) => Ref;
}

/** Rank 4 as an image, other ranks as [rows, C]. */
export function channelsFirst(context: Context, x: Ref): ChannelsFirst {
  const { w } = context;
  const channels = x.shape[x.shape.length - 1];
  if (x.shape.length === 4) {
    return { name: convert(context, x, IMAGE).name, axes: [0, 2, 3], column: [channels, 1, 1], back: (name, type) => result(name, type, IMAGE) };
  }
  const flat = plain(context, x);
  const form = { axes: [0], column: [channels] };
  if (x.shape.length === 2) return { ...form, name: flat, back: (name, type) => result(name, type) };
  return { ...form, name: reshape(w, flat, [-1, channels]), back: (name, type) => result(reshape(w, name, type.shape), type) };
}
