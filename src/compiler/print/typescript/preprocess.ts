/** `preprocess.ts` and `augment.ts` of the generated code, in the language's fixed order; formulas as Keras's ImageDataGenerator. */
import { hasWarp } from '../../model/program.ts';
import type { Augment, Program } from '../../model/program.ts';
import { number, numbers, shape } from './emit.ts';
import { featuresOf } from './features.ts';
import { header, importLine, lines, tfjs } from './module.ts';

export function preprocessModule(program: Program): string {
  const { samplewiseStd, featurewiseCenter, featurewiseStd, meanStd } = program.preprocess;
  const { statistics } = featuresOf(program);
  const pixels = shape(program.input);
  return lines(
    header('From pixels to what the network takes: the same for training, validation and prediction.'),
    tfjs,
    (samplewiseStd || featurewiseStd || meanStd !== null) && '\n/** Added to a standard deviation that is divided by. */\nconst STD_EPSILON = 1e-6;\n',
    meanStd !== null && `\n/** Mean and standard deviation of each channel. */\nconst MEAN = ${numbers(meanStd.mean)};\nconst STD = ${numbers(meanStd.std)};\n`,
    statistics &&
      `
/** Numbers of the training pictures, one for each channel. */
export interface Statistics {
  ${featurewiseCenter ? 'readonly mean: tf.Tensor1D;' : ''}
  ${featurewiseStd ? 'readonly std: tf.Tensor1D;' : ''}
}

/** The statistics of the training pictures: pixels ${pixels}. They belong to the model as its weights do. */
export function statisticsOf(images: tf.Tensor4D): Statistics {
  return tf.tidy(() => {
    const x = scaled(images);
    const mean: tf.Tensor1D = tf.mean(x, [0, 1, 2]);
    ${featurewiseStd ? 'const variance: tf.Tensor1D = tf.mean(tf.squaredDifference(x, mean), [0, 1, 2]);' : ''}
    return { ${[...(featurewiseCenter ? ['mean'] : []), ...(featurewiseStd ? ['std: tf.sqrt(variance)'] : [])].join(', ')} };
  });
}
`,
    statistics
      ? `
/** Pixels ${pixels} → the same shape, standardised. */
export function preprocess(images: tf.Tensor4D, statistics: Statistics): tf.Tensor4D {
  return ${standardized(program, 'scaled(images)')};
}

function scaled(images: tf.Tensor4D): tf.Tensor4D {
  ${scaledBody(program, (x) => x)}
}
`
      : `
/** Pixels ${pixels} → the same shape, as the network takes them. */
export function preprocess(images: tf.Tensor4D): tf.Tensor4D {
  ${scaledBody(program, (x) => standardized(program, x))}
}
`,
  );
}

/** Scale, offset and samplewise steps; the value returned goes through `last`. */
function scaledBody({ preprocess }: Program, last: (x: string) => string): string {
  const { scale, offset, samplewiseCenter, samplewiseStd } = preprocess;
  let x = "tf.cast(images, 'float32')";
  if (scale !== 1) x = scale === 1 / 255 ? `tf.div(${x}, 255)` : `tf.mul(${x}, ${number(scale)})`;
  if (offset !== 0) x = `tf.add(${x}, ${number(offset)})`;
  if (!samplewiseCenter && !samplewiseStd) return `return ${last(x)};`;
  const centred = samplewiseCenter ? 'tf.sub(x, mean)' : 'x';
  return `const x: tf.Tensor4D = ${x};
  // Each picture by its own statistics, over height, width and channels.
  const mean = tf.mean(x, [1, 2, 3], true);
  ${samplewiseStd ? 'const std = tf.sqrt(tf.mean(tf.squaredDifference(x, mean), [1, 2, 3], true));' : ''}
  return ${last(samplewiseStd ? `tf.div(${centred}, tf.add(std, STD_EPSILON))` : centred)};`;
}

/** Featurewise steps and given numbers. */
function standardized({ preprocess }: Program, start: string): string {
  let x = start;
  if (preprocess.featurewiseCenter) x = `tf.sub(${x}, statistics.mean)`;
  if (preprocess.featurewiseStd) x = `tf.div(${x}, tf.add(statistics.std, STD_EPSILON))`;
  if (preprocess.meanStd) x = `tf.div(tf.sub(${x}, MEAN), tf.add(STD, STD_EPSILON))`;
  return x;
}

/** null: the program changes no training pictures. */
export function augmentModule(program: Program): string | null {
  const { augment } = program;
  if (!hasWarp(augment)) return null;
  const [height, width] = program.input;
  return lines(
    header('Random changes of training pictures: rotation, shifts, zoom and flips as one warp.'),
    tfjs,
    importLine('./random.ts', [], ['Random']),
    `
const HEIGHT = ${height};
const WIDTH = ${width};

/** How one picture is changed. */
export interface Warp {
  /** Radians, counter-clockwise. */
  readonly angle: number;
  /** Pixels to the side and down. */
  readonly shift: readonly [x: number, y: number];
  /** Below 1 magnifies. */
  readonly zoom: readonly [x: number, y: number];
  readonly flip: { readonly horizontal: boolean; readonly vertical: boolean };
}

export function randomWarp(random: Random): Warp {
  ${usesUniform(augment) ? 'const uniform = (low: number, high: number): number => low + (high - low) * random.number();' : ''}
  return {
    angle: ${augment.rotation > 0 ? `(uniform(${number(-augment.rotation)}, ${number(augment.rotation)}) * Math.PI) / 180` : '0'},
    shift: [${shiftCode(augment.widthShift, 'WIDTH')}, ${shiftCode(augment.heightShift, 'HEIGHT')}],
    zoom: ${zooms(augment) ? `[${Array(2).fill(`uniform(${number(augment.zoom[0])}, ${number(augment.zoom[1])})`).join(', ')}]` : '[1, 1]'},
    flip: { horizontal: ${augment.horizontalFlip ? 'random.number() < 0.5' : 'false'}, vertical: ${augment.verticalFlip ? 'random.number() < 0.5' : 'false'} },
  };
}

/**
 * The warp as tf.image.transform takes it: eight numbers of the projection from a pixel of the result to the one it shows.
 * Rotation and zoom are about the centre of the picture.
 */
export function matrixOf({ angle, shift, zoom, flip }: Warp): number[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const across = flip.horizontal ? -zoom[0] : zoom[0];
  const down = flip.vertical ? -zoom[1] : zoom[1];
  const [cx, cy] = [(WIDTH - 1) / 2, (HEIGHT - 1) / 2];
  const [a, b] = [cos * across, sin * down];
  const [c, d] = [-sin * across, cos * down];
  const dx = cx - a * cx - b * cy + cos * shift[0] + sin * shift[1];
  const dy = cy - c * cx - d * cy - sin * shift[0] + cos * shift[1];
  return [a, b, dx, c, d, dy, 0, 0];
}

/** Pixels ${shape(program.input)} → the same shape, each picture changed at random. */
export function augment(images: tf.Tensor4D, random: Random): tf.Tensor4D {
  return warp(images, Array.from({ length: images.shape[0] }, () => matrixOf(randomWarp(random))));
}

/** Warps each picture by its matrix. What comes from outside: ${fillDoc(augment)}. */
export function warp(images: tf.Tensor4D, matrices: readonly number[][]): tf.Tensor4D {
  // One by one: the cpu backend of tfjs 4.22 transforms only the first picture of a batch.
  const pictures: tf.Tensor4D[] = tf.split(tf.cast(images, 'float32'), images.shape[0]);
  return tf.concat(pictures.map((picture, i) => tf.image.transform(picture, [matrices[i]], 'bilinear', '${augment.fill.mode}', ${number(augment.fill.value)})));
}
`,
  );
}

const zooms = ({ zoom }: Augment): boolean => zoom[0] !== 1 || zoom[1] !== 1;

const usesUniform = (augment: Augment): boolean => augment.rotation > 0 || augment.widthShift.amount > 0 || augment.heightShift.amount > 0 || zooms(augment);

function shiftCode({ amount, unit }: Augment['widthShift'], size: string): string {
  if (amount === 0) return '0';
  const range = `uniform(${number(-amount)}, ${number(amount)})`;
  return unit === 'fraction' ? `${range} * ${size}` : range;
}

const fillDoc = ({ fill }: Augment): string =>
  ({ nearest: 'the nearest pixel', constant: `the value ${number(fill.value)}`, reflect: 'the picture mirrored', wrap: 'the picture repeated' })[fill.mode];
