/**
 * What an operation is: its types, its gradient, its meaning. One file per family, joined in `table.ts`.
 */
import type { Builder } from '../build.ts';
import type { NDArray } from '../ndarray.ts';
import type { Attrs, DType, OpName, Operation, TensorType, Value } from '../types.ts';
import { BATCH, isFloat } from '../types.ts';

export interface GradientContext<K extends OpName> {
  readonly g: Builder;
  readonly node: Operation<K>;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attrs: Attrs<K>;
  /** Gradients of the loss by each output; null where the loss does not depend on it. */
  readonly dys: readonly (Value | null)[];
  /** The gradient by the first output, for operations whose loss always flows through it. */
  readonly dy: Value;
  /** Which inputs' gradients are wanted; the others may be null. */
  readonly needs: readonly boolean[];
}

export type GradientRule<K extends OpName> = (context: GradientContext<K>) => readonly (Value | null)[];

export interface OpDefinition<K extends OpName> {
  /** Output types. Throws an internal error on misuse: a bug of the compiler, not of the user. */
  readonly infer: (inputs: readonly TensorType[], attrs: Attrs<K>) => readonly TensorType[];
  /** `zero`: no gradient flows (flat or whole-numbered). `none`: not differentiable here; asking for it is a bug. */
  readonly gradient: GradientRule<K> | 'zero' | 'none';
  /** The meaning, in float64. Inputs are what `infer` accepted, with the batch known. Where `infer` gives bfloat16, the interpreter rounds the results to it: once, whatever is in between. */
  readonly evaluate: (inputs: readonly NDArray[], attrs: Attrs<K>) => readonly NDArray[];
}

export function fail(message: string): never {
  throw new Error(`internal error: graph: ${message}`);
}

export const showType = (type: TensorType): string => `${type.dtype}[${type.shape.map((d) => (d === BATCH ? 'N' : d)).join(',')}]`;

export const sameShape = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((d, i) => d === b[i]);

export const float = (shape: readonly number[], { dtype }: { readonly dtype: DType } = { dtype: 'float32' }): TensorType => ({ dtype, shape });

/** Checks count, dtypes and ranks of the inputs; a rank left out is free. `float`: float32 or bfloat16, and all such inputs the same. */
export function expectInputs(op: string, inputs: readonly TensorType[], wanted: readonly (readonly [dtype: DType | 'any' | 'float', rank?: number])[]): void {
  const floats = inputs.filter((_, i) => wanted[i]?.[0] === 'float');
  const fits = (dtype: DType, want: DType | 'any' | 'float'): boolean => want === 'any' || (want === 'float' ? isFloat(dtype) && dtype === floats[0].dtype : dtype === want);
  const bad = inputs.length !== wanted.length || wanted.some(([dtype, rank], i) => !fits(inputs[i].dtype, dtype) || (rank !== undefined && inputs[i].shape.length !== rank));
  if (bad) fail(`${op} does not take (${inputs.map(showType).join(', ')})`);
}

export function expectShape(op: string, what: string, type: TensorType, shape: readonly number[]): void {
  if (!sameShape(type.shape, shape)) fail(`${op}: ${what} is ${showType(type)}, not [${shape.join(',')}]`);
}

/** Shape after NumPy's broadcasting. The batch meets only the batch or 1, and stays first. */
export function broadcastShapes(op: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const p = a[axis - (rank - a.length)] ?? 1;
    const q = b[axis - (rank - b.length)] ?? 1;
    if (p !== q && p !== 1 && q !== 1) fail(`${op}: [${a}] and [${b}] do not broadcast`);
    out.push(p === 1 ? q : p);
  }
  if (out.indexOf(BATCH, 1) > 0) fail(`${op}: the batch of [${a}] and [${b}] does not stand first`);
  return out;
}

/** Size of the last axis: the channels. */
export const channelsOf = (op: string, type: TensorType): number => {
  if (type.shape.length === 0 || type.shape.at(-1) === BATCH) fail(`${op}: ${showType(type)} has no channels`);
  return type.shape.at(-1)!;
};
