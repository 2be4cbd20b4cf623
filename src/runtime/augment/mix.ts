/** With which other picture each training picture is mixed, and how: graph/mix.ts says what is done with the numbers. */
import { draws, Purpose } from '../../compiler/graph/philox.ts';
import type { Draws } from '../../compiler/graph/philox.ts';
import { mixWidth } from '../../compiler/model/program.ts';
import type { Augment } from '../../compiler/model/program.ts';

/**
 * A function of (seed, epoch, sample) alone, given the training part. Writes float32 [N, mixWidth] into `out`, and gives the other picture of each.
 * @param shape [height, width, channels] @param samples indices in the data set @param train the whole training part @param epoch from 0
 */
export function drawMix(augment: Augment, shape: readonly [number, number, number], seed: number, epoch: number, samples: ArrayLike<number>, train: ArrayLike<number>, out: Float32Array): number[] {
  const { mix } = augment;
  if (mix === null) return [];
  const width = mixWidth(augment);
  return Array.from(samples, (sample, n) => {
    const random = draws(seed, Purpose.mix, epoch, sample);
    const happens = random.uniform() < mix.chance;
    const other = train[random.below(train.length)];
    const [y, x] = [random.uniform(), random.uniform()];
    // Last, since it takes as many draws as it takes.
    const share = beta(mix.alpha, random);
    if (mix.kind === 'mixup') out[n * width] = happens ? share : 1;
    else out.set(happens ? rectangle(share, y, x, shape) : [1, 0, 0, 0, 0], n * width);
    return other;
  });
}

/** A rectangle of the picture's proportions and a share of 1 − λ about (y, x), cut at the edges; λ is what it really leaves. */
function rectangle(share: number, y: number, x: number, [height, width]: readonly [number, number, number]): number[] {
  const side = Math.sqrt(1 - share);
  const span = (at: number, size: number): [number, number] => {
    const half = (side * size) / 2;
    return [Math.max(0, Math.round(at * size - half)), Math.min(size, Math.round(at * size + half))];
  };
  const [[top, bottom], [left, right]] = [span(y, height), span(x, width)];
  return [1 - ((bottom - top) * (right - left)) / (height * width), top, bottom, left, right];
}

/** Beta(alpha, alpha) by Jöhnk's method (1964). */
function beta(alpha: number, random: Draws): number {
  for (;;) {
    const [a, b] = [random.uniform() ** (1 / alpha), random.uniform() ** (1 / alpha)];
    if (a + b > 0 && a + b <= 1) return a / (a + b);
  }
}
