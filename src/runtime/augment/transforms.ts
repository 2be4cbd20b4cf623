/**
 * The random warp of training pictures, one projective transform per sample for TensorFlow's ImageProjectiveTransformV3.
 *
 * Meaning: Keras's ImageDataGenerator, as documented (its versions disagree about axes and centre): rotation, shift, shear and zoom
 * composed as R · T · S · Z about the centre (n − 1) / 2 of each axis, mapping output to input; then the warped picture is flipped.
 * A width shift moves columns, a height shift rows; a shear moves rows sideways, as in Keras 3; zoom factors below 1 magnify.
 * A crop shows a part of what the others would show.
 */
import { draws, Purpose } from '../../compiler/graph/philox.ts';
import type { Augment } from '../../compiler/model/program.ts';

/** One sample's numbers: θ in radians, shifts in pixels, zoom factors, flips. */
export interface Warp {
  readonly theta: number;
  readonly shiftX: number;
  readonly shiftY: number;
  readonly zoomX: number;
  readonly zoomY: number;
  readonly flipX: boolean;
  readonly flipY: boolean;
  /** Radians; absent: 0. */
  readonly shear?: number;
  /** The share of height and width that is shown, and where: −1 (left, top) to 1; absent: all of it. */
  readonly crop?: { readonly share: number; readonly x: number; readonly y: number };
}

/**
 * The numbers of one sample in one epoch: a function of (seed, epoch, sample) alone. All are drawn whatever is on, so that turning one
 * augmentation on does not change the others; the order is part of the meaning of a seed.
 */
export function drawWarp(augment: Augment, shape: readonly [number, number, number], seed: number, epoch: number, sample: number): Warp {
  const random = draws(seed, Purpose.augment, epoch, sample);
  const within = (range: number): number => (2 * random.uniform() - 1) * range;
  const pixels = ({ amount, unit }: Augment['widthShift'], size: number): number => (unit === 'fraction' ? amount * size : amount);
  const zoom = (): number => augment.zoom[0] + (augment.zoom[1] - augment.zoom[0]) * random.uniform();
  const [height, width] = shape;
  const { chances } = augment;
  const theta = (within(augment.rotation) * Math.PI) / 180;
  const shiftY = within(pixels(augment.heightShift, height));
  const shiftX = within(pixels(augment.widthShift, width));
  const zoomY = zoom();
  const zoomX = zoom();
  const flipX = random.uniform() < chances.horizontalFlip && augment.horizontalFlip;
  const flipY = random.uniform() < chances.verticalFlip && augment.verticalFlip;
  const shear = (within(augment.shear) * Math.PI) / 180;
  const share = augment.crop + (1 - augment.crop) * random.uniform();
  const crop = { share, x: within(1), y: within(1) };
  const happens = (chance: number): boolean => random.uniform() < chance;
  // In this order.
  const [turned, movedX, movedY, slanted, zoomed, cropped] = [chances.rotation, chances.widthShift, chances.heightShift, chances.shear, chances.zoom, chances.crop].map(happens);
  return {
    theta: turned ? theta : 0,
    shiftX: movedX ? shiftX : 0,
    shiftY: movedY ? shiftY : 0,
    zoomX: zoomed ? zoomX : 1,
    zoomY: zoomed ? zoomY : 1,
    flipX,
    flipY,
    ...(slanted && shear !== 0 ? { shear } : {}),
    ...(cropped && share < 1 ? { crop } : {}),
  };
}

/** Writes the eight numbers of a warp to `out[at…at+7]`: output pixel (x, y) reads the input at (a0·x + a1·y + a2, a3·x + a4·y + a5). */
export function writeTransform(warp: Warp, [height, width]: readonly [number, number, number], out: Float32Array, at: number): void {
  const [cos, sin] = [Math.cos(warp.theta), Math.sin(warp.theta)];
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  const { share, x, y } = warp.crop ?? { share: 1, x: 0, y: 0 };
  // A flip of the warped picture is a change of sign about the centre, before everything else in this direction; so is a crop, which
  // shows the middle `share` of it at another place.
  const zoomX = (warp.flipX ? -warp.zoomX : warp.zoomX) * share;
  const zoomY = (warp.flipY ? -warp.zoomY : warp.zoomY) * share;
  const [slantX, slantY] = warp.shear === undefined ? [0, 1] : [-Math.sin(warp.shear), Math.cos(warp.shear)];
  // SciPy's matrix acts on (row, column): row' = cos·r − sin·c, column' = sin·r + cos·c.
  const [a0, a1, a3, a4] = [cos * zoomX, (cos * slantX + sin * slantY) * zoomY, -sin * zoomX, (cos * slantY - sin * slantX) * zoomY];
  // How far the part shown lies from the middle, in pixels of what the crop is taken from.
  const [moveX, moveY] = [(((1 - share) * width) / 2) * x, (((1 - share) * height) / 2) * y];
  const [fromX, fromY] = share === 1 ? [0, 0] : [(a0 * moveX + a1 * moveY) / share, (a3 * moveX + a4 * moveY) / share];
  out[at] = a0;
  out[at + 1] = a1;
  out[at + 2] = centreX + cos * warp.shiftX + sin * warp.shiftY - a0 * centreX - a1 * centreY + fromX;
  out[at + 3] = a3;
  out[at + 4] = a4;
  out[at + 5] = centreY + cos * warp.shiftY - sin * warp.shiftX - a3 * centreX - a4 * centreY + fromY;
  out[at + 6] = 0;
  out[at + 7] = 0;
}

/**
 * The transforms of a batch, float32 [N, 8] row-major into `out`.
 * @param shape [height, width, channels] @param samples indices in the data set, N of them @param epoch from 0
 */
export function drawTransforms(
  augment: Augment,
  shape: readonly [number, number, number],
  seed: number,
  epoch: number,
  samples: ArrayLike<number>,
  out: Float32Array,
): void {
  for (let n = 0; n < samples.length; n++) writeTransform(drawWarp(augment, shape, seed, epoch, samples[n]), shape, out, n * 8);
}
