/** `mix.ts` of the generated code: mixup and cutmix with the arithmetic of graph/mix.ts and the draws of runtime/augment/mix.ts. */
import type { Program } from '../../model/program.ts';
import { number } from './emit.ts';
import { header, importLine, lines, tfjs } from './module.ts';

/** null: the program mixes no pictures. */
export function mixModule({ augment: { mix }, input: [height, width] }: Program): string | null {
  if (mix === null) return null;
  const cuts = mix.kind === 'cutmix';
  const nothing = cuts ? '{ share: 1, top: 0, bottom: 0, left: 0, right: 0 }' : '{ share: 1 }';
  return lines(
    header(`Training pictures mixed with others: ${cuts ? 'cutmix (Yun et al., ICCV 2019)' : 'mixup (Zhang et al., ICLR 2018)'}.`),
    tfjs,
    importLine('./random.ts', [], ['Random']),
    cuts && `\nconst HEIGHT = ${number(height)};\nconst WIDTH = ${number(width)};\n`,
    `
/** How a picture is mixed with another one. */
export interface Mix {
  /** What remains of the picture, and what its own label counts in the loss; the rest is the other one's. */
  readonly share: number;
  ${cuts ? '/** The rectangle of the other picture, up to but without bottom and right. */\n  readonly top: number;\n  readonly bottom: number;\n  readonly left: number;\n  readonly right: number;' : ''}
}

export function randomMix(random: Random): Mix {
  ${mix.chance < 1 ? `if (random.number() >= ${number(mix.chance)}) return ${nothing};` : ''}
  ${
    cuts
      ? `// A rectangle of the picture's proportions anywhere, cut at the edges.
  const side = Math.sqrt(1 - beta(${number(mix.alpha)}, random));
  const [y, x] = [random.number() * HEIGHT, random.number() * WIDTH];
  const top = Math.max(0, Math.round(y - (side * HEIGHT) / 2));
  const bottom = Math.min(HEIGHT, Math.round(y + (side * HEIGHT) / 2));
  const left = Math.max(0, Math.round(x - (side * WIDTH) / 2));
  const right = Math.min(WIDTH, Math.round(x + (side * WIDTH) / 2));
  return { share: 1 - ((bottom - top) * (right - left)) / (HEIGHT * WIDTH), top, bottom, left, right };`
      : `return { share: beta(${number(mix.alpha)}, random) };`
  }
}

/** A number of Beta(alpha, alpha), by Jöhnk's method (1964). */
function beta(alpha: number, random: Random): number {
  for (;;) {
    const [a, b] = [random.number() ** (1 / alpha), random.number() ** (1 / alpha)];
    if (a + b > 0 && a + b <= 1) return a / (a + b);
  }
}

/** Pixels of the one picture with those of the other. */
export function mixed(images: tf.Tensor4D, others: tf.Tensor4D, mixes: readonly Mix[]): tf.Tensor4D {
  ${
    cuts
      ? `const parts = mixes.map(({ top, bottom, left, right }) =>
    tf.pad(tf.ones([bottom - top, right - left, 1]), [[top, HEIGHT - bottom], [left, WIDTH - right], [0, 0]]),
  );
  const part: tf.Tensor4D = tf.stack(parts) as tf.Tensor4D;`
      : 'const part = tf.tensor4d(mixes.map(({ share }) => 1 - share), [mixes.length, 1, 1, 1]);'
  }
  return tf.add(images, tf.mul(tf.sub(others, images), part));
}
`,
  );
}
