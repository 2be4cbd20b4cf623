/**
 * `layers.ts` of the generated code: the layers as functions of their input and variables, only those that are used.
 * Sources: Keras's layers for the meaning; the comments in the code say where tfjs 4.22 needs help.
 */
import type { Features, Presence } from './features.ts';
import { header, importLine, lines, tfjs } from './module.ts';
import { moreHelpers, needsWindow, normSource, windowSource } from './more-helpers.ts';
import type { MoreHelperName } from './more-helpers.ts';

export type HelperName =
  | 'conv' | 'dense' | 'batchNorm' | 'dropout' | 'flatten' | 'globalAveragePool' | 'globalMaxPool' | 'averagePoolSame'
  | 'elu' | 'selu' | 'gelu' | 'silu' | 'hardSigmoid' | 'softsign' | MoreHelperName;

/** A member that all, some or none of the layers have. */
const member = (presence: Presence, name: string): string =>
  presence === 'none' ? '' : `readonly ${name}${presence === 'some' ? '?' : ''}: tf.Variable<tf.Rank.R1>;`;

const convType = ({ convBias }: Pick<Features, 'convBias'>): string => `
/** A convolution's variables: a kernel [height, width, input channels, filters]${convBias === 'none' ? '' : ' and a bias [filters]'}. */
export interface Conv {
  readonly kernel: tf.Variable<tf.Rank.R4>;
  ${member(convBias, 'bias')}
}
`;

function convSource({ convBias, dilation, stride, same }: Features): string {
  const options = [
    ...(stride ? ['readonly stride?: number | [number, number];'] : []),
    ...(same ? ["readonly padding?: 'valid' | 'same';"] : []),
    ...(dilation ? ['readonly dilation?: [number, number];'] : []),
  ];
  const names = [...(stride ? ['stride = 1'] : []), ...(same ? ["padding = 'valid'"] : []), ...(dilation ? ['dilation = [1, 1]'] : [])];
  const parameter = options.length > 0 ? `, { ${names.join(', ')} }: ConvOptions = {}` : '';
  const kernel = dilation ? 'spread(kernel, dilation)' : 'kernel';
  const call = `tf.conv2d(x, ${kernel}, ${stride ? 'stride' : '1'}, ${same ? 'padding' : "'valid'"})`;
  return `${convType({ convBias })}
${options.length > 0 ? `\nexport interface ConvOptions { ${options.join(' ')} }\n` : ''}
/** Cross-correlation of [n, h, w, c] with the kernel${convBias === 'none' ? '' : ', plus the bias'}. */
export function conv(x: tf.Tensor4D, { kernel${convBias === 'none' ? '' : ', bias'} }: Conv${parameter}): tf.Tensor4D {
  ${biased(convBias, call, 'tf.Tensor4D')}
}
`;
}

const biased = (presence: Presence, call: string, type: string): string => {
  if (presence === 'none') return `return ${call};`;
  if (presence === 'all') return `return tf.add(${call}, bias);`;
  return `const y: ${type} = ${call};\n  return bias ? tf.add(y, bias) : y;`;
};

const denseSource = ({ denseBias }: Features): string => `
/** A dense layer's variables: a kernel [inputs, units]${denseBias === 'none' ? '' : ' and a bias [units]'}. */
export interface Dense {
  readonly kernel: tf.Variable<tf.Rank.R2>;
  ${member(denseBias, 'bias')}
}

/** [n, inputs] → [n, units] */
export function dense(x: tf.Tensor2D, { kernel${denseBias === 'none' ? '' : ', bias'} }: Dense): tf.Tensor2D {
  ${biased(denseBias, 'tf.matMul(x, kernel)', 'tf.Tensor2D')}
}
`;

function batchNormSource({ normScale, normCenter }: Features): string {
  const has = (presence: Presence, name: string): readonly string[] => (presence === 'none' ? [] : [name]);
  const names = [...has(normScale, 'gamma'), ...has(normCenter, 'beta'), 'movingMean', 'movingVariance'];
  // The gradient of tf.batchNorm needs both.
  const given = (presence: Presence, name: string, otherwise: string): string => (presence === 'all' ? name : presence === 'some' ? `${name} ?? ${otherwise}` : otherwise);
  const affine = `${given(normCenter, 'beta', 'tf.zerosLike(mean)')}, ${given(normScale, 'gamma', 'tf.onesLike(mean)')}`;
  return `
/** Batch normalization's variables, each [channels]; the moving statistics are not trained. */
export interface BatchNorm {
  ${member(normScale, 'gamma')}
  ${member(normCenter, 'beta')}
  readonly movingMean: tf.Variable<tf.Rank.R1>;
  readonly movingVariance: tf.Variable<tf.Rank.R1>;
}

/** Normalises each channel: in training by the batch's mean and (biased) variance, which also move the statistics; otherwise by those. */
export function batchNorm<T extends tf.Tensor>(
  x: T,
  { ${names.join(', ')} }: BatchNorm,
  mode: Mode,
  { momentum = 0.99, epsilon = 0.001 }: { readonly momentum?: number; readonly epsilon?: number } = {},
): T {
  const normalize = (mean: tf.Tensor1D, variance: tf.Tensor1D): T => tf.batchNorm(x as tf.Tensor, mean, variance, ${affine}, epsilon) as T;
  if (!mode.training) return normalize(movingMean, movingVariance);
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const { mean, variance } = tf.moments(x, axes) as { mean: tf.Tensor1D; variance: tf.Tensor1D };
  move(movingMean, mean, momentum);
  move(movingVariance, variance, momentum);
  return normalize(mean, variance);
}

/** moving ← moving · momentum + batch · (1 − momentum) */
function move(moving: tf.Variable<tf.Rank.R1>, batch: tf.Tensor1D, momentum: number): void {
  moving.assign(tf.add(tf.mul(moving, momentum), tf.mul(batch, 1 - momentum)));
}
`;
}

/** The text of the module. */
export function layersModule(uses: ReadonlySet<HelperName>, features: Features): string {
  const sources: { readonly [H in HelperName]: string } = {
    ...moreHelpers(uses.has('spread')),
    conv: convSource(features),
    dense: denseSource(features),
    batchNorm: batchNormSource(features),
    dropout: dropoutSource,
    flatten: `
/** [n, …] → [n, the rest in row-major order] */
export const flatten = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [x.shape[0], x.size / x.shape[0]]);
`,
    globalAveragePool: `
/** [n, h, w, c] → [n, c] */
export const globalAveragePool = (x: tf.Tensor4D): tf.Tensor2D => tf.mean(x, [1, 2]);
`,
    globalMaxPool: `
/** [n, h, w, c] → [n, c]. Equal maxima share the gradient; that of tf.max goes to each of them in full. */
export function globalMaxPool(x: tf.Tensor4D): tf.Tensor2D {
  // 1 at each maximum, 0 elsewhere; tf.step lets no gradient through.
  const hits: tf.Tensor4D = tf.sub(1, tf.step(tf.sub(tf.max(x, [1, 2], true), x)));
  const sums: tf.Tensor2D = tf.sum(tf.mul(x, hits), [1, 2]);
  return tf.div(sums, tf.sum(hits, [1, 2]));
}
`,
    averagePoolSame: `
/** Average pooling with 'same' padding, which is not counted. (tfjs's own has a wrong gradient at the borders.) */
export function averagePoolSame(x: tf.Tensor4D, size: [number, number], stride: [number, number]): tf.Tensor4D {
  const borders = ([1, 2] as const).map((axis, i): [number, number] => {
    const missing = Math.max((Math.ceil(x.shape[axis] / stride[i]) - 1) * stride[i] + size[i] - x.shape[axis], 0);
    return [Math.floor(missing / 2), Math.ceil(missing / 2)];
  });
  const average = (y: tf.Tensor4D): tf.Tensor4D => tf.avgPool(tf.pad(y, [[0, 0], borders[0], borders[1], [0, 0]]), size, stride, 'valid');
  return tf.div(average(x), average(tf.onesLike(x)));
}
`,
    elu: `
/** x above 0, alpha · (eˣ − 1) below. (tf.elu has no alpha.) */
export const elu = <T extends tf.Tensor>(x: T, alpha: number): T => tf.add(tf.relu(x), tf.mul(alpha, tf.expm1(tf.minimum(x, 0))));
`,
    selu: `
/** At 0 its slope is that of positive values, as TensorFlow's; the gradient of tf.selu takes the other one. */
export function selu<T extends tf.Tensor>(x: T): T {
  const [scale, alpha] = [1.0507009873554805, 1.6732632423543772];
  const below: T = tf.mul(tf.expm1(tf.minimum(x, 0)), scale * alpha);
  return tf.where(tf.greaterEqual(x, 0), tf.mul(x, scale), below);
}
`,
    gelu: `
/** x · Φ(x), exactly: not the approximation by tanh. */
export const gelu = <T extends tf.Tensor>(x: T): T => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
`,
    silu: `
export const silu = <T extends tf.Tensor>(x: T): T => tf.mul(x, tf.sigmoid(x));
`,
    hardSigmoid: `
/** As Keras 3: relu6(x + 3) / 6. */
export const hardSigmoid = <T extends tf.Tensor>(x: T): T => tf.div(tf.relu6(tf.add(x, 3)), 6);
`,
    softsign: `
export const softsign = <T extends tf.Tensor>(x: T): T => tf.div(x, tf.add(tf.abs(x), 1));
`,
  };
  const used = (Object.keys(sources) as HelperName[]).filter((name) => uses.has(name));
  return lines(
    header('The layers of the network as functions.'),
    tfjs,
    features.dropout && importLine('./random.ts', uses.has('seeded') ? ['seededRandom'] : [], ['Random']),
    modeSource(features),
    uses.has('groupedConv') && !uses.has('conv') && convType(features),
    needsWindow(uses) && windowSource(uses.has('spread')),
    (uses.has('layerNorm') || uses.has('groupNorm')) && normSource,
    ...used.map((name) => sources[name]),
  );
}

function modeSource({ mode, dropout }: Features): string {
  if (!mode) return '';
  const training = dropout ? '{ readonly training: true; readonly random: Random }' : '{ readonly training: true }';
  return `
/** Layers that behave otherwise in training are told so. */
export type Mode = { readonly training: false } | ${training};

export const inference: Mode = { training: false };
`;
}

const dropoutSource = `
/** In training, sets elements to 0 with probability \`rate\` and scales the others up, so that the expected sum stays. */
export function dropout<T extends tf.Tensor>(x: T, rate: number, mode: Mode): T {
  if (!mode.training) return x;
  const kept = tf.greaterEqual(mode.random.tensor(x.shape), rate);
  return tf.div(tf.mul(x, tf.cast(kept, 'float32')), 1 - rate);
}
`;
