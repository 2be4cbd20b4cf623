/** Small programs for tests of the graph, without the syntax before it: layers by word, the rest by defaults. */
import { layerDefinition } from '../../../src/compiler/check/walk.ts';
import { noAugment } from '../../../src/compiler/model/program.ts';
import type { Augment, Compile, Layer, LayerArgs, LayerArgsByWord, LayerWord, Preprocess, Program, Shape } from '../../../src/compiler/model/program.ts';
import { given } from '../../../src/compiler/vocabulary/given.ts';
import { layers } from '../../../src/compiler/vocabulary/index.ts';
import type { ParamValue } from '../../../src/compiler/vocabulary/types.ts';

type Spec = { [W in LayerWord]: readonly [W, Partial<LayerArgsByWord[W]>?] }[LayerWord];

export interface ProgramSpec {
  readonly input: Shape;
  readonly layers: readonly Spec[];
  readonly labels: Program['labels']['kind'];
  readonly count: number;
  readonly loss: Compile['loss'];
  readonly optimizer?: Compile['optimizer'];
  readonly around?: Partial<Compile['around']>;
  readonly fit?: Partial<Program['fit']>;
  readonly metrics?: Compile['metrics'];
  readonly preprocess?: Partial<Preprocess>;
  readonly augment?: Partial<Augment>;
}

const origin = { start: 0, end: 0 } as Layer['origin'];

/** What a layer has where nothing is said; what must be said, somehow. */
const required: { readonly [W in LayerWord]?: Readonly<Record<string, ParamValue>> } = {
  conv: { filters: 1 }, separable_conv: { filters: 1 }, conv_transpose: { filters: 1 }, dense: { units: 1 }, dropout: { rate: 0.5 }, spatial_dropout: { rate: 0.5 },
  gaussian_dropout: { rate: 0.5 }, gaussian_noise: { stddev: 0.1 }, reshape: { shape: [-1] }, permute: { dims: [1] }, rescale: { scale: 2 },
};
export const defaultArgs = (word: LayerWord): LayerArgs => layerDefinition(word).args(given(layers[word], new Map(Object.entries(required[word] ?? {}))));

export function makeProgram(spec: ProgramSpec): Program {
  const made: Layer[] = [];
  const counts = new Map<string, number>();
  for (const [word, some] of spec.layers) {
    const input = made.at(-1)?.output ?? spec.input;
    const args = { ...defaultArgs(word), ...some } as LayerArgs;
    const number = (counts.get(word) ?? 0) + 1;
    counts.set(word, number);
    const layer = { index: made.length, word, name: `${word}_${number}`, args, input, macs: 0, inferred: false, origin };
    made.push({ ...layer, output: shapeOf(word, args, input), variables: layerDefinition(word).variables(input, args).map((v) => ({ ...v, name: `${layer.name}/${v.name}` })) });
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
    augment: { ...noAugment, ...spec.augment },
    network: { nodes: made.map((layer) => ({ kind: 'layer', layer: layer.index })), origin },
    layers: made,
    compile: {
      optimizer: spec.optimizer ?? { kind: 'sgd', lr: 0.01, momentum: 0, nesterov: false },
      around: { weight_decay: null, clip: null, ema: null, gradient_accumulation_steps: null, ...spec.around }, loss: spec.loss, metrics: spec.metrics ?? [], precision: 'float32',
    },
    fit: {
      epochs: 1, batch: 4, seed: 0, shuffle: false, stepsPerEpoch: null, classWeight: null, sampling: null, earlyStopping: null, reduceLr: null, checkpoint: null, csvLog: null, tensorboard: false, stopOnNan: true,
      ...spec.fit,
    },
    plots: [],
  };
}

function shapeOf(word: LayerWord, args: LayerArgs, input: Shape): Shape {
  const result = layerDefinition(word).shape(input, args);
  if (!result.ok) throw new Error(`${word} on ${input.join('x')}: ${result.problem.kind}`);
  return result.output;
}
