/** The Program of model/program.ts as a schema for JSON from outside; afterwards `verify` proves that it fits together. */
import type { Augment, ColourWord, Compile, CsvSource, Fit, LayerArgsByWord, LayerWord, Loss, Metric, Optimizer, PlainLoss, Schedule } from '../../compiler/model/program.ts';
import { mostLayers, mostNested } from '../../compiler/model/tree.ts';
import { choice, finite, flag, fraction, list, oneOf, optional, orNull, pair, record, text, whole, type Check } from './schema.ts';

const size = whole(1, 65_536);
const seed = whole(0, Number.MAX_SAFE_INTEGER);
const units = whole(1, 100_000_000);
const shape = list(units, 0, 8);
const span = record({ file: text, start: whole(0, 1e9), end: whole(0, 1e9) });
const none = record({});

const activation = orNull(oneOf('relu', 'relu6', 'leaky_relu', 'elu', 'selu', 'gelu', 'silu', 'mish', 'hard_sigmoid', 'hard_silu', 'sigmoid', 'tanh', 'softplus', 'softsign', 'softmax'));
const plain = record({ kind: text });
const normal = record({ kind: text, mean: finite, stddev: finite });
const initializer = choice('kind', {
  zeros: plain, ones: plain, glorot_uniform: plain, glorot_normal: plain, he_uniform: plain, he_normal: plain, lecun_uniform: plain, lecun_normal: plain,
  constant: record({ kind: text, value: finite }),
  random_normal: normal,
  truncated_normal: normal,
  random_uniform: record({ kind: text, low: finite, high: finite }),
  variance_scaling: record({ kind: text, scale: finite, mode: oneOf('fan_in', 'fan_out', 'fan_avg'), distribution: oneOf('truncated_normal', 'untruncated_normal', 'uniform') }),
  orthogonal: record({ kind: text, gain: finite }),
  identity: record({ kind: text, gain: finite }),
});
const regularizer: Check = (v, path) => (typeof v === 'object' && v !== null && 'orthogonal' in v ? record({ orthogonal: finite, mode: oneOf('rows', 'columns') }) : record({ l1: finite, l2: finite }))(v, path);
const axis = list(whole(-8, 8), 1, 8);
const constraint = choice('kind', {
  max_norm: record({ kind: text, max_value: finite, axis }),
  min_max_norm: record({ kind: text, min_value: finite, max_value: finite, rate: fraction, axis }),
  unit_norm: record({ kind: text, axis }),
  non_neg: record({ kind: text }),
});
const sides = list(whole(0, 65_536), 4, 4);
const window = { size: pair(size), stride: pair(size), padding: oneOf('same', 'valid') };
type Checks<W extends LayerWord> = Record<keyof LayerArgsByWord[W], Check>;
type WeightChecks<N extends string> = Record<`${N}_initializer` | `${N}_regularizer` | `${N}_constraint`, Check>;

const weights = <N extends string>(...names: readonly N[]): WeightChecks<N> =>
  Object.fromEntries(names.flatMap((n) => [[`${n}_initializer`, initializer], [`${n}_regularizer`, orNull(regularizer)], [`${n}_constraint`, orNull(constraint)]])) as WeightChecks<N>;
const ended = { bias: flag, activation, ...weights('bias'), activity_regularizer: orNull(regularizer), trainable: flag };
const norm = { epsilon: finite, center: flag, scale: flag, ...weights('gamma', 'beta'), trainable: flag };
const drawn = { seed: orNull(seed) };
const dropped = { rate: fraction, bits: oneOf(8, 16), threshold: whole(0, 65_536), keep: fraction, ...drawn };
const globalPool = record({ keepdims: flag } satisfies Checks<'global_pool'>);

/** A word without its arguments here does not compile. */
const args: { readonly [W in LayerWord]: Check } = {
  conv: record({ ...window, filters: units, dilation: pair(size), groups: units, ...weights('kernel'), ...ended } satisfies Checks<'conv'>),
  depthwise_conv: record({ ...window, depth_multiplier: units, dilation: pair(size), ...weights('depthwise'), ...ended } satisfies Checks<'depthwise_conv'>),
  separable_conv: record({ ...window, filters: units, depth_multiplier: units, dilation: pair(size), ...weights('depthwise', 'pointwise'), ...ended } satisfies Checks<'separable_conv'>),
  conv_transpose: record({ ...window, filters: units, dilation: pair(size), output_padding: orNull(pair(whole(0, 65_536))), ...weights('kernel'), ...ended } satisfies Checks<'conv_transpose'>),
  dense: record({ units, ...weights('kernel'), ...ended } satisfies Checks<'dense'>),
  pool: record(window),
  avg_pool: record(window),
  global_avg_pool: globalPool,
  global_pool: globalPool,
  zero_pad: record({ padding: sides }),
  cropping: record({ cropping: sides }),
  upsample: record({ size: pair(size), interpolation: oneOf('nearest', 'bilinear') } satisfies Checks<'upsample'>),
  batch_norm: record({ momentum: fraction, ...norm, moving_mean_initializer: initializer, moving_variance_initializer: initializer } satisfies Checks<'batch_norm'>),
  layer_norm: record(norm),
  group_norm: record({ groups: whole(-1, 65_536), ...norm } satisfies Checks<'group_norm'>),
  dropout: record({ ...dropped, noise_shape: orNull(list(whole(-1, 2 ** 31), 1, 8)) } satisfies Checks<'dropout'>),
  spatial_dropout: record(dropped satisfies Checks<'spatial_dropout'>),
  gaussian_dropout: record({ rate: fraction, ...drawn } satisfies Checks<'gaussian_dropout'>),
  gaussian_noise: record({ stddev: finite, ...drawn } satisfies Checks<'gaussian_noise'>),
  flatten: none,
  reshape: record({ shape: list(whole(-1, 2 ** 31), 1, 8) }),
  permute: record({ dims: list(whole(1, 8), 1, 8) }),
  rescale: record({ scale: finite, offset: finite }),
  prelu: record({ shared_axes: list(whole(1, 8), 0, 8), ...weights('alpha'), trainable: flag } satisfies Checks<'prelu'>),
  relu: record({ max_value: orNull(finite), negative_slope: finite, threshold: finite } satisfies Checks<'relu'>),
  relu6: none, selu: none, gelu: none, silu: none, mish: none, hard_sigmoid: none, hard_silu: none, sigmoid: none, tanh: none, softplus: none, softsign: none, softmax: none,
  leaky_relu: record({ negative_slope: finite }),
  elu: record({ alpha: finite }),
};

/** Names become files' entries and lines of messages: nothing but letters, digits and `_ . -`. */
const name: Check = (v, path) => (text(v, path), oneOf(/^[\p{L}\p{N}_.-]{1,200}$/u.test(v as string) ? (v as string) : '')(v, path));
const absent = (check: Check): Check => (v, path) => void (v === undefined || check(v, path));
const variable = record({ name: text, shape, initializer, trainable: flag, regularizer: absent(regularizer), constraint: absent(constraint) });
const layer: Check = (v, path) => {
  choice('word', Object.fromEntries(Object.keys(args).map((word) => [word, () => undefined])))(v, path);
  const word = (v as { word: LayerWord }).word;
  record({ index: whole(0, 1e6), word: text, name, args: args[word], input: shape, output: shape, variables: list(variable, 0, 8), macs: finite, inferred: flag, origin: span })(v, path);
};

/** Nesting is bounded; the check follows it no deeper. */
const cell = (depth: number): Check => record({ nodes: list(depth > mostNested ? oneOf() : node(depth)), origin: span });
const node = (depth: number): Check => choice('kind', {
  layer: record({ kind: text, layer: whole(0, 1e6) }),
  repeat: (v, path) => record({ kind: text, count: whole(1, 1e6), cells: whole(1, 1e6), iterations: list(cell(depth + 1), 1, 100_000), origin: span })(v, path),
  call: (v, path) => record({ kind: text, name: text, text, cell: cell(depth + 1), origin: span })(v, path),
  residual: (v, path) => record({ kind: text, cell: cell(depth + 1), shortcut: cell(depth + 1), output: shape, origin: span })(v, path),
  branch: (v, path) => record({ kind: text, cells: list(cell(depth + 1), 2, 10_000), merge: oneOf('concat', 'add', 'average', 'multiply', 'maximum'), output: shape, origin: span })(v, path),
});

const maybeText = orNull(text);
const data = record({
  source: choice('kind', {
    folder: record({ kind: text, path: text, origin: span }),
    idx: record({ kind: text, images: text, labels: text, testImages: maybeText, testLabels: maybeText, origin: span }),
    npz: record({ kind: text, path: text, origin: span }),
    npy: record({ kind: text, images: text, labels: text, testImages: maybeText, testLabels: maybeText, origin: span }),
    cifar: record({ kind: text, path: text, labels: oneOf('fine', 'coarse'), origin: span }),
    csv: record({
      kind: text, path: text, folder: maybeText, delimiter: oneOf('comma', 'semicolon', 'tab'), pathColumn: maybeText, ending: text,
      labelColumns: orNull(list(text)), separator: maybeText, weightColumn: maybeText, partColumn: maybeText, origin: span,
    } satisfies Record<keyof CsvSource, Check>),
    synthetic: record({ kind: text, count: whole(1, 1e9), classes: whole(1, 1e6), seed, noise: finite, origin: span }),
    none: record({ kind: text }),
  }),
  image: record({ height: size, width: size, channels: oneOf(1, 3), resize: oneOf('stretch', 'crop', 'pad'), interpolation: oneOf('nearest', 'bilinear', 'bicubic', 'lanczos'), exif: flag }),
  classes: orNull(list(text)),
  labels: oneOf('auto', 'categorical', 'sparse', 'binary', 'multilabel', 'values'),
  split: record({ test: orNull(fraction), validation: orNull(fraction), by: oneOf('stratified', 'random', 'order'), seed, duplicates: oneOf('together', 'allow'), group: optional(text) }),
  onCorrupt: oneOf('error', 'skip'),
  limit: orNull(whole(1, 1e9)),
  cache: flag,
});
const factor = record({ kind: text, chance: fraction, range: pair(finite) });
const colourStep = choice('kind', {
  channel_shift: record({ kind: text, chance: fraction, amount: finite }),
  brightness: factor, contrast: factor, saturation: factor,
  hue: record({ kind: text, chance: fraction, degrees: finite }),
  blur: record({ kind: text, chance: fraction, sigma: finite }),
  noise: record({ kind: text, chance: fraction, std: finite }),
  erase: record({ kind: text, chance: fraction, least: fraction, most: fraction, value: finite }),
} satisfies Record<ColourWord, Check>);
const shift = record({ amount: finite, unit: oneOf('fraction', 'pixels') });
const schedule = choice('kind', {
  exponential_decay: record({ kind: text, lr: finite, steps: finite, rate: finite, staircase: flag }),
  inverse_time_decay: record({ kind: text, lr: finite, steps: finite, rate: finite, staircase: flag }),
  cosine_decay: record({ kind: text, lr: finite, steps: finite, alpha: finite, warmup: orNull(record({ target: finite, steps: finite })) }),
  cosine_decay_restarts: record({ kind: text, lr: finite, steps: finite, t_mul: finite, m_mul: finite, alpha: finite }),
  piecewise: record({ kind: text, boundaries: list(finite), values: list(finite, 1) }),
  polynomial_decay: record({ kind: text, lr: finite, steps: finite, end: finite, power: finite, cycle: flag }),
  one_cycle: record({ kind: text, max_lr: finite, steps: finite, pct_start: fraction, div_factor: finite, final_div_factor: finite }),
} satisfies Record<Schedule['kind'], Check>);
const lr: Check = (v, path) => (typeof v === 'number' ? finite(v, path) : schedule(v, path));
const adaptive = { kind: text, lr, beta_1: finite, beta_2: finite, epsilon: finite };
const optimizers: { readonly [K in Optimizer['kind']]: Check } = {
  adam: record({ ...adaptive, amsgrad: flag }),
  adamw: record({ ...adaptive, amsgrad: flag }),
  nadam: record(adaptive),
  adamax: record(adaptive),
  lamb: record(adaptive),
  sgd: record({ kind: text, lr, momentum: finite, nesterov: flag }),
  rmsprop: record({ kind: text, lr, rho: finite, momentum: finite, epsilon: finite, centered: flag }),
  adagrad: record({ kind: text, lr, initial_accumulator_value: finite, epsilon: finite }),
  adadelta: record({ kind: text, lr, rho: finite, epsilon: finite }),
  lion: record({ kind: text, lr, beta_1: finite, beta_2: finite }),
  ftrl: record({
    kind: text, lr, learning_rate_power: finite, initial_accumulator_value: finite, l1_regularization_strength: finite,
    l2_regularization_strength: finite, l2_shrinkage_regularization_strength: finite, beta: finite,
  }),
};

const crossentropy = { kind: text, from_logits: flag, label_smoothing: fraction };
const mayIgnore = { ...crossentropy, ignore_class: absent(whole(0, 1e6)) };
const crossentropies = ['categorical_crossentropy', 'sparse_categorical_crossentropy', 'binary_crossentropy'] as const;
const plainLosses = ['mse', 'mae', 'mape', 'msle', 'log_cosh', 'hinge', 'squared_hinge', 'categorical_hinge', 'kl_divergence', 'poisson', 'cosine_similarity'] as const satisfies readonly PlainLoss[];
const each = <K extends string>(kinds: readonly K[], check: Check): { readonly [N in K]: Check } => Object.fromEntries(kinds.map((kind) => [kind, check])) as { [N in K]: Check };
const losses: { readonly [K in Loss['kind']]: Check } = {
  ...each(crossentropies, record(mayIgnore)),
  categorical_generalized_crossentropy: record({ kind: text, q: finite }),
  categorical_focal_crossentropy: record({ ...crossentropy, alpha: finite, gamma: finite }),
  binary_focal_crossentropy: record({ ...crossentropy, alpha: finite, gamma: finite, apply_class_balancing: flag }),
  huber: record({ kind: text, delta: finite }),
  ...each(plainLosses, record({ kind: text })),
};
const rightful = record({ kind: text, name: text, threshold: finite, top_k: orNull(units), class_id: orNull(whole(0, 1e6)) });
const metrics: { readonly [K in Metric['kind']]: Check } = {
  accuracy: record({ kind: text, name: text, form: oneOf('categorical', 'binary'), threshold: finite }),
  top_k: record({ kind: text, name: text, k: units }),
  precision: rightful,
  recall: rightful,
  auc: record({ kind: text, name: text, num_thresholds: whole(3, 10_000), curve: oneOf('roc', 'pr'), summation_method: oneOf('interpolation', 'minoring', 'majoring'), from_logits: flag }),
  f1: record({ kind: text, name: text, average: oneOf('micro', 'macro', 'weighted'), threshold: orNull(finite) }),
  r2: record({ kind: text, name: text, class_aggregation: oneOf('uniform_average', 'variance_weighted_average') }),
  rmse: record({ kind: text, name: text }),
  ...each(crossentropies, record({ ...mayIgnore, name: text })),
  huber: record({ kind: text, name: text, delta: finite }),
  ...each(plainLosses, record({ kind: text, name: text })),
};
const mode = oneOf('min', 'max');

const limit = orNull(finite);
export const programSchema: Check = record({
  schema: oneOf(1),
  name: text,
  input: list(size, 3, 3),
  data,
  labels: record({ kind: oneOf('categorical', 'sparse', 'binary', 'multilabel', 'values'), count: units, names: orNull(list(text)) }),
  preprocess: record({
    scale: finite, offset: finite, samplewiseCenter: flag, samplewiseStd: flag, featurewiseCenter: flag, featurewiseStd: flag,
    meanStd: orNull(record({ mean: list(finite, 1, 3), std: list(finite, 1, 3) })),
    zca: optional(record({ epsilon: finite })),
  }),
  augment: record({
    rotation: finite, widthShift: shift, heightShift: shift, shear: finite, zoom: pair(finite), crop: fraction, horizontalFlip: flag, verticalFlip: flag,
    chances: record({ rotation: fraction, widthShift: fraction, heightShift: fraction, shear: fraction, zoom: fraction, crop: fraction, horizontalFlip: fraction, verticalFlip: fraction }),
    fill: record({ mode: oneOf('nearest', 'constant', 'reflect', 'wrap'), value: finite }),
    colours: list(colourStep, 0, 8),
    mix: orNull(record({ kind: oneOf('mixup', 'cutmix'), alpha: finite, chance: fraction })),
  } satisfies Record<keyof Augment, Check>),
  network: cell(0),
  layers: list(layer, 1, mostLayers + 1),
  compile: record({
    optimizer: choice('kind', optimizers),
    around: record({
      weight_decay: orNull(finite),
      clip: orNull(record({ by: oneOf('norm', 'global_norm', 'value'), limit: finite })),
      ema: orNull(record({ momentum: fraction, overwrite_frequency: orNull(whole(1, 1e9)) })),
      gradient_accumulation_steps: orNull(whole(2, 1e9)),
    } satisfies Record<keyof Compile['around'], Check>),
    loss: choice('kind', losses),
    metrics: list(choice('kind', metrics), 0, 100),
    precision: oneOf('float32', 'mixed_bfloat16'),
  } satisfies Record<keyof Compile, Check>),
  fit: record({
    epochs: whole(0, 1e9), batch: whole(1, 1e7), seed, shuffle: flag,
    stepsPerEpoch: orNull(whole(1, 1e9)),
    classWeight: (v, path) => (v === 'balanced' ? undefined : orNull(list(record({ class: text, weight: finite })))(v, path)),
    sampling: orNull(oneOf('oversample')),
    earlyStopping: orNull(record({ monitor: text, mode, patience: whole(0, 1e9), minDelta: finite, restoreBest: flag, startFromEpoch: whole(0, 1e9), baseline: orNull(finite) })),
    reduceLr: orNull(record({ monitor: text, mode, factor: fraction, patience: whole(0, 1e9), minDelta: finite, cooldown: whole(0, 1e9), minLr: finite })),
    checkpoint: orNull(record({ every: whole(1, 1e9), best: flag, monitor: text, mode, initialValueThreshold: orNull(finite) })),
    csvLog: orNull(record({ file: name, separator: text })),
    tensorboard: flag,
    stopOnNan: flag,
  } satisfies Record<keyof Fit, Check>),
  plots: list(record({
    metrics: list(text, 0, 100), file: name, title: text, xlabel: text, ylabel: text,
    legend: orNull(record({ labels: list(text, 0, 200), at: oneOf('upper_right', 'upper_left', 'lower_right', 'lower_left', 'best') })),
  }), 0, 1000),
  budget: optional(record({ params: limit, macs: limit, memory: limit, size: limit })),
});
