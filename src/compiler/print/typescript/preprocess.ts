/** `preprocess.ts` of the generated code, in the language's fixed order; formulas as Keras's ImageDataGenerator. */
import type { Program } from '../../model/program.ts';
import { number, numbers, shape } from './emit.ts';
import { featuresOf } from './features.ts';
import { header, importLine, lines, tfjs } from './module.ts';

export function preprocessModule(program: Program): string {
  const { samplewiseStd, featurewiseCenter, featurewiseStd, meanStd, zca } = program.preprocess;
  const ofChannels = featurewiseCenter || featurewiseStd;
  const channels = `${[...(featurewiseCenter ? ['mean'] : []), ...(featurewiseStd ? ['std'] : [])].join(', ')}`;
  const size = program.input.reduce((product, n) => product * n, 1);
  const { statistics } = featuresOf(program);
  const pixels = shape(program.input);
  return lines(
    header('From pixels to what the network takes: the same for training, validation and prediction.'),
    tfjs,
    zca !== undefined && importLine('./whitening.ts', ['whiteningMatrix']),
    (samplewiseStd || featurewiseStd || meanStd !== null) && '\n/** Added to a standard deviation that is divided by. */\nconst STD_EPSILON = 1e-6;\n',
    meanStd !== null && `\n/** Mean and standard deviation of each channel. */\nconst MEAN = ${numbers(meanStd.mean)};\nconst STD = ${numbers(meanStd.std)};\n`,
    statistics &&
      `
/** Numbers of the training pictures, one for each channel${zca ? '; and the matrix that whitens them' : ''}. */
export interface Statistics {
  ${featurewiseCenter ? 'readonly mean: tf.Tensor1D;' : ''}
  ${featurewiseStd ? 'readonly std: tf.Tensor1D;' : ''}
  ${zca ? 'readonly zca: tf.Tensor2D;' : ''}
}

/** The statistics of the training pictures: pixels ${pixels}. They belong to the model as its weights do. */
export function statisticsOf(images: tf.Tensor4D): Statistics {
  return tf.tidy(() => {
    const x = scaled(images);
    ${ofChannels ? 'const mean: tf.Tensor1D = tf.mean(x, [0, 1, 2]);' : ''}
    ${featurewiseStd ? 'const variance: tf.Tensor1D = tf.mean(tf.squaredDifference(x, mean), [0, 1, 2]);' : ''}
    ${featurewiseStd ? 'const std: tf.Tensor1D = tf.sqrt(variance);' : ''}
    return { ${[channels, ...(zca ? [`zca: whiteningMatrix(tf.reshape(${ofChannels ? `standardized(x, { ${channels} })` : 'standardized(x)'}, [-1, ${size}]))`] : [])].filter((part) => part !== '').join(', ')} };
  });
}
`,
    statistics
      ? `
/** Pixels ${pixels} → the same shape, standardised. */
export function preprocess(images: tf.Tensor4D, statistics: Statistics): tf.Tensor4D {
  ${
    zca
      ? `const x = standardized(scaled(images)${ofChannels ? ', statistics' : ''});
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, ${size}]), statistics.zca), x.shape);`
      : `return ${standardized(program, 'scaled(images)')};`
  }
}
${
  zca
    ? `
/** Each channel by its own numbers; the whitening comes after. */
function standardized(x: tf.Tensor4D${ofChannels ? `, statistics: Omit<Statistics, 'zca'>` : ''}): tf.Tensor4D {
  return ${standardized(program, 'x')};
}
`
    : ''
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
