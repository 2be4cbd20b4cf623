/** Programs with a cell tree, for tests of printed code: layers by the vocabulary's own definitions, the rest by defaults. */
import { dropoutArgs } from '../../../src/compiler/vocabulary/layers/dropout.ts';
import { layers as definitions } from '../../../src/compiler/vocabulary/layers/index.ts';
import type { LayerDefinition } from '../../../src/compiler/vocabulary/types.ts';
import { noAugment } from '../../../src/compiler/model/program.ts';
import type { Augment, Cell, Compile, Fit, Layer, LayerArgsByWord, LayerWord, Node, Preprocess, Program, Shape } from '../../../src/compiler/model/program.ts';
import { fileSpan } from '../../../src/compiler/source/source.ts';
import { defaultArgs } from '../graph/program.ts';

type LayerSpec = { [W in LayerWord]: readonly [W, Partial<LayerArgsByWord[W] & { name: string }>?] }[LayerWord];
export type Spec = LayerSpec | { readonly repeat: number; readonly cells: readonly (readonly Spec[])[] };

export interface ProgramSpec {
  readonly name?: string;
  readonly input: Shape;
  readonly network: readonly Spec[];
  readonly labels?: Program['labels'];
  readonly loss?: Compile['loss'];
  readonly around?: Partial<Compile['around']>;
  readonly optimizer?: Compile['optimizer'];
  readonly metrics?: Compile['metrics'];
  readonly preprocess?: Partial<Preprocess>;
  readonly augment?: Partial<Augment>;
  readonly fit?: Partial<Fit>;
}

const origin = fileSpan('test.cnn');
export const adam: Compile['optimizer'] = { kind: 'adam', lr: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, amsgrad: false };
export const categorical: Compile['loss'] = { kind: 'categorical_crossentropy', from_logits: false, label_smoothing: 0 };
export const accuracy: Compile['metrics'][number] = { kind: 'accuracy', name: 'accuracy', form: 'categorical', threshold: 0.5 };

export function program(spec: ProgramSpec): Program {
  const layers: Layer[] = [];
  const counts = new Map<string, number>();
  let input = spec.input;

  const addLayer = ([word, some]: LayerSpec): Node => {
    const { name: given, ...args } = { name: undefined, ...defaultArgs(word), ...(word === 'dropout' ? dropoutArgs(0.25) : {}), ...some };
    const base = given ?? word;
    counts.set(base, (counts.get(base) ?? 0) + 1);
    const name = given !== undefined && counts.get(base) === 1 ? base : `${base}_${counts.get(base)}`;
    const definition = definitions[word] as unknown as LayerDefinition<'conv'>;
    const result = definition.shape(input, args as LayerArgsByWord['conv']);
    if (!result.ok) throw new Error(`${name} does not fit [${input}]`);
    const variables = definition.variables(input, args as LayerArgsByWord['conv']).map((v) => ({ ...v, name: `${name}/${v.name}` }));
    layers.push({ index: layers.length, word, name, args: args as Layer['args'], input, output: result.output, variables, macs: 0, inferred: false, origin });
    input = result.output;
    return { kind: 'layer', layer: layers.length - 1 };
  };
  const addCell = (specs: readonly Spec[]): Cell => ({
    nodes: specs.map((s): Node => {
      if (!('repeat' in s)) return addLayer(s);
      const iterations = Array.from({ length: s.repeat }, (_, i) => addCell(s.cells[i % s.cells.length]));
      return { kind: 'repeat', count: s.repeat, cells: s.cells.length, iterations, origin };
    }),
    origin,
  });

  const network = addCell(spec.network);
  const [height, width, channels] = spec.input;
  const labels = spec.labels ?? { kind: 'categorical', count: 3, names: ['circle', 'square', 'triangle'] };
  return {
    schema: 1,
    name: spec.name ?? 'Test',
    input: spec.input,
    data: {
      source: { kind: 'none' },
      image: { height, width, channels: channels as 1 | 3, resize: 'stretch', interpolation: 'bilinear', exif: false },
      classes: null, labels: 'auto', split: { test: 0.2, validation: 0.25, by: 'stratified', seed: 0, duplicates: 'together' }, onCorrupt: 'error', limit: null, cache: true,
    },
    labels,
    preprocess: { scale: 1 / 255, offset: 0, samplewiseCenter: false, samplewiseStd: false, featurewiseCenter: false, featurewiseStd: false, meanStd: null, ...spec.preprocess },
    augment: { ...noAugment, ...spec.augment },
    network,
    layers,
    compile: { optimizer: spec.optimizer ?? adam, around: { weight_decay: null, clip: null, ema: null, gradient_accumulation_steps: null, ...spec.around }, loss: spec.loss ?? categorical, metrics: spec.metrics ?? [accuracy], precision: 'float32' },
    fit: {
      epochs: 50, batch: 16, seed: 0, shuffle: true, stepsPerEpoch: null, classWeight: null, sampling: null, earlyStopping: null, reduceLr: null, checkpoint: null, csvLog: null, tensorboard: false, stopOnNan: true,
      ...spec.fit,
    },
    plots: [],
  };
}

/** language.md's example; `size` and the filters are smaller in tests that run it. */
export const flowers = (size: number, filters: number, units: number): Program =>
  program({
    name: 'Flowers',
    input: [size, size, 3],
    labels: { kind: 'categorical', count: 5, names: ['daisy', 'dandelion', 'rose', 'sunflower', 'tulip'] },
    preprocess: { featurewiseCenter: true, featurewiseStd: true },
    augment: { rotation: 20, widthShift: { amount: 0.2, unit: 'fraction' }, heightShift: { amount: 0.2, unit: 'fraction' }, horizontalFlip: true },
    network: [
      { repeat: 3, cells: [[['conv', { filters, size: [5, 5] }], ['pool'], ['relu'], ['dropout']]] },
      ['flatten'],
      ['dense', { units }], ['relu'],
      ['dense', { units: 5 }], ['softmax'],
    ],
    metrics: [accuracy, { kind: 'mae', name: 'mae' }, { kind: 'mse', name: 'mse' }],
  });

/** Two cells in turn, one with batch normalization; the head is an option of the last layer. */
export const alternating = (size: number): Program =>
  program({
    name: 'Odd and even',
    input: [size, size, 1],
    network: [
      ['conv', { filters: 4, padding: 'same', name: 'stem' }],
      {
        repeat: 4,
        cells: [
          [['conv', { filters: 4, padding: 'same', bias: false }], ['batch_norm'], ['relu']],
          [['conv', { filters: 6, padding: 'same', stride: [2, 2], activation: 'leaky_relu' }], ['dropout', { rate: 0.5, bits: 8, threshold: 128, keep: 0.5 }]],
        ],
      },
      ['global_avg_pool'],
      ['dense', { units: 3, activation: 'softmax' }],
    ],
    loss: { kind: 'sparse_categorical_crossentropy', from_logits: false, label_smoothing: 0 },
    labels: { kind: 'sparse', count: 3, names: ['circle', 'square', 'triangle'] },
    metrics: [accuracy, { kind: 'top_k', name: 'top_2', k: 2 }],
  });

const binary = { kind: 'binary_crossentropy', from_logits: false, label_smoothing: 0 } as const;
const binaryAccuracy = { kind: 'accuracy', name: 'accuracy', form: 'binary', threshold: 0.5 } as const;
const small = [['conv', { filters: 3 }], ['relu'], ['pool'], ['flatten'], ['dense', { units: 3 }], ['softmax']] as const;

/** Programs small enough to run, which together use everything that is printed. */
export const programs: Record<string, Program> = {
  'repeat, augmentation, statistics, adam': flowers(60, 3, 6),
  'alternating cells, batch norm, sparse labels': alternating(9),
  // No bias before batch norm: its gradient is exactly zero, and Adam would turn rounding noise into steps.
  'MNIST-like with batch norm, two dropouts': program({
    input: [12, 12, 1],
    network: [
      ['conv', { filters: 4, bias: false }], ['batch_norm', { momentum: 0.9, epsilon: 0.01 }], ['relu'], ['conv', { filters: 5, bias: false }], ['batch_norm', { scale: false }], ['relu'], ['pool'], ['dropout'],
      ['flatten'], ['dense', { units: 8, bias: false, kernel_initializer: { kind: 'he_normal' } }], ['batch_norm', { center: false }], ['relu'], ['dropout', { rate: 0.3, bits: 16, threshold: 19661, keep: 1 - 19661 / 65536 }],
      ['dense', { units: 3 }], ['softmax'],
    ],
    metrics: [{ kind: 'accuracy', name: 'accuracy', form: 'categorical', threshold: 0.5 }, { kind: 'top_k', name: 'top_k', k: 2 }],
  }),
  'binary head, sgd with momentum, label smoothing': program({
    input: [8, 8, 1], labels: { kind: 'binary', count: 1, names: ['no', 'yes'] }, loss: { ...binary, label_smoothing: 0.1 }, metrics: [binaryAccuracy],
    optimizer: { kind: 'sgd', lr: 0.05, momentum: 0.9, nesterov: false },
    network: [['conv', { filters: 3, activation: 'tanh' }], ['avg_pool', { padding: 'same' }], ['global_pool'], ['dense', { units: 1, activation: 'sigmoid' }]],
  }),
  'multi-label, nesterov, bare logits': program({
    input: [8, 8, 3], labels: { kind: 'multilabel', count: 2, names: null }, loss: { ...binary, from_logits: true }, metrics: [{ ...binaryAccuracy, threshold: 0.25 }],
    optimizer: { kind: 'sgd', lr: 0.05, momentum: 0.5, nesterov: true }, preprocess: { samplewiseCenter: true, samplewiseStd: true },
    network: [['conv', { filters: 3, dilation: [2, 2] }], ['selu'], ['pool', { size: [3, 3], stride: [2, 2], padding: 'same' }], ['flatten'], ['dense', { units: 2 }]],
  }),
  'values, mse, rmsprop': program({
    input: [7, 9, 1], labels: { kind: 'values', count: 2, names: null }, loss: { kind: 'mse' }, metrics: [{ kind: 'mae', name: 'mae' }],
    optimizer: { kind: 'rmsprop', lr: 0.01, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false }, preprocess: { scale: 1 / 127.5, offset: -1 },
    network: [['conv', { filters: 4, size: [2, 3], stride: [2, 1], padding: 'same' }], ['elu', { alpha: 0.5 }], ['conv', { filters: 3 }], ['gelu'], ['flatten'], ['dense', { units: 2 }]],
  }),
  'centered rmsprop with momentum, given mean and std': program({
    input: [8, 8, 3], network: small, preprocess: { scale: 1 / 255, meanStd: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } },
    optimizer: { kind: 'rmsprop', lr: 0.01, rho: 0.9, momentum: 0.9, epsilon: 1e-4, centered: true },
  }),
  'categorical with label smoothing, plain sgd': program({ input: [8, 8, 1], network: small, loss: { kind: 'categorical_crossentropy', from_logits: false, label_smoothing: 0.1 }, optimizer: { kind: 'sgd', lr: 0.1, momentum: 0, nesterov: false } }),
  'categorical over a sigmoid head': program({ input: [8, 8, 1], network: [...small.slice(0, -1), ['sigmoid']], optimizer: adam }),
  'sparse over probabilities of another kind': program({
    input: [8, 8, 1], network: [...small.slice(0, -1), ['softplus']], labels: { kind: 'sparse', count: 3, names: null }, loss: { kind: 'sparse_categorical_crossentropy', from_logits: false, label_smoothing: 0 },
  }),
  'softmax from bare logits': program({ input: [8, 8, 1], network: small.slice(0, -1), loss: { kind: 'categorical_crossentropy', from_logits: true, label_smoothing: 0 } }),
  'mse over a softmax head': program({ input: [8, 8, 1], network: small, loss: { kind: 'mse' }, metrics: [{ kind: 'mse', name: 'mse' }] }),
  'a repeat of dense layers, an uneven repeat, a head inside a repeat': program({
    input: [8, 8, 1],
    network: [
      { repeat: 3, cells: [[['conv', { filters: 2, padding: 'same' }], { repeat: 2, cells: [[['relu6'], ['conv', { filters: 2, padding: 'same' }]]] }], [['silu']]] },
      ['flatten'],
      { repeat: 2, cells: [[['dense', { units: 6 }], ['hard_sigmoid'], ['leaky_relu']]] },
      { repeat: 2, cells: [[['dense', { units: 3 }], ['softmax']]] },
    ],
  }),
  'a repeat without variables': program({ input: [16, 16, 1], network: [{ repeat: 2, cells: [[['pool'], ['softsign']]] }, ['flatten'], ['dense', { units: 3 }], ['softmax']] }),
};

/** Every change of training pictures, each drawn; and colours alone. */
export const changing: Record<string, Program> = {
  all: program({
    input: [9, 7, 3],
    augment: {
      rotation: 20, shear: 10, crop: 0.7, horizontalFlip: true, chances: { ...noAugment.chances, rotation: 0.5, crop: 0.25, horizontalFlip: 0.3 },
      colours: [
        { kind: 'channel_shift', chance: 1, amount: 30 }, { kind: 'brightness', chance: 0.9, range: [0.5, 1.5] }, { kind: 'contrast', chance: 1, range: [0.5, 2] }, { kind: 'saturation', chance: 1, range: [0.2, 2] },
        { kind: 'hue', chance: 0.8, degrees: 60 }, { kind: 'blur', chance: 1, sigma: 2 }, { kind: 'noise', chance: 0.5, std: 9 }, { kind: 'erase', chance: 0.9, least: 0.1, most: 0.4, value: 99 },
      ],
    },
    network: [['flatten'], ['dense', { units: 3 }], ['softmax']],
  }),
  colours: program({ input: [9, 7, 1], augment: { colours: [{ kind: 'contrast', chance: 1, range: [0.5, 2] }] }, network: [['flatten'], ['dense', { units: 3 }], ['softmax']] }),
};
