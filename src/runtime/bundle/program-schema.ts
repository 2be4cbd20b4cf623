/** The Program of model/program.ts as a schema for JSON from outside; afterwards `verify` proves that it fits together. */
import type { CsvSource, LayerArgsByWord, LayerWord } from '../../compiler/model/program.ts';
import { choice, finite, flag, fraction, list, oneOf, optional, orNull, pair, record, text, whole, type Check } from './schema.ts';

const size = whole(1, 65_536);
const seed = whole(0, Number.MAX_SAFE_INTEGER);
const units = whole(1, 100_000_000);
const shape = list(units, 0, 8);
const span = record({ file: text, start: whole(0, 1e9), end: whole(0, 1e9) });
const none = record({});

const activation = orNull(oneOf('relu', 'relu6', 'leaky_relu', 'elu', 'selu', 'gelu', 'silu', 'hard_sigmoid', 'sigmoid', 'tanh', 'softplus', 'softsign', 'softmax'));
const plain = record({ kind: text });
const normal = record({ kind: text, mean: finite, stddev: finite });
const initializer = choice('kind', {
  zeros: plain, ones: plain, glorot_uniform: plain, glorot_normal: plain, he_uniform: plain, he_normal: plain, lecun_uniform: plain, lecun_normal: plain,
  constant: record({ kind: text, value: finite }),
  random_normal: normal,
  truncated_normal: normal,
  random_uniform: record({ kind: text, low: finite, high: finite }),
});
const window = { size: pair(size), stride: pair(size), padding: oneOf('same', 'valid') };
const weighted = { bias: flag, activation, kernel_initializer: initializer, bias_initializer: initializer };

/** A word without its arguments here does not compile. */
const args: { readonly [W in LayerWord]: Check } = {
  conv: record({ ...window, filters: units, dilation: pair(size), ...weighted } satisfies Record<keyof LayerArgsByWord['conv'], Check>),
  dense: record({ units, ...weighted } satisfies Record<keyof LayerArgsByWord['dense'], Check>),
  pool: record(window),
  avg_pool: record(window),
  global_avg_pool: none,
  global_pool: none,
  batch_norm: record({ momentum: fraction, epsilon: finite, center: flag, scale: flag } satisfies Record<keyof LayerArgsByWord['batch_norm'], Check>),
  dropout: record({ rate: fraction, bits: oneOf(8, 16), threshold: whole(0, 65_536), keep: fraction } satisfies Record<keyof LayerArgsByWord['dropout'], Check>),
  flatten: none,
  relu: none, relu6: none, selu: none, gelu: none, silu: none, hard_sigmoid: none, sigmoid: none, tanh: none, softplus: none, softsign: none, softmax: none,
  leaky_relu: record({ negative_slope: finite }),
  elu: record({ alpha: finite }),
};

/** Names become files' entries and lines of messages: nothing but letters, digits and `_ . -`. */
const name: Check = (v, path) => (text(v, path), oneOf(/^[\p{L}\p{N}_.-]{1,200}$/u.test(v as string) ? (v as string) : '')(v, path));
const variable = record({ name: text, shape, initializer, trainable: flag });
const layer: Check = (v, path) => {
  choice('word', Object.fromEntries(Object.keys(args).map((word) => [word, () => undefined])))(v, path);
  const word = (v as { word: LayerWord }).word;
  record({ index: whole(0, 1e6), word: text, name, args: args[word], input: shape, output: shape, variables: list(variable, 0, 8), macs: finite, inferred: flag, origin: span })(v, path);
};

/** Nesting is bounded at `mostNested`; the check follows it no deeper. */
const cell = (depth: number): Check => record({ nodes: list(depth > 64 ? oneOf() : node(depth)), origin: span });
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
  split: record({ test: orNull(fraction), validation: orNull(fraction), by: oneOf('stratified', 'random', 'order'), seed, duplicates: oneOf('together', 'allow') }),
  onCorrupt: oneOf('error', 'skip'),
  limit: orNull(whole(1, 1e9)),
  cache: flag,
});
const shift = record({ amount: finite, unit: oneOf('fraction', 'pixels') });
const crossentropy = record({ kind: text, from_logits: flag, label_smoothing: fraction });
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
  }),
  augment: record({
    rotation: finite, widthShift: shift, heightShift: shift, zoom: pair(finite), horizontalFlip: flag, verticalFlip: flag,
    fill: record({ mode: oneOf('nearest', 'constant', 'reflect', 'wrap'), value: finite }),
  }),
  network: cell(0),
  layers: list(layer, 1, 20_000),
  compile: record({
    optimizer: choice('kind', {
      adam: record({ kind: text, lr: finite, beta_1: finite, beta_2: finite, epsilon: finite }),
      sgd: record({ kind: text, lr: finite, momentum: finite, nesterov: flag }),
      rmsprop: record({ kind: text, lr: finite, rho: finite, momentum: finite, epsilon: finite, centered: flag }),
    }),
    loss: choice('kind', { categorical_crossentropy: crossentropy, sparse_categorical_crossentropy: crossentropy, binary_crossentropy: crossentropy, mse: record({ kind: text }) }),
    metrics: list(choice('kind', {
      accuracy: record({ kind: text, name: text, form: oneOf('categorical', 'binary'), threshold: finite }),
      top_k: record({ kind: text, name: text, k: units }),
      mae: record({ kind: text, name: text }),
      mse: record({ kind: text, name: text }),
    }), 0, 100),
  }),
  fit: record({
    epochs: whole(0, 1e9), batch: whole(1, 1e7), seed, shuffle: flag,
    earlyStopping: orNull(record({ monitor: text, mode, patience: whole(0, 1e9), minDelta: finite, restoreBest: flag, startFromEpoch: whole(0, 1e9) })),
    checkpoint: orNull(record({ every: whole(1, 1e9), best: flag, monitor: text, mode })),
    stopOnNan: flag,
  }),
  plots: list(record({
    metrics: list(text, 0, 100), file: name, title: text, xlabel: text, ylabel: text,
    legend: orNull(record({ labels: list(text, 0, 200), at: oneOf('upper_right', 'upper_left', 'lower_right', 'lower_left', 'best') })),
  }), 0, 1000),
  budget: optional(record({ params: limit, macs: limit, memory: limit, size: limit })),
});
