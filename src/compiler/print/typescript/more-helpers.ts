/** More layers as functions in generated code: convolutions of single channels and backwards, norms of each sample, noise, sizes, slopes. */

export type MoreHelperName =
  | 'spread' | 'groupedConv' | 'depthwiseConv' | 'separableConv' | 'convTranspose' | 'upsample' | 'upsampleBilinear' | 'layerNorm' | 'groupNorm' | 'spatialDropout' | 'normal' | 'gaussianDropout'
  | 'gaussianNoise' | 'prelu' | 'penalized' | 'sharedDropout' | 'boundedRelu' | 'seeded';

/** Used by other helpers only. */
export const internalHelpers: ReadonlySet<string> = new Set<MoreHelperName>(['spread', 'normal']);

const windowed: readonly string[] = ['groupedConv', 'depthwiseConv', 'separableConv', 'convTranspose'];
export const needsWindow = (uses: ReadonlySet<string>): boolean => windowed.some((name) => uses.has(name));

export const windowSource = (dilated: boolean): string => `
/** How a window moves: one number or [down, across]. */
export interface WindowOptions { readonly stride?: number | [number, number]; readonly padding?: 'valid' | 'same';${dilated ? ' readonly dilation?: [number, number];' : ''} }
`;

/** tfjs has no gradient for dilated convolutions. */
const spread = `
/**
 * The kernel with zeros between its elements: a dilated convolution is an ordinary one with this kernel.
 * (tfjs cannot differentiate its own \`dilations\`.)
 */
function spread(kernel: tf.Tensor4D, [down, across]: [number, number]): tf.Tensor4D {
  const [height, width, inputs, filters] = kernel.shape;
  const rows = tf.pad(tf.reshape(kernel, [height, 1, width * inputs * filters]), [[0, 0], [0, down - 1], [0, 0]]);
  const columns = tf.pad(tf.reshape(rows, [height * down, width, 1, inputs * filters]), [[0, 0], [0, 0], [0, across - 1], [0, 0]]);
  const spaced: tf.Tensor4D = tf.reshape(columns, [height * down, width * across, inputs, filters]);
  return tf.slice(spaced, [0, 0, 0, 0], [(height - 1) * down + 1, (width - 1) * across + 1, inputs, filters]);
}
`;

const names = (dilated: boolean): string => `{ stride = 1, padding = 'valid'${dilated ? ', dilation = [1, 1]' : ''} }: WindowOptions = {}`;
const wide = (kernel: string, dilated: boolean): string => (dilated ? `spread(${kernel}, dilation)` : kernel);

export const moreHelpers = (dilated: boolean): { readonly [H in MoreHelperName]: string } => ({
  spread,
  groupedConv: `
/** Groups of channels convolved apart, each into its part of the filters. */
export function groupedConv(x: tf.Tensor4D, variables: Conv, groups: number, ${names(dilated)}): tf.Tensor4D {
  const kernels: tf.Tensor4D[] = tf.split(${wide('variables.kernel', dilated)}, groups, 3);
  const images: tf.Tensor4D[] = tf.split(x, groups, 3);
  const y: tf.Tensor4D = tf.concat(images.map((image, i): tf.Tensor4D => tf.conv2d(image, kernels[i], stride, padding)), 3);
  return 'bias' in variables && variables.bias ? tf.add(y, variables.bias as tf.Tensor) : y;
}
`,
  depthwiseConv: `
/** A kernel [height, width, channels, multiplier] and a bias. */
export interface Depthwise {
  readonly kernel: tf.Variable<tf.Rank.R4>;
  readonly bias?: tf.Variable<tf.Rank.R1>;
}

/** Each channel convolved on its own. */
export function depthwiseConv(x: tf.Tensor4D, { kernel, bias }: Depthwise, ${names(dilated)}): tf.Tensor4D {
  const y = tf.depthwiseConv2d(x, ${wide('kernel', dilated)}, stride, padding);
  return bias ? tf.add(y, bias) : y;
}
`,
  separableConv: `
/** Kernels [height, width, channels, multiplier] and [1, 1, channels · multiplier, filters], and a bias. */
export interface Separable {
  readonly depthwiseKernel: tf.Variable<tf.Rank.R4>;
  readonly pointwiseKernel: tf.Variable<tf.Rank.R4>;
  readonly bias?: tf.Variable<tf.Rank.R1>;
}

/** Each channel on its own, then all channels of each pixel. */
export function separableConv(x: tf.Tensor4D, { depthwiseKernel, pointwiseKernel, bias }: Separable, ${names(dilated)}): tf.Tensor4D {
  const channels: tf.Tensor4D = tf.depthwiseConv2d(x, ${wide('depthwiseKernel', dilated)}, stride, padding);
  const y = tf.conv2d(channels, pointwiseKernel, 1, 'valid');
  return bias ? tf.add(y, bias) : y;
}
`,
  convTranspose: `
/** A kernel [height, width, filters, input channels] and a bias. */
export interface Transposed {
  readonly kernel: tf.Variable<tf.Rank.R4>;
  readonly bias?: tf.Variable<tf.Rank.R1>;
}

/** A convolution backwards, to an image of height and width. */
export function convTranspose(x: tf.Tensor4D, { kernel, bias }: Transposed, [height, width]: [number, number], ${names(dilated)}): tf.Tensor4D {
  const y = tf.conv2dTranspose(x, ${wide('kernel', dilated)} as tf.Tensor4D, [x.shape[0], height, width, kernel.shape[2]], stride, padding);
  return bias ? tf.add(y, bias) : y;
}
`,
  upsample: `
/** Each pixel as a block of equal ones. */
export function upsample(x: tf.Tensor4D, [down, across]: [number, number]): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  const rows = tf.mul(tf.reshape(x, [n * h, 1, w, c]), tf.ones([1, down, 1, 1]));
  const blocks = tf.mul(tf.reshape(rows, [n * h * down, w, 1, c]), tf.ones([1, 1, across, 1]));
  return tf.reshape(blocks, [n, h * down, w * across, c]);
}
`,
  upsampleBilinear: `
/** Blends pixels, whose centres are at halves. (tf.image.resizeBilinear has no gradient for that.) */
export function upsampleBilinear(x: tf.Tensor4D, [down, across]: [number, number]): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  const rows = tf.matMul(blend(h, down), tf.reshape(tf.transpose(x, [1, 0, 2, 3]), [h, n * w * c]));
  const turned = tf.transpose(tf.reshape(rows, [h * down, n, w, c]), [2, 1, 0, 3]);
  const columns = tf.matMul(blend(w, across), tf.reshape(turned, [w, n * h * down * c]));
  return tf.transpose(tf.reshape(columns, [w * across, n, h * down, c]), [1, 2, 0, 3]);
}

/** What each place of the larger axis takes of those of the smaller one: [size · factor, size]. */
function blend(size: number, factor: number): tf.Tensor2D {
  const rows = Array.from({ length: size * factor }, (_, i) => {
    const row = new Array<number>(size).fill(0);
    const at = (i + 0.5) / factor - 0.5;
    const low = Math.floor(at);
    row[Math.max(low, 0)] += 1 - (at - low);
    row[Math.min(low + 1, size - 1)] += at - low;
    return row;
  });
  return tf.tensor2d(rows);
}
`,
  layerNorm: `
/** Normalises the channels of each place. */
export function layerNorm<T extends tf.Tensor>(x: T, norm: Norm, epsilon = 0.001): T {
  return affine(normalized(x, [x.rank - 1], epsilon), norm);
}
`,
  groupNorm: `
/** Normalises groups of channels of each picture. */
export function groupNorm<T extends tf.Tensor>(x: T, norm: Norm, groups: number, epsilon = 0.001): T {
  const channels = x.shape[x.rank - 1];
  const apart = tf.reshape(x, [x.shape[0], -1, groups, channels / groups]);
  return affine(tf.reshape(normalized(apart, [1, 3], epsilon), x.shape) as T, norm);
}
`,
  spatialDropout: `
/** In training, drops whole channels of each picture. */
export function spatialDropout(x: tf.Tensor4D, rate: number, mode: Mode): tf.Tensor4D {
  if (!mode.training) return x;
  const kept = tf.greaterEqual(mode.random.tensor([x.shape[0], 1, 1, x.shape[3]]), rate);
  return tf.div(tf.mul(x, tf.cast(kept, 'float32')), 1 - rate);
}
`,
  sharedDropout: `
/** In training, drops elements; one draw serves along each dimension where \`shape\`, which is without the batch, is 1. */
export function sharedDropout<T extends tf.Tensor>(x: T, rate: number, mode: Mode, shape: number[]): T {
  if (!mode.training) return x;
  const kept = tf.greaterEqual(mode.random.tensor([x.shape[0], ...shape]), rate);
  return tf.div(tf.mul(x, tf.cast(kept, 'float32')), 1 - rate);
}
`,
  seeded: `
const ownNumbers = new Map<string, Random>();

/** The mode of a layer that draws by a seed of its own: its numbers go on from call to call. */
export function seeded(mode: Mode, layer: string, seed: number): Mode {
  if (!mode.training) return mode;
  const random = ownNumbers.get(layer) ?? seededRandom(seed);
  ownNumbers.set(layer, random);
  return { ...mode, random };
}
`,
  boundedRelu: `
/** x above the threshold and up to \`most\`; below it a line of this slope. */
export function boundedRelu<T extends tf.Tensor>(x: T, { most = Infinity, slope = 0, threshold = 0 }: { most?: number; slope?: number; threshold?: number }): T {
  // tf.step is 1 above 0 and lets no gradient through.
  const above = tf.minimum(tf.mul(x, tf.step(tf.sub(x, threshold))), most);
  return tf.sub(above, tf.mul(tf.relu(tf.sub(threshold, x)), slope));
}
`,
  normal: `
/** Normal numbers of a shape (Box and Muller 1958). */
function normal(shape: number[], random: Random): tf.Tensor {
  const radius = tf.sqrt(tf.mul(tf.log(tf.sub(1, random.tensor(shape))), -2));
  return tf.mul(radius, tf.cos(tf.mul(random.tensor(shape), 2 * Math.PI)));
}
`,
  gaussianDropout: `
/** In training, multiplies by normal numbers around 1. */
export function gaussianDropout<T extends tf.Tensor>(x: T, rate: number, mode: Mode): T {
  if (!mode.training) return x;
  return tf.mul(x, tf.add(tf.mul(normal(x.shape, mode.random), Math.sqrt(rate / (1 - rate))), 1));
}
`,
  gaussianNoise: `
/** In training, adds normal numbers around 0. */
export function gaussianNoise<T extends tf.Tensor>(x: T, stddev: number, mode: Mode): T {
  return mode.training ? tf.add(x, tf.mul(normal(x.shape, mode.random), stddev)) : x;
}
`,
  prelu: `
export interface Slopes {
  readonly alpha: tf.Variable;
}

/** Negative values times a trained slope. */
export const prelu = <T extends tf.Tensor>(x: T, { alpha }: Slopes): T => tf.sub(tf.relu(x), tf.mul(alpha as tf.Tensor, tf.relu(tf.neg(x))));
`,
  penalized: `
/** What layers' outputs cost in the loss: numbers of each sample, [n], added as the network runs. */
export type Costs = tf.Tensor1D[];

/**
 * Gives x on, and adds what it costs: l1 · Σ|x| + l2 · Σx² of each sample.
 * \`of\`: where x is penalised as what it is after an activation that comes later.
 */
export function penalized<T extends tf.Tensor>(x: T, costs: Costs, { l1 = 0, l2 = 0 }: { readonly l1?: number; readonly l2?: number }, of = (y: T): T => y): T {
  const y = of(x);
  // |y| as y · sign y: at 0 its gradient is 0, that of tf.abs is −1.
  const each = tf.add(tf.mul(tf.mul(y, tf.sign(y)), l1), tf.mul(tf.square(y), l2));
  costs.push(tf.sum(tf.reshape(each, [x.shape[0], -1]), 1));
  return x;
}
`,
});

/** What layerNorm and groupNorm share. */
export const normSource = `
/** A trained scale and shift of each channel. */
export interface Norm {
  readonly gamma?: tf.Variable<tf.Rank.R1>;
  readonly beta?: tf.Variable<tf.Rank.R1>;
}

function normalized<T extends tf.Tensor>(x: T, axes: number[], epsilon: number): T {
  const centred = tf.sub(x, tf.mean(x, axes, true)) as T;
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon)));
}

function affine<T extends tf.Tensor>(x: T, { gamma, beta }: Norm): T {
  const scaled: T = gamma ? tf.mul(x, gamma as tf.Tensor) : x;
  return beta ? tf.add(scaled, beta as tf.Tensor) : scaled;
}
`;
