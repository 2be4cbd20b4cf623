/** Between arrays of NumPy files and tensors of the engine; and whether a set of tensors is the one a graph wants. */
import type { GraphVariable } from '../../compiler/graph/types.ts';
import type { Tensor, Tensors } from '../engine/engine.ts';
import { NpyError, type NpyArray } from '../files/npz.ts';

/** float64 (as NumPy makes by default) becomes float32. Throws NpyError for kinds that no variable has. */
export function tensorOf(array: NpyArray): Tensor {
  const { shape, data } = array;
  if (data instanceof Float32Array) return { dtype: 'float32', shape, data };
  if (array.dtype === 'float64') return { dtype: 'float32', shape, data: Float32Array.from(data) };
  if (data instanceof Int32Array) return { dtype: 'int32', shape, data };
  if (data instanceof Uint8Array) return { dtype: array.dtype === 'bool' ? 'bool' : 'uint8', shape, data };
  throw new NpyError(`${array.dtype} is not a kind that weights have`);
}

export interface Misfit {
  readonly missing: readonly string[];
  readonly unknown: readonly string[];
  /** As text: `conv_1/kernel is 3x3x3x32 in the file, 5x5x3x32 in the network`. */
  readonly shapes: readonly string[];
}

/** null when `tensors` are exactly these variables. */
export function misfit(tensors: Tensors, variables: readonly GraphVariable[]): Misfit | null {
  const wanted = new Map(variables.map((v) => [v.name, v.type]));
  const missing = [...wanted.keys()].filter((name) => !Object.hasOwn(tensors, name));
  const unknown = Object.keys(tensors).filter((name) => !wanted.has(name));
  const shapes: string[] = [];
  for (const [name, type] of wanted) {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : null;
    if (!tensor) continue;
    if (tensor.shape.join() !== type.shape.join()) shapes.push(`${name} is ${times(tensor.shape)} in the file, ${times(type.shape)} in the network`);
    else if (tensor.dtype !== type.dtype) shapes.push(`${name} is ${tensor.dtype} in the file, ${type.dtype} in the network`);
  }
  return missing.length + unknown.length + shapes.length === 0 ? null : { missing, unknown, shapes };
}

const times = (shape: readonly number[]): string => (shape.length === 0 ? 'one number' : shape.join('x'));

/** Float32 values by name as tensors with the graph's shapes. */
export const asTensors = (values: Readonly<Record<string, Float32Array>>, variables: readonly GraphVariable[]): Record<string, Tensor> =>
  Object.fromEntries(variables.flatMap((v) => (Object.hasOwn(values, v.name) ? [[v.name, { dtype: v.type.dtype, shape: v.type.shape, data: values[v.name] }]] : [])));

/** Those of one role, in the graph's order (so that files of equal runs are equal). */
export const ofRole = (tensors: Tensors, variables: readonly GraphVariable[], role: GraphVariable['role']): Record<string, Tensor> =>
  Object.fromEntries(variables.filter((v) => v.role === role).map((v) => [v.name, tensors[v.name]]));
