/**
 * The whitening matrix of the training part, as Keras's ImageDataGenerator.fit has it: of pictures preprocessed up to here, laid out in
 * rows X (n rows), with XᵀX = U S² Uᵀ the matrix is Σ uᵢ uᵢᵀ · √n / (sᵢ + ε). Directions in which the training pictures do not differ
 * within what float64 can tell (NumPy's matrix_rank) are left out, where Keras would enlarge their rounding noise a millionfold.
 */
import { preprocessForStatistics, STD_EPSILON } from '../../../compiler/graph/preprocess.ts';
import type { Preprocess } from '../../../compiler/model/program.ts';
import type { Dataset, Statistics } from '../dataset.ts';
import { eigenOf } from './eigen.ts';
import { products } from './products.ts';

export interface WhiteningOptions {
  readonly signal?: AbortSignal;
  /** Parts of the work that are done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** float32 [d · d] for d numbers a picture: white = row × matrix. Rejects with the signal's reason. */
export async function whiteningMatrix(dataset: Dataset, preprocess: Preprocess, { mean, std }: Statistics, epsilon: number, { signal, onProgress }: WhiteningOptions = {}): Promise<Float32Array> {
  const [height, width, channels] = dataset.shape;
  const size = height * width * channels;
  const pixels = dataset.pixelType === 'uint8' ? new Uint8Array(size) : new Float32Array(size);
  const row = new Float64Array(size);
  let breath = performance.now();
  const breathe = async (share: number): Promise<void> => {
    if (performance.now() - breath < 50) return;
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    onProgress?.(share);
    breath = performance.now();
  };
  const { featurewiseCenter, featurewiseStd, meanStd } = preprocess;
  const centre = Array.from({ length: channels }, (_, c) => meanStd?.mean[c] ?? (featurewiseCenter ? mean[c] : 0));
  const spread = Array.from({ length: channels }, (_, c) => (meanStd ? meanStd.std[c] + STD_EPSILON : featurewiseStd ? std[c] + STD_EPSILON : 1));

  const sums = products(size);
  const { train } = dataset.parts;
  // Most of the work with many pictures is this, with few the other half.
  const half = train.length / (train.length + 10 * size);
  for (const [at, index] of train.entries()) {
    dataset.read(index, pixels, 0);
    preprocessForStatistics(preprocess, pixels, channels, row);
    for (let i = 0; i < size; i++) row[i] = (row[i] - centre[i % channels]) / spread[i % channels];
    sums.add(row);
    await breathe((half * at) / train.length);
  }
  let calls = 0;
  const { values, vectors } = await eigenOf(sums.end(), size, () => breathe(half + ((1 - half) * calls++) / (3.2 * size)));
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const least = most * Math.max(train.length, size) * Number.EPSILON;
  const result = products(size);
  for (let k = 0; k < size; k++) {
    if (values[k] <= least) continue;
    const factor = Math.sqrt(Math.sqrt(train.length) / (Math.sqrt(values[k]) + epsilon));
    for (let i = 0; i < size; i++) row[i] = vectors[k * size + i] * factor;
    result.add(row);
    await breathe(1 - half / (20 * size));
  }
  return Float32Array.from(result.end());
}
