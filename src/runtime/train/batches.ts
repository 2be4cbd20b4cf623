/**
 * Batches of a data set as the graph takes them. Buffers are used in turn, one more than calls can be under way, so that
 * nothing is allocated while training and no call sees its numbers change.
 */
import { hasWarp, type Program } from '../../compiler/model/program.ts';
import { drawTransforms } from '../augment/transforms.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Tensor, Tensors } from '../engine/engine.ts';
import type { Batches } from './loop.ts';
import { depth } from './pipeline.ts';

interface Buffers {
  readonly x: Uint8Array | Float32Array;
  readonly y: Int32Array | Float32Array;
  readonly transforms: Float32Array | null;
}

export function batchesOf(dataset: Dataset, program: Program): Batches {
  const [height, width, channels] = dataset.shape;
  const pixels = height * width * channels;
  const size = program.fit.batch;
  const { labels, labelWidth: row } = dataset;
  const warps = hasWarp(program.augment);
  const whole = labels instanceof Int32Array;
  const ring = Array.from({ length: depth + 1 }, (): Buffers => ({
    x: dataset.pixelType === 'uint8' ? new Uint8Array(size * pixels) : new Float32Array(size * pixels),
    y: whole ? new Int32Array(size) : new Float32Array(size * row),
    transforms: warps ? new Float32Array(size * 8) : null,
  }));
  let turn = 0;

  return {
    count: { train: dataset.parts.train.length, validation: dataset.parts.validation.length, test: dataset.parts.test.length },
    part: (part) => dataset.parts[part],
    feeds: (part, samples, epoch) => {
      const buffers = ring[turn++ % ring.length];
      const n = samples.length;
      for (let i = 0; i < n; i++) {
        dataset.read(samples[i], buffers.x, i * pixels);
        for (let k = 0; k < row; k++) buffers.y[i * row + k] = labels[samples[i] * row + k];
      }
      const x: Tensor = { dtype: dataset.pixelType, shape: [n, height, width, channels], data: buffers.x.subarray(0, n * pixels) };
      const y: Tensor = { dtype: whole ? 'int32' : 'float32', shape: whole ? [n] : [n, row], data: buffers.y.subarray(0, n * row) };
      const feeds: Tensors = { x, y };
      if (part !== 'train' || !buffers.transforms) return feeds;
      drawTransforms(program.augment, dataset.shape, program.fit.seed, epoch, samples, buffers.transforms);
      return { ...feeds, transforms: { dtype: 'float32', shape: [n, 8], data: buffers.transforms.subarray(0, n * 8) } };
    },
  };
}
