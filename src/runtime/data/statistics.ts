/**
 * Featurewise statistics: per channel, over height, width and the training part alone, after scale, offset and samplewise steps,
 * as ImageDataGenerator.fit. Sums are float64, each image merged by Chan's update ("Updating formulae and a pairwise algorithm for
 * computing sample variances", 1979), so that large means do not eat the variance. The spread is the population's.
 */
import { preprocessForStatistics } from '../../compiler/graph/preprocess.ts';
import type { Preprocess } from '../../compiler/model/program.ts';
import type { Dataset, Statistics } from './dataset.ts';

/** Rejects with the signal's reason. Gives the event loop a turn now and then. */
export async function featurewiseStatistics(dataset: Dataset, preprocess: Preprocess, signal?: AbortSignal): Promise<Statistics> {
  const [height, width, channels] = dataset.shape;
  const area = height * width;
  const pixels = dataset.pixelType === 'uint8' ? new Uint8Array(area * channels) : new Float32Array(area * channels);
  const image = new Float64Array(area * channels);
  const mean = new Float64Array(channels);
  const squares = new Float64Array(channels);
  let seen = 0;
  for (const index of dataset.parts.train) {
    dataset.read(index, pixels, 0);
    preprocessForStatistics(preprocess, pixels, channels, image);
    for (let c = 0; c < channels; c++) {
      const one = channelMoments(image, c, channels, area);
      const delta = one.mean - mean[c];
      mean[c] += (delta * area) / (seen + area);
      squares[c] += one.squares + (delta * delta * seen * area) / (seen + area);
    }
    seen += area;
    if ((seen / area) % 256 === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
  }
  return { mean: Float32Array.from(mean), std: Float32Array.from(squares, (s) => Math.sqrt(s / seen)) };
}

function channelMoments(image: Float64Array, channel: number, channels: number, area: number): { mean: number; squares: number } {
  let sum = 0;
  for (let i = channel; i < image.length; i += channels) sum += image[i];
  const mean = sum / area;
  let squares = 0;
  for (let i = channel; i < image.length; i += channels) squares += (image[i] - mean) * (image[i] - mean);
  return { mean, squares };
}
