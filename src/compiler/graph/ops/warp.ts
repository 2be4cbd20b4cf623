/** Projective warp of images: TensorFlow's ImageProjectiveTransformV3 (tensorflow/core/kernels/image/image_ops.h). */
import type { NDArray } from '../ndarray.ts';
import { ndarray } from '../ndarray.ts';
import type { Attrs } from '../types.ts';
import type { OpDefinition } from './definition.ts';
import { expectInputs, expectShape } from './definition.ts';

type Fill = Attrs<'warp'>['fill'];

/**
 * Where a coordinate outside 0 … size − 1 reads. Constant leaves it outside. The final clamp is TensorFlow's: half a pixel
 * beyond the edge (3.5 of 4) stays at the edge.
 */
function mapCoordinate(at: number, size: number, fill: Fill): number {
  const last = size - 1;
  const outside = at < 0 || at > last;
  if (fill === 'constant') return at;
  if (outside && size === 1) return 0;
  const inside = !outside || fill === 'nearest' ? at : fill === 'reflect' ? reflect(at, size) : wrap(at, size);
  return Math.min(Math.max(inside, 0), last);
}

/** dcba|abcd|dcba */
function reflect(at: number, size: number): number {
  const period = 2 * size;
  const within = at % period;
  if (within < 0) return within < -size ? within + period : -within - 1;
  return within >= size ? period - within - 1 : within;
}

/** abcd|abcd|abcd. The count of turns is by size − 1, as in TensorFlow. */
function wrap(at: number, size: number): number {
  const turns = Math.trunc(Math.abs(at) / (size - 1));
  return at < 0 ? at + size * (turns + 1) : at - size * turns;
}

/** One channel's value at (x, y), in pixels. Pixels outside have the fill value. */
function sample(images: NDArray, n: number, channel: number, y: number, x: number, interpolation: Attrs<'warp'>['interpolation'], fillValue: number): number {
  const [, height, width, channels] = images.shape;
  const read = (row: number, column: number): number =>
    row >= 0 && row < height && column >= 0 && column < width ? images.data[((n * height + row) * width + column) * channels + channel] : fillValue;
  if (interpolation === 'nearest') return read(roundAway(y), roundAway(x));
  const [y0, x0] = [Math.floor(y), Math.floor(x)];
  const [y1, x1] = [y0 + 1, x0 + 1];
  const upper = (x1 - x) * read(y0, x0) + (x - x0) * read(y0, x1);
  const lower = (x1 - x) * read(y1, x0) + (x - x0) * read(y1, x1);
  return (y1 - y) * upper + (y - y0) * lower;
}

/** C's round: halves away from zero. */
const roundAway = (v: number): number => Math.sign(v) * Math.round(Math.abs(v));

export const warp: OpDefinition<'warp'> = {
  infer(inputs) {
    expectInputs('warp', inputs, [['float32', 4], ['float32', 2]]);
    expectShape('warp', 'the transforms', inputs[1], [inputs[0].shape[0], 8]);
    return [inputs[0]];
  },
  gradient: 'none',
  evaluate([images, transforms], { interpolation, fill, fillValue }) {
    const out = ndarray(images.shape);
    const [count, height, width, channels] = images.shape;
    let at = 0;
    for (let n = 0; n < count; n++) {
      const [a0, a1, a2, a3, a4, a5, a6, a7] = transforms.data.subarray(n * 8, n * 8 + 8);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const k = a6 * x + a7 * y + 1;
          const column = mapCoordinate((a0 * x + a1 * y + a2) / k, width, fill);
          const row = mapCoordinate((a3 * x + a4 * y + a5) / k, height, fill);
          for (let c = 0; c < channels; c++) out.data[at++] = k === 0 ? fillValue : sample(images, n, c, row, column, interpolation, fillValue);
        }
      }
    }
    return [out];
  },
};
