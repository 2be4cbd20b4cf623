/**
 * Batches of a data set as the graph takes them. Buffers are used in turn, one more than calls can be under way, so that
 * nothing is allocated while training and no call sees its numbers change.
 */
import { colourWidth, hasWarp, mixWidth, weighsSamples, type Program } from '../../compiler/model/program.ts';
import { drawColours } from '../augment/colours.ts';
import { drawMix } from '../augment/mix.ts';
import { drawTransforms } from '../augment/transforms.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Tensor } from '../engine/engine.ts';
import { sampleWeights } from './class-weights.ts';
import type { Batches } from './loop.ts';
import { orderOf } from './order.ts';
import { depth } from './pipeline.ts';

/** Pictures of a batch, their labels, and the numbers of their changes. */
interface Pictures {
  readonly x: Uint8Array | Float32Array;
  readonly y: Int32Array | Float32Array;
  readonly transforms: Float32Array | null;
  readonly colours: Float32Array | null;
}

interface Buffers {
  readonly own: Pictures;
  /** Those that are mixed in, and how. */
  readonly other: Pictures | null;
  readonly mix: Float32Array;
  readonly weights: Float32Array | null;
}

export function batchesOf(dataset: Dataset, program: Program): Batches {
  const [height, width, channels] = dataset.shape;
  const pixels = height * width * channels;
  const { labels, labelWidth: row, shape } = dataset;
  const { augment } = program;
  const { batch: size, seed } = program.fit;
  const warps = hasWarp(augment);
  const coloured = colourWidth(augment);
  const mixed = mixWidth(augment);
  const whole = labels instanceof Int32Array;
  // A graph that takes weights gets them, also where each is 1.
  const weightOf = weighsSamples(program) ? (sampleWeights(program, dataset) ?? (() => 1)) : null;
  const newPictures = (): Pictures => ({
    x: dataset.pixelType === 'uint8' ? new Uint8Array(size * pixels) : new Float32Array(size * pixels),
    y: whole ? new Int32Array(size) : new Float32Array(size * row),
    transforms: warps ? new Float32Array(size * 8) : null,
    colours: coloured > 0 ? new Float32Array(size * coloured) : null,
  });
  const ring = Array.from({ length: depth + 1 }, (): Buffers => ({
    own: newPictures(),
    other: mixed > 0 ? newPictures() : null,
    mix: new Float32Array(size * mixed),
    weights: weightOf ? new Float32Array(size) : null,
  }));
  const floats = (data: Float32Array, ...dims: readonly number[]): Tensor => ({ dtype: 'float32', shape: dims, data: data.subarray(0, dims.reduce((a, b) => a * b, 1)) });

  /** Pictures and labels, as the graph takes them. */
  const fill = (samples: ArrayLike<number>, into: Pictures, suffix: '' | '2'): Record<string, Tensor> => {
    const n = samples.length;
    for (let i = 0; i < n; i++) {
      dataset.read(samples[i], into.x, i * pixels);
      for (let k = 0; k < row; k++) into.y[i * row + k] = labels[samples[i] * row + k];
    }
    return {
      [`x${suffix}`]: { dtype: dataset.pixelType, shape: [n, height, width, channels], data: into.x.subarray(0, n * pixels) },
      [`y${suffix}`]: { dtype: whole ? 'int32' : 'float32', shape: whole ? [n] : [n, row], data: into.y.subarray(0, n * row) },
    };
  };
  /** The numbers of their changes in training. */
  const change = (samples: ArrayLike<number>, epoch: number, { transforms, colours }: Pictures, suffix: '' | '2'): Record<string, Tensor> => {
    if (transforms) drawTransforms(augment, shape, seed, epoch, samples, transforms);
    if (colours) drawColours(augment, shape, seed, epoch, samples, colours);
    return {
      ...(transforms ? { [`transforms${suffix}`]: floats(transforms, samples.length, 8) } : {}),
      ...(colours ? { [`colours${suffix}`]: floats(colours, samples.length, coloured) } : {}),
    };
  };
  let turn = 0;

  return {
    count: { train: dataset.parts.train.length, validation: dataset.parts.validation.length, test: dataset.parts.test.length },
    part: (part) => dataset.parts[part],
    pass: (pass) => orderOf(dataset.parts.train, program, pass, labels),
    feeds: (part, samples, epoch) => {
      const { own, other, mix, weights } = ring[turn++ % ring.length];
      const feeds = fill(samples, own, '');
      if (part !== 'train') return feeds;
      Object.assign(feeds, change(samples, epoch, own, ''));
      if (weights && weightOf) {
        samples.forEach((sample, i) => (weights[i] = weightOf(sample)));
        feeds.weights = floats(weights, samples.length);
      }
      if (other) {
        const others = drawMix(augment, shape, seed, epoch, samples, dataset.parts.train, mix);
        Object.assign(feeds, fill(others, other, '2'), change(others, epoch, other, '2'), { mix: floats(mix, samples.length, mixed) });
      }
      return feeds;
    },
  };
}
