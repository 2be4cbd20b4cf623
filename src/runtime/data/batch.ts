/** Batches for the engine: fresh buffers every time, because the engine may still hold those of the batch before. */
import type { Tensor } from '../engine/engine.ts';
import type { Dataset } from './dataset.ts';

export interface Batch {
  /** uint8 or float32 [N, height, width, channels] */
  readonly x: Tensor;
  /** int32 [N] for classes; float32 [N, K] for binary (K = 1), multi-label and values */
  readonly y: Tensor;
}

/** Samples `indices` of the data set, in that order. */
export function fillBatch(dataset: Dataset, indices: ArrayLike<number>): Batch {
  const count = indices.length;
  const [height, width, channels] = dataset.shape;
  const size = height * width * channels;
  const pixels = dataset.pixelType === 'uint8' ? new Uint8Array(count * size) : new Float32Array(count * size);
  for (let n = 0; n < count; n++) dataset.read(indices[n], pixels, n * size);
  return { x: { dtype: dataset.pixelType, shape: [count, height, width, channels], data: pixels }, y: labelsOf(dataset, indices) };
}

function labelsOf({ labels, labelWidth }: Dataset, indices: ArrayLike<number>): Tensor {
  const count = indices.length;
  if (labels instanceof Int32Array) return { dtype: 'int32', shape: [count], data: Int32Array.from(indices, (i) => labels[i]) };
  const data = new Float32Array(count * labelWidth);
  for (let n = 0; n < count; n++) data.set(labels.subarray(indices[n] * labelWidth, (indices[n] + 1) * labelWidth), n * labelWidth);
  return { dtype: 'float32', shape: [count, labelWidth], data };
}
