/** Small programs for tests of the graph, without the language before it: layers by word, the rest by defaults. */
import type { Augment, Compile, Initializer, Layer, LayerArgsByWord, LayerWord, Preprocess, Program, Shape, Variable } from '../../../src/compiler/model/program.ts';

type Spec = { [W in LayerWord]: readonly [W, Partial<LayerArgsByWord[W]>?] }[LayerWord];

export interface ProgramSpec {
  readonly input: Shape;
  readonly layers: readonly Spec[];
  readonly labels: Program['labels']['kind'];
  readonly count: number;
  readonly loss: Compile['loss'];
  readonly optimizer?: Compile['optimizer'];
  readonly metrics?: Compile['metrics'];
  readonly preprocess?: Partial<Preprocess>;
  readonly augment?: Partial<Augment>;
}

const origin = { start: 0, end: 0 } as Layer['origin'];
const glorot: Initializer = { kind: 'glorot_uniform' };
const zeros: Initializer = { kind: 'zeros' };

const defaults: LayerArgsByWord = {
  conv: { filters: 1, size: [3, 3], stride: [1, 1], padding: 'valid', dilation: [1, 1], bias: true, activation: null, kernel_initializer: glorot, bias_initializer: zeros },
  dense: { units: 1, bias: true, activation: null, kernel_initializer: glorot, bias_initializer: zeros },
  pool: { size: [2, 2], stride: [2, 2], padding: 'valid' },
  avg_pool: { size: [2, 2], stride: [2, 2], padding: 'valid' },
  global_pool: {}, global_avg_pool: {},
  batch_norm: { momentum: 0.99, epsilon: 1e-3, center: true, scale: true },
  dropout: { rate: 0.5, bits: 8, threshold: 128, keep: 0.5 },
  flatten: {}, relu: {}, relu6: {}, leaky_relu: { negative_slope: 0.3 }, elu: { alpha: 1 }, selu: {}, gelu: {}, silu: {}, hard_sigmoid: {}, sigmoid: {}, tanh: {}, softplus: {}, softsign: {}, softmax: {},
};

export function makeProgram(spec: ProgramSpec): Program {
  const layers: Layer[] = [];
  const counts = new Map<string, number>();
  for (const [word, some] of spec.layers) {
    const input = layers.at(-1)?.output ?? spec.input;
    const args = { ...defaults[word], ...some };
    const number = (counts.get(word) ?? 0) + 1;
    counts.set(word, number);
    const layer = { index: layers.length, word, name: `${word}_${number}`, args, input, macs: 0, inferred: false, origin };
    layers.push({ ...layer, output: shapeOf(word, args, input), variables: variablesOf(word, args, input).map((v) => ({ ...v, name: `${layer.name}/${v.name}` })) });
  }
  return {
    schema: 1,
    name: 'test',
    input: spec.input,
    data: {
      source: { kind: 'none' },
      image: { height: spec.input[0], width: spec.input[1], channels: spec.input[2] as 1 | 3, resize: 'stretch', interpolation: 'bilinear', exif: false },
      classes: null, labels: spec.labels, split: { test: 0, validation: 0, by: 'random', seed: 0, duplicates: 'allow' }, onCorrupt: 'error', limit: null, cache: false,
    },
    labels: { kind: spec.labels, count: spec.count, names: null },
    preprocess: { scale: 1, offset: 0, samplewiseCenter: false, samplewiseStd: false, featurewiseCenter: false, featurewiseStd: false, meanStd: null, ...spec.preprocess },
    augment: {
      rotation: 0, widthShift: { amount: 0, unit: 'fraction' }, heightShift: { amount: 0, unit: 'fraction' }, zoom: [1, 1], horizontalFlip: false, verticalFlip: false,
      fill: { mode: 'nearest', value: 0 }, ...spec.augment,
    },
    network: { nodes: layers.map((layer) => ({ kind: 'layer', layer: layer.index })), origin },
    layers,
    compile: { optimizer: spec.optimizer ?? { kind: 'sgd', lr: 0.01, momentum: 0, nesterov: false }, loss: spec.loss, metrics: spec.metrics ?? [] },
    fit: { epochs: 1, batch: 4, seed: 0, shuffle: false, earlyStopping: null, checkpoint: null, stopOnNan: true },
    plots: [],
  };
}

interface Windowed { size: readonly number[]; stride: readonly number[]; padding: string; dilation?: readonly number[] }

function shapeOf(word: LayerWord, args: unknown, input: Shape): Shape {
  const slide = (channels: number): Shape => {
    const w = args as Windowed;
    const side = (i: number): number =>
      w.padding === 'same' ? Math.ceil(input[i] / w.stride[i]) : Math.floor((input[i] - ((w.dilation?.[i] ?? 1) * (w.size[i] - 1) + 1)) / w.stride[i]) + 1;
    return [side(0), side(1), channels];
  };
  if (word === 'conv') return slide((args as LayerArgsByWord['conv']).filters);
  if (word === 'pool' || word === 'avg_pool') return slide(input[2]);
  if (word === 'global_pool' || word === 'global_avg_pool') return [input[2]];
  if (word === 'flatten') return [input.reduce((a, b) => a * b, 1)];
  return word === 'dense' ? [(args as LayerArgsByWord['dense']).units] : input;
}

function variablesOf(word: LayerWord, args: unknown, input: Shape): Variable[] {
  const channels = input[input.length - 1];
  const variable = (name: string, shape: Shape, initializer: Initializer, trainable = true): Variable => ({ name, shape, initializer, trainable });
  if (word === 'conv' || word === 'dense') {
    const a = args as LayerArgsByWord['conv'] & LayerArgsByWord['dense'];
    const out = word === 'conv' ? a.filters : a.units;
    const shape = word === 'conv' ? [...a.size, channels, out] : [channels, out];
    return [variable('kernel', shape, a.kernel_initializer), ...(a.bias ? [variable('bias', [out], a.bias_initializer)] : [])];
  }
  if (word !== 'batch_norm') return [];
  const { scale, center } = args as LayerArgsByWord['batch_norm'];
  return [
    ...(scale ? [variable('gamma', [channels], { kind: 'ones' })] : []),
    ...(center ? [variable('beta', [channels], zeros)] : []),
    variable('moving_mean', [channels], zeros, false),
    variable('moving_variance', [channels], { kind: 'ones' }, false),
  ];
}
