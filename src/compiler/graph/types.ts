/**
 * The graph: a pure, typed tensor program. Operations are at kernel level with our own semantics,
 * channels last, conv kernels HWIO. Backends translate it; `interpret` runs it in float64.
 *
 * The batch dimension is `BATCH` (−1) and stands first wherever it stands. All other dimensions are known.
 */
export const BATCH = -1;

export type DType = 'float32' | 'bfloat16' | 'int32' | 'uint8' | 'bool';
/** Bytes of an element. */
export const byteWidth: Readonly<Record<DType, number>> = { float32: 4, bfloat16: 2, int32: 4, uint8: 1, bool: 1 };
/** Operations on real numbers take either, all of one; what they give has the type of what they take. Whatever crosses the graph's border is float32. */
export type FloatType = 'float32' | 'bfloat16';
export const isFloat = (dtype: DType): dtype is FloatType => dtype === 'float32' || dtype === 'bfloat16';

export interface TensorType {
  readonly dtype: DType;
  /** −1 only at index 0. [] is a scalar. */
  readonly shape: readonly number[];
}

/** One output of one operation. */
export interface Value extends TensorType {
  readonly node: Operation;
  readonly index: number;
}

export interface Operation<K extends OpName = OpName> {
  readonly id: number;
  readonly op: K;
  readonly inputs: readonly Value[];
  readonly attrs: Attrs<K>;
  readonly outputs: readonly Value[];
  /** For humans and profiles: `conv_1`, `adam/conv_1`. Not unique. */
  readonly label: string;
}

export type OpName = keyof OpAttrs;
export type Attrs<K extends OpName> = OpAttrs[K];

export type UnaryFunction =
  | 'neg' | 'exp' | 'log' | 'log1p' | 'sqrt' | 'rsqrt' | 'square' | 'abs' | 'sign' | 'floor' | 'sin' | 'cos' | 'erf' | 'reciprocal'
  | 'relu' | 'relu6' | 'elu' | 'selu' | 'softplus' | 'softsign' | 'sigmoid' | 'tanh';
/** Gradients TensorFlow has kernels for. `(dy, t)`: t is the output y for relu, relu6, elu, selu, sigmoid, tanh; the input x for softplus, softsign. */
export type GradFunction = 'relu' | 'relu6' | 'elu' | 'selu' | 'softplus' | 'softsign' | 'sigmoid' | 'tanh';
export type BinaryFunction = 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum' | 'pow' | 'squaredDifference';
export type CompareFunction = 'greater' | 'greaterEqual' | 'less' | 'lessEqual' | 'equal' | 'notEqual';

/** Top, bottom, left, right. */
export type Sides = readonly [number, number, number, number];

export interface WindowAttrs {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  /** As TensorFlow: SAME pads more at the end; average pools do not count padding. */
  readonly padding: 'same' | 'valid';
}
export interface ConvAttrs {
  readonly stride: readonly [number, number];
  readonly padding: 'same' | 'valid';
  readonly dilation: readonly [number, number];
}

/**
 * Every operation: its attributes, and in the comment `(inputs) → outputs`. N is the batch.
 * Elementwise binary operations broadcast as NumPy does.
 */
export interface OpAttrs {
  /** () → t. A value fed at each call. */
  input: { readonly name: string; readonly type: TensorType };
  /** () → t. The value of a variable at the start of the call. */
  variable: { readonly name: string; readonly type: TensorType };
  /** () → t. Little constants only. Row-major. */
  constant: { readonly type: TensorType; readonly values: readonly number[] };

  unary: { readonly fn: UnaryFunction };
  /** (dy, t) → dx; see GradFunction. */
  unaryGrad: { readonly fn: GradFunction };
  leakyRelu: { readonly slope: number };
  /** (dy, x) → dx */
  leakyReluGrad: { readonly slope: number };
  binary: { readonly fn: BinaryFunction };
  /** (a, b) → bool */
  compare: { readonly fn: CompareFunction };
  /** (a, b) bool → bool */
  logical: { readonly fn: 'and' | 'or' };
  /** (condition bool, a, b) → a where condition else b; the condition has the shape of the result. */
  select: Record<never, never>;
  /** To bfloat16: the nearest one, ties to even. */
  cast: { readonly to: DType };
  /** (x) → x, no gradient flows back. */
  stopGradient: Record<never, never>;

  /** shape may hold BATCH at index 0. */
  reshape: { readonly shape: readonly number[] };
  transpose: { readonly perm: readonly number[] };
  /** (x1 [.., C1], x2 [.., C2], …) → [.., ΣC]: joined along the last axis, which is not the batch. */
  concat: Record<never, never>;
  /** (x [.., C]) → [.., size]: that much of the last axis, from `start`. */
  slice: { readonly start: number; readonly size: number };
  /** (x, like) → x reduced by summation to the shape of like (the reverse of broadcasting); no gradient needed. */
  sumToShape: Record<never, never>;
  /** (x, like) → x broadcast to the shape of like. */
  broadcastLike: Record<never, never>;
  /** Axes are non-negative, ascending. Mean and sum over an unknown batch divide by what is there at run time. */
  reduce: { readonly fn: 'sum' | 'mean' | 'max'; readonly axes: readonly number[]; readonly keepDims: boolean };
  /** (x) → int32 scalar: the size of dimension 0 at run time. */
  batchSize: Record<never, never>;
  /** (x [.., C]) → int32 [..]: index of the first maximum along the last axis. */
  argMax: Record<never, never>;
  /** (predictions [N,C], targets int32 [N]) → bool [N]: TensorFlow's InTopK (ties at the boundary count as in). */
  inTopK: { readonly k: number };
  /** (int32 [N]) → float32 [N, depth] */
  oneHot: { readonly depth: number };

  /** (a [M,K], b [K,P]) → [M,P] after the transposes asked for. */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  /** (x [.., C], b [C]) → x + b */
  biasAdd: Record<never, never>;
  /** (dy [.., C]) → [C]: sum over all but the last axis */
  biasAddGrad: Record<never, never>;
  /** (x NHWC, w HWIO) → NHWC, cross-correlation as in Keras */
  conv2d: ConvAttrs;
  /** (dy, w, xLike) → dx; xLike gives the shape only */
  conv2dInputGrad: ConvAttrs;
  /** (x, dy) → dw; the filter's shape is given */
  conv2dFilterGrad: ConvAttrs & { readonly filterShape: readonly [number, number, number, number] };
  /** (x [N,H,W,I], w [h,w,O,I]) → [N, …size, O]: what conv2d's gradient by its input gives, with x in the place of dy. Keras's Conv2DTranspose. */
  conv2dTranspose: ConvAttrs & { readonly size: readonly [number, number] };
  /** (x NHWC, w [h,w,C,M]) → [N,H',W',C·M]: each channel on its own; output c·M+m. One stride for both axes, and not with a dilation. */
  depthwiseConv2d: ConvAttrs;
  /** (dy, w, xLike) → dx; xLike gives the shape only */
  depthwiseInputGrad: ConvAttrs;
  /** (x, dy) → dw; the filter's shape is given */
  depthwiseFilterGrad: ConvAttrs & { readonly filterShape: readonly [number, number, number, number] };
  /** (x NHWC) → zeros around it. Sides are top, bottom, left, right. */
  pad: { readonly sides: Sides };
  /** (x NHWC) → without its edges. */
  crop: { readonly sides: Sides };
  /** (x NHWC) → [N, H·size[0], W·size[1], C], bilinear with the centres of pixels at halves, edges repeated (ResizeBilinear, half_pixel_centers). */
  upsampleBilinear: { readonly size: readonly [number, number] };
  /** (dy) → dx */
  upsampleBilinearGrad: { readonly size: readonly [number, number] };
  maxPool: WindowAttrs;
  /** (x, y, dy) → dx, to the first maximum in each window */
  maxPoolGrad: WindowAttrs;
  avgPool: WindowAttrs;
  /** (dy, xLike) → dx */
  avgPoolGrad: WindowAttrs;
  /** (x [..,C], gamma [C], beta [C]) → y, mean [C], variance [C] (biased, over all but the last axis). All that is per channel is float32, also where x is bfloat16; so with its kin. */
  batchNormTrain: { readonly epsilon: number };
  /** (dy, x, gamma, mean, variance) → dx, dgamma, dbeta */
  batchNormTrainGrad: { readonly epsilon: number };
  /** (x, gamma, beta, mean, variance) → y */
  batchNormInference: { readonly epsilon: number };

  /** (x [N,C]) → along the last axis */
  softmax: Record<never, never>;
  logSoftmax: Record<never, never>;
  /** (logits [N,C], targets [N,C]) → loss [N], backprop [N,C] = softmax·Σtargets − targets. No gradient to the targets. TensorFlow's kernel gives softmax − targets: the same where targets sum to 1. */
  softmaxCrossEntropy: Record<never, never>;
  /** (logits [N,C], labels int32 [N]) → loss [N], backprop [N,C] */
  sparseSoftmaxCrossEntropy: Record<never, never>;

  /**
   * (key int32 [2], step int32 [], like [N,…]) → bool of like's shape: true where the element is kept.
   * Philox4x32-10: key words are key[0] (low) and key[1] (high); the 128-bit counter is words
   * [block low, block high, step, stream]; each block of counter gives four uint32, taken in order, each as 4 bytes
   * (bits 8) or 2 halves (bits 16), little-endian. Kept where bits ≥ threshold. Equal to TensorFlow's
   * StatelessRandomUniformFullIntV2(alg = 1) with key = key words and counter = [0, stream·2³² + step], bitcast.
   */
  dropoutMask: { readonly bits: 8 | 16; readonly threshold: number; readonly stream: number };
  /** (key, step, like [N,…]) → float32 of like's shape: (u + ½) / 2^16 with u the 16-bit draws of `dropoutMask`: uniform in (0, 1). */
  uniform: { readonly stream: number };
  /** (x, mask bool) → x / keep where mask, else 0. Gradient: the same operation on dy. */
  applyMask: { readonly keep: number };

  /**
   * (images float32 [N,H,W,C], transforms float32 [N,8]) → the same shape. Output pixel (x, y) takes the input at
   * ((a0·x + a1·y + a2)/k, (a3·x + a4·y + a5)/k), k = a6·x + a7·y + 1; ImageProjectiveTransformV3. No gradient.
   */
  warp: { readonly interpolation: 'bilinear' | 'nearest'; readonly fill: 'nearest' | 'constant' | 'reflect' | 'wrap'; readonly fillValue: number };

  /**
   * Fused optimizer steps, so that a backend may use its fused kernel. Scalars are float32 [].
   * adamUpdate (w, m, v, g, lr, step) → w', m', v' with Keras's form: α = lr·√(1−β2^t)/(1−β1^t); w' = w − α·m'/(√v' + ε). step t counts from 1.
   */
  adamUpdate: { readonly beta1: number; readonly beta2: number; readonly epsilon: number };
  /** (w, g, lr) → w' */
  sgdUpdate: Record<never, never>;
  /** (w, m, g, lr) → w', m': m' = μm − lr·g; w' = w + m', or w + μm' − lr·g with nesterov (Keras). */
  momentumUpdate: { readonly momentum: number; readonly nesterov: boolean };
}

/** State the graph reads and writes. */
export interface GraphVariable {
  /** `conv_1/kernel`; slots `adam/m/conv_1/kernel`; statistics `preprocess/mean`. */
  readonly name: string;
  readonly type: TensorType;
  /** weight: trained or moving statistics of a layer, saved in weights.npz; slot: optimizer state; statistic: featurewise numbers from the training part. */
  readonly role: 'weight' | 'slot' | 'statistic';
  /** What every element of a slot starts with; absent: 0. */
  readonly initial?: number;
}

/** One entry point. Pure: outputs and updates are functions of inputs and variables at the start of the call. */
export interface GraphFunction {
  readonly name: 'train' | 'evaluate' | 'predict';
  readonly inputs: readonly Value[];
  readonly outputs: Readonly<Record<string, Value>>;
  /** New values of variables, all computed from the old ones. */
  readonly updates: readonly { readonly variable: string; readonly value: Value }[];
}

/**
 * The whole: what a backend gets. Inputs by name:
 *  - `x` uint8 or float32 [N,H,W,C]; `y` int32 [N] for classes, float32 [N,K] for binary (K = 1), multilabel and values
 *  - train only: `weights` float32 [N], factors of the losses, where the program weighs samples; `transforms` float32 [N,8] when the program warps; `key` int32 [2] and `step` int32 [] (from 1); `lr` float32 []
 * Outputs: train and evaluate give `sums`, a float32 row: for the loss and each metric in the program's order its accumulators, summed over
 * the samples of the batch. Most have one, whose epoch mean is Σ sums / Σ N; of others an epoch's value is made of all of theirs
 * (`metrics/finish.ts`), as Keras's streaming metrics do. predict gives `y` float32 [N,K].
 * train also gives `finite` float32 []: 1 when the loss is finite.
 */
export interface TrainingGraph {
  readonly variables: readonly GraphVariable[];
  readonly train: GraphFunction;
  readonly evaluate: GraphFunction;
  readonly predict: GraphFunction;
}
