/**
 * Changes of colour in training, on pixels of 0..255 after the warp and before scaling. Each picture brings its own numbers
 * (runtime/augment/colours.ts), in the order of the steps. Sources: channel shift and brightness Keras's ImageDataGenerator (its
 * brightness rounds down to levels, this does not); contrast keras.layers.RandomContrast; saturation PIL's ImageEnhance.Color; hue
 * turns I and Q of YIQ (NTSC, FCC 1953), so that lightness stays; blur keras.layers.RandomGaussianBlur with a kernel of 3; erase Zhong et al. 2020.
 */
import { colourNumbers } from '../model/program.ts';
import type { Augment, ColourStep } from '../model/program.ts';
import type { Builder } from './build.ts';
import { BATCH } from './types.ts';
import type { Value } from './types.ts';

const IMAGE_AXES = [1, 2, 3];
/** Streams of the noise, beyond those of layers and of their second ones. */
const STREAM = 2 ** 21;

/** ITU-R 601, as PIL's L. */
const luma = [0.299, 0.587, 0.114];
/** YIQ from RGB: rows I and Q. */
const inPhase = [0.5959, -0.2746, -0.3213];
const quadrature = [0.2115, -0.5227, 0.3112];
/** RGB from YIQ: columns I and Q. */
const fromI = [0.956, -0.272, -1.106];
const fromQ = [0.619, -0.647, 1.703];

export interface Random {
  readonly key: Value;
  readonly step: Value;
  /** Of pictures that are mixed into others: noise of their own. */
  readonly second: boolean;
}

/** @param images float32 [N,H,W,C], 0..255 @param numbers float32 [N, colourWidth] */
export function changeColours(g: Builder, images: Value, numbers: Value, { colours }: Augment, random: Random): Value {
  let x = images;
  let at = 0;
  for (const step of colours) {
    const first = at;
    at += colourNumbers[step.kind];
    x = g.scoped(step.kind, () => change(g, x, step, (i) => g.reshape(g.slice(numbers, first + i, 1), [BATCH, 1, 1, 1]), random));
  }
  return x;
}

function change(g: Builder, x: Value, step: ColourStep, number: (i: number) => Value, random: Random): Value {
  const about = (centre: Value): Value => levels(g, g.add(g.mul(g.sub(x, centre), number(0)), centre));
  switch (step.kind) {
    case 'channel_shift': {
      const least = g.unary('neg', g.reduce('max', g.unary('neg', x), IMAGE_AXES, true));
      return g.minimum(g.maximum(g.add(x, number(0)), least), g.reduce('max', x, IMAGE_AXES, true));
    }
    case 'brightness':
      return levels(g, g.mul(x, number(0)));
    case 'contrast':
      return about(g.reduce('mean', x, [1, 2], true));
    case 'saturation':
      return about(gray(g, x));
    case 'hue': {
      // cos·(x − gray) keeps I and Q where they are; sin moves I to Q and Q to minus I.
      const across = luma.flatMap((_, from) => luma.map((_unused, to) => fromQ[to] * inPhase[from] - fromI[to] * quadrature[from]));
      const turned = g.conv2d(x, g.constant(across, [1, 1, 3, 3]), { stride: [1, 1], padding: 'valid', dilation: [1, 1] });
      const centre = gray(g, x);
      return levels(g, g.add(centre, g.add(g.mul(g.sub(x, centre), number(0)), g.mul(turned, number(1)))));
    }
    case 'blur': {
      const along = (y: Value, size: readonly [number, number]): Value => g.add(y, g.mul(g.sub(g.avgPool(y, { size, stride: [1, 1], padding: 'same' }), y), number(0)));
      return along(along(x, [1, 3]), [3, 1]);
    }
    case 'noise':
      return levels(g, g.add(x, g.mul(normal(g, x, random), number(0))));
    case 'erase':
      return g.add(x, g.mul(g.sub(g.scalar(step.value), x), covered(g, x, number)));
  }
}

/** 1 inside of each picture's rectangle, 0 outside: float32 [N,H,W,1]. @param side top, bottom, left, right as [N,1,1,1], the ends not included */
export function covered(g: Builder, images: Value, side: (i: number) => Value): Value {
  const [, height, width] = images.shape;
  const rows = g.constant(Array.from({ length: height }, (_, i) => i), [1, height, 1, 1]);
  const columns = g.constant(Array.from({ length: width }, (_, i) => i), [1, 1, width, 1]);
  const between = (place: Value, from: Value, to: Value): Value => g.mul(g.cast(g.compare('greaterEqual', place, from), 'float32'), g.cast(g.compare('less', place, to), 'float32'));
  return g.mul(between(rows, side(0), side(1)), between(columns, side(2), side(3)));
}

const levels = (g: Builder, x: Value): Value => g.minimum(g.maximum(x, g.scalar(0)), g.scalar(255));
const gray = (g: Builder, x: Value): Value => g.reduce('sum', g.mul(x, g.constant(luma, [1, 1, 1, 3])), [3], true);

/** Box and Muller (1958). */
function normal(g: Builder, like: Value, { key, step, second }: Random): Value {
  const stream = STREAM + (second ? 2 : 0);
  const radius = g.unary('sqrt', g.mul(g.unary('log', g.uniform(key, step, like, stream)), g.scalar(-2)));
  return g.mul(radius, g.unary('cos', g.mul(g.uniform(key, step, like, stream + 1), g.scalar(2 * Math.PI))));
}
