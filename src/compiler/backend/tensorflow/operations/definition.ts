/** How one of our operations is written in TensorFlow's: the shape of the tables in this folder. */
import type { Operation, OpName, TensorType } from '../../../graph/types.ts';
import { BATCH } from '../../../graph/types.ts';
import type { Ref, Writer } from '../writer.ts';
import type { Unsupported } from '../../unsupported.ts';

export type Bfloat16 = 'native' | 'emulated';

export interface Context {
  readonly w: Writer;
  /** The placeholder of an input, one for each name. */
  readonly input: (name: string, type: TensorType) => Ref;
  /** The value of a variable at the start of the call, read once. */
  readonly read: (name: string, type: TensorType) => Ref;
  /** Whether convolutions and matrix products of bfloat16 run in it, as fast on processors that can, or in float32 with the results rounded. */
  readonly bfloat16: Bfloat16;
  /** Keeps what a later operation can use of this one: batch norm's reserved outputs. */
  readonly reserve: Map<Operation, readonly Ref[]>;
}

/** Writes the operation, gives its outputs in order. */
export type Emit<K extends OpName> = (context: Context, op: Operation<K>, inputs: readonly Ref[]) => readonly Ref[];
export type Emits<K extends OpName> = { readonly [Name in K]: Emit<Name> | Unsupported };

/** int32 [rank]: the shape at run time; a constant where no dimension is unknown. */
export const shapeOf = (w: Writer, x: Ref, shape: readonly number[]): Ref =>
  shape.includes(BATCH) ? w.one('Shape', [x], { out_type: 'int32' }) : w.constant('int32', shape);

/** int32 []: dimension 0 at run time. */
export function batchOf(w: Writer, x: Ref): Ref {
  const shape = w.one('Shape', [x], { out_type: 'int32' });
  return w.one('StridedSlice', [shape, w.constant('int32', [0]), w.constant('int32', [1]), w.constant('int32', [1])], { shrink_axis_mask: 1 });
}

/** int32 vector [batch, ...inner]. */
export const withBatch = (w: Writer, batch: Ref, inner: readonly number[]): Ref =>
  w.one('Pack', [[batch, ...inner.map((d) => w.constant('int32', d))]], { axis: 0 });

export const reshape = (w: Writer, x: Ref, shape: readonly number[]): Ref => w.one('Reshape', [x, w.constant('int32', shape)]);

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
