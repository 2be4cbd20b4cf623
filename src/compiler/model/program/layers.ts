/** Words of layers and what each of them is given: arguments, first values, penalties and bounds of their variables. A part of the Program's types (model/program.ts). */
import type { Layer, Shape } from '../program.ts';

export type ActivationWord =
  | 'relu' | 'relu6' | 'leaky_relu' | 'elu' | 'selu' | 'gelu' | 'silu' | 'mish' | 'hard_sigmoid' | 'hard_silu' | 'sigmoid' | 'tanh' | 'softplus' | 'softsign' | 'softmax';

export type LayerWord =
  | 'conv' | 'depthwise_conv' | 'separable_conv' | 'conv_transpose' | 'dense' | 'pool' | 'avg_pool' | 'global_avg_pool' | 'global_pool' | 'zero_pad' | 'cropping' | 'upsample'
  | 'batch_norm' | 'layer_norm' | 'group_norm' | 'dropout' | 'spatial_dropout' | 'gaussian_dropout' | 'gaussian_noise' | 'flatten' | 'reshape' | 'permute' | 'rescale' | 'prelu' | ActivationWord;

export type Pair = readonly [number, number];
export type Window = { readonly size: Pair; readonly stride: Pair; readonly padding: 'same' | 'valid' };
/** Top, bottom, left, right. */
export type Sides = readonly [number, number, number, number];

/** How the variables of a layer begin, what their size costs and what bounds them; null: nothing. A layer that is not trained keeps its weights. */
export type Weights<Names extends string> = { readonly [N in Names as `${N}_initializer`]: Initializer } & {
  readonly [N in Names as `${N}_regularizer`]: Regularizer | null;
} & { readonly [N in Names as `${N}_constraint`]: Constraint | null } & { readonly trainable: boolean };
/** Layers that end with a bias, an activation (null: none) and a penalty on what they give. */
export type Ended<Names extends string> = Weights<Names | 'bias'> & { readonly bias: boolean; readonly activation: ActivationWord | null; readonly activity_regularizer: Regularizer | null };
export type Norm = Weights<'gamma' | 'beta'> & { readonly epsilon: number; readonly center: boolean; readonly scale: boolean };

/** Layers that draw numbers while training; null: by the seed of the whole run. */
export type Drawn = { readonly seed: number | null };
export type Dropped = Drawn & { readonly rate: number; readonly bits: 8 | 16; readonly threshold: number; readonly keep: number };

/** The arguments of each layer word, all explicit. `activation` options are kept here and run inside the layer (null: none). */
export interface LayerArgsByWord {
  conv: Window & Ended<'kernel'> & { readonly filters: number; readonly dilation: Pair; readonly groups: number };
  depthwise_conv: Window & Ended<'depthwise'> & { readonly depth_multiplier: number; readonly dilation: Pair };
  separable_conv: Window & Ended<'depthwise' | 'pointwise'> & { readonly filters: number; readonly depth_multiplier: number; readonly dilation: Pair };
  /** output_padding null: as large as it may be with `same`, as large as it must be with `valid` (Keras). */
  conv_transpose: Window & Ended<'kernel'> & { readonly filters: number; readonly dilation: Pair; readonly output_padding: Pair | null };
  dense: Ended<'kernel'> & { readonly units: number };
  pool: Window;
  avg_pool: Window;
  global_avg_pool: { readonly keepdims: boolean };
  global_pool: { readonly keepdims: boolean };
  zero_pad: { readonly padding: Sides };
  cropping: { readonly cropping: Sides };
  upsample: { readonly size: Pair; readonly interpolation: 'nearest' | 'bilinear' };
  batch_norm: Norm & { readonly momentum: number; readonly moving_mean_initializer: Initializer; readonly moving_variance_initializer: Initializer };
  /** Over the last axis. */
  layer_norm: Norm;
  group_norm: Norm & { readonly groups: number };
  /** rate as asked; bits 8 where 256·rate is whole, else 16; threshold = round(rate·2^bits): an element is dropped where its random bits < threshold; kept ones are divided by keep = 1 − threshold/2^bits. */
  dropout: Dropped & { /** One draw serves where it is 1; null: each number has its own. */ readonly noise_shape: Shape | null };
  /** Whole channels; numbers as for dropout. */
  spatial_dropout: Dropped;
  /** Multiplies by N(1, rate / (1 − rate)). */
  gaussian_dropout: Drawn & { readonly rate: number };
  gaussian_noise: Drawn & { readonly stddev: number };
  flatten: Record<never, never>;
  /** One entry may be −1: what remains. */
  reshape: { readonly shape: readonly number[] };
  /** Keras's dims: axes from 1. */
  permute: { readonly dims: readonly number[] };
  rescale: { readonly scale: number; readonly offset: number };
  /** shared_axes from 1, as in Keras: axes along which one slope serves. */
  prelu: Weights<'alpha'> & { readonly shared_axes: readonly number[] };
  /** x above the threshold, negative_slope·(x − threshold) below, and no more than max_value (null: no bound). */
  relu: { readonly max_value: number | null; readonly negative_slope: number; readonly threshold: number };
  relu6: Record<never, never>;
  leaky_relu: { readonly negative_slope: number };
  elu: { readonly alpha: number };
  selu: Record<never, never>;
  gelu: Record<never, never>;
  silu: Record<never, never>;
  mish: Record<never, never>;
  hard_sigmoid: Record<never, never>;
  hard_silu: Record<never, never>;
  sigmoid: Record<never, never>;
  tanh: Record<never, never>;
  softplus: Record<never, never>;
  softsign: Record<never, never>;
  softmax: Record<never, never>;
}

export type LayerArgs = LayerArgsByWord[LayerWord];
export type ActivationArgs = Pick<LayerArgsByWord, ActivationWord>;

/** Numbers of an `activation=` option, which takes none: those of Keras's functions (leaky_relu's layer has .3, its function .2). */
export const activationOptionArgs: ActivationArgs = {
  relu: { max_value: null, negative_slope: 0, threshold: 0 }, relu6: {}, leaky_relu: { negative_slope: 0.2 }, elu: { alpha: 1 }, selu: {}, gelu: {}, silu: {}, mish: {}, hard_sigmoid: {}, hard_silu: {},
  sigmoid: {}, tanh: {}, softplus: {}, softsign: {}, softmax: {},
};

/** A layer of a known word: `asLayer(layer, 'conv').args.filters`. */
export type LayerOf<W extends LayerWord> = Omit<Layer, 'word' | 'args'> & { readonly word: W; readonly args: LayerArgsByWord[W] };

export function asLayer<W extends LayerWord>(layer: Layer, word: W): LayerOf<W> {
  if (layer.word !== word) throw new Error(`layer ${layer.name} is a ${layer.word}, not a ${word}`);
  return layer as unknown as LayerOf<W>;
}

/** Keras's initializers with their numbers; fans are computed from the variable's shape. */
export type Initializer =
  | { readonly kind: 'zeros' | 'ones' }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'glorot_uniform' | 'glorot_normal' | 'he_uniform' | 'he_normal' | 'lecun_uniform' | 'lecun_normal' }
  | { readonly kind: 'random_normal' | 'truncated_normal'; readonly mean: number; readonly stddev: number }
  | { readonly kind: 'random_uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'variance_scaling'; readonly scale: number; readonly mode: 'fan_in' | 'fan_out' | 'fan_avg'; readonly distribution: 'truncated_normal' | 'untruncated_normal' | 'uniform' }
  | { readonly kind: 'orthogonal'; readonly gain: number }
  | { readonly kind: 'identity'; readonly gain: number };

/** Added to the loss: l1·Σ|w| + l2·Σw²; or, of a matrix, the factor times the mean |cosine| between two of its rows or columns. */
export type Regularizer = { readonly l1: number; readonly l2: number } | { readonly orthogonal: number; readonly mode: 'rows' | 'columns' };

/** Applied to a variable after each step; norms along `axis` (Keras: 0 unless stated). */
export type Constraint =
  | { readonly kind: 'max_norm'; readonly max_value: number; readonly axis: readonly number[] }
  | { readonly kind: 'min_max_norm'; readonly min_value: number; readonly max_value: number; readonly rate: number; readonly axis: readonly number[] }
  | { readonly kind: 'unit_norm'; readonly axis: readonly number[] }
  | { readonly kind: 'non_neg' };

export interface Variable {
  /** `conv_1/kernel`: layer name, slash, Keras's variable name (kernel, bias, gamma, beta, moving_mean, moving_variance, depthwise_kernel, pointwise_kernel, alpha). */
  readonly name: string;
  /** Keras's layout: conv kernels HWIO, dense kernels [in, out]. */
  readonly shape: Shape;
  readonly initializer: Initializer;
  readonly trainable: boolean;
  /** Absent: none. */
  readonly regularizer?: Regularizer;
  readonly constraint?: Constraint;
}
