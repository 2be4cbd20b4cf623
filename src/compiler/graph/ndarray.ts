/**
 * Dense arrays for the reference interpreter: row-major, every dtype held as float64
 * (int32, uint8 and bool fit exactly; bool is 0 or 1).
 */
import type { DType } from './types.ts';

export interface NDArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Zeros where `data` is left out. */
export function ndarray(shape: readonly number[], data?: ArrayLike<number>, dtype: DType = 'float32'): NDArray {
  const size = sizeOf(shape);
  if (data && data.length !== size) throw new Error(`internal error: ${data.length} numbers for shape [${shape}]`);
  return { dtype, shape, data: data instanceof Float64Array ? data : data ? Float64Array.from(data) : new Float64Array(size) };
}

/** Row-major strides: the step in `data` for one step along each axis. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

/** Strides with which an array of `shape` is read as if broadcast to `to`: 0 along the repeated axes. */
export function broadcastStrides(shape: readonly number[], to: readonly number[]): number[] {
  const strides = stridesOf(shape);
  const offset = to.length - shape.length;
  return to.map((_, axis) => (axis < offset || shape[axis - offset] === 1 ? 0 : strides[axis - offset]));
}

/** For each element of `shape` in row-major order, its position under other strides. */
export function positions(shape: readonly number[], strides: readonly number[]): Int32Array {
  const out = new Int32Array(sizeOf(shape));
  const index = shape.map(() => 0);
  let at = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = at;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]++;
      at += strides[axis];
      if (index[axis] < shape[axis]) break;
      at -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}
