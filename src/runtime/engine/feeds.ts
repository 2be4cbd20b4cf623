/** What is wrong with fed tensors, in words, before native code sees them. */
import { BATCH, byteWidth } from '../../compiler/graph/types.ts';
import type { TensorType } from '../../compiler/graph/types.ts';
import type { Tensor, Tensors } from './engine.ts';

const show = (shape: readonly number[]): string => `[${shape.map((d) => (d === BATCH ? 'N' : d)).join(', ')}]`;

/** Throws where a tensor is not of its type; `types` by name. */
export function checkTensors(types: Readonly<Record<string, TensorType>>, tensors: Tensors): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    const wrong = problem(name, types[name], tensor);
    if (wrong !== null) throw new Error(wrong);
  }
}

/** The same for a call: nothing is missing, and there is one batch. */
export function checkFeeds(types: Readonly<Record<string, TensorType>>, feeds: Tensors): void {
  const missing = Object.keys(types).find((name) => !feeds[name]);
  if (missing !== undefined) throw new Error(`input ${missing} is missing`);
  checkTensors(types, feeds);
  const batches = Object.keys(feeds).filter((name) => types[name].shape[0] === BATCH).map((name) => feeds[name].shape[0]);
  if (new Set(batches).size > 1) throw new Error(`the inputs have batches of ${batches.join(' and ')}`);
}

function problem(name: string, type: TensorType | undefined, { dtype, shape, data }: Tensor): string | null {
  if (!type) return `there is no input ${name}`;
  if (dtype !== type.dtype) return `input ${name} takes ${type.dtype}, not ${dtype}`;
  const fits = shape.length === type.shape.length && shape.every((d, i) => Number.isInteger(d) && d >= 0 && (type.shape[i] === BATCH || d === type.shape[i]));
  if (!fits) return `input ${name} takes ${show(type.shape)}, not ${show(shape)}`;
  if (type.shape[0] === BATCH && shape[0] === 0) return `input ${name} is an empty batch`;
  if (data.byteLength !== shape.reduce((a, b) => a * b, 1) * byteWidth[dtype]) return `input ${name} has ${data.byteLength} bytes for ${show(shape)} of ${dtype}`;
  return null;
}
