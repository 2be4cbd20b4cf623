/**
 * Batches of a data set as the graph takes them. Buffers are used in turn, one more than calls can be under way, so that
 * nothing is allocated while training and no call sees its numbers change.
 */
import { colourWidth, hasWarp, weighsSamples, type Program } from '../../compiler/model/program.ts';
import { drawColours } from '../augment/colours.ts';
import { drawTransforms } from '../augment/transforms.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Tensor } from '../engine/engine.ts';
import { sampleWeights } from './class-weights.ts';
import type { Batches } from './loop.ts';
import { orderOf } from './order.ts';
import { depth } from './pipeline.ts';

interface Buffers {
  readonly x: Uint8Array | Float32Array;
  readonly y: Int32Array | Float32Array;
  readonly transforms: Float32Array | null;
  readonly colours: Float32Array | null;
  readonly weights: Float32Array | null;
}

export function batchesOf(dataset: Dataset, program: Program): Batches {
  const [height, width, channels] = dataset.shape;
  const pixels = height * width * channels;
  const size = program.fit.batch;
  const { labels, labelWidth: row } = dataset;
  const warps = hasWarp(program.augment);
  const coloured = colourWidth(program.augment);
  const whole = labels instanceof Int32Array;
  // A graph that takes weights gets them, also where each is 1.
  const weightOf = weighsSamples(program) ? (sampleWeights(program, dataset) ?? (() => 1)) : null;
  const ring = Array.from({ length: depth + 1 }, (): Buffers => ({
    x: dataset.pixelType === 'uint8' ? new Uint8Array(size * pixels) : new Float32Array(size * pixels),
    y: whole ? new Int32Array(size) : new Float32Array(size * row),
    transforms: warps ? new Float32Array(size * 8) : null,
    colours: coloured > 0 ? new Float32Array(size * coloured) : null,
    weights: weightOf ? new Float32Array(size) : null,
  }));
  let turn = 0;

  return {
    count: { train: dataset.parts.train.length, validation: dataset.parts.validation.length, test: dataset.parts.test.length },
    part: (part) => dataset.parts[part],
    pass: (pass) => orderOf(dataset.parts.train, program, pass, labels),
    feeds: (part, samples, epoch) => {
      const buffers = ring[turn++ % ring.length];
      const n = samples.length;
      for (let i = 0; i < n; i++) {
        dataset.read(samples[i], buffers.x, i * pixels);
        for (let k = 0; k < row; k++) buffers.y[i * row + k] = labels[samples[i] * row + k];
      }
      const x: Tensor = { dtype: dataset.pixelType, shape: [n, height, width, channels], data: buffers.x.subarray(0, n * pixels) };
      const y: Tensor = { dtype: whole ? 'int32' : 'float32', shape: whole ? [n] : [n, row], data: buffers.y.subarray(0, n * row) };
      if (part !== 'train') return { x, y };
      samples.forEach((sample, i) => {
        if (buffers.weights && weightOf) buffers.weights[i] = weightOf(sample);
      });
      const feeds: Record<string, Tensor> = { x, y };
      const add = (name: string, width: number | null, data: Float32Array): void => void (feeds[name] = { dtype: 'float32', shape: width === null ? [n] : [n, width], data: data.subarray(0, n * (width ?? 1)) });
      if (buffers.weights) add('weights', null, buffers.weights);
      if (buffers.transforms) {
        drawTransforms(program.augment, dataset.shape, program.fit.seed, epoch, samples, buffers.transforms);
        add('transforms', 8, buffers.transforms);
      }
      if (buffers.colours) {
        drawColours(program.augment, dataset.shape, program.fit.seed, epoch, samples, buffers.colours);
        add('colours', coloured, buffers.colours);
      }
      return feeds;
    },
  };
}
