/** A Program small enough for the interpreter: 4x4 grey pictures of two kinds, one convolution, dropout, a dense head. */
import type { Compile, Fit, Layer, LayerArgsByWord, LayerWord, Program, Shape, Variable } from '../../src/compiler/model/program.ts';
import { fileSpan } from '../../src/compiler/source/source.ts';

export interface TinyOptions {
  readonly fit?: Partial<Fit>;
  readonly compile?: Partial<Compile>;
}

export function tinyProgram(options: TinyOptions = {}): Program {
  const origin = fileSpan('tiny.cnn');
  const layers: Layer[] = [];
  const add = <W extends LayerWord>(word: W, name: string, args: LayerArgsByWord[W], input: Shape, output: Shape, variables: readonly Variable[] = []): void =>
    void layers.push({ index: layers.length, word, name, args, input, output, variables, macs: 10, inferred: false, origin });
  const zeros = { kind: 'zeros' } as const;
  const glorot = { kind: 'glorot_uniform' } as const;
  const variable = (name: string, shape: Shape): Variable => ({ name, shape, initializer: name.endsWith('bias') ? zeros : glorot, trainable: true });
  add('conv', 'conv_1', { size: [3, 3], stride: [1, 1], padding: 'valid', dilation: [1, 1], filters: 2, bias: true, activation: null, kernel_initializer: glorot, bias_initializer: zeros }, [4, 4, 1], [2, 2, 2], [
    variable('conv_1/kernel', [3, 3, 1, 2]),
    variable('conv_1/bias', [2]),
  ]);
  add('relu', 'relu_1', {}, [2, 2, 2], [2, 2, 2]);
  add('flatten', 'flatten_1', {}, [2, 2, 2], [8]);
  add('dropout', 'dropout_1', { rate: 0.25, bits: 8, threshold: 64, keep: 0.75 }, [8], [8]);
  add('dense', 'dense_1', { units: 2, bias: true, activation: null, kernel_initializer: glorot, bias_initializer: zeros }, [8], [2], [variable('dense_1/kernel', [8, 2]), variable('dense_1/bias', [2])]);
  add('softmax', 'softmax_1', {}, [2], [2]);
  return {
    schema: 1,
    name: 'Tiny',
    input: [4, 4, 1],
    data: {
      source: { kind: 'synthetic', count: 20, classes: 2, seed: 0, noise: 0, origin },
      image: { height: 4, width: 4, channels: 1, resize: 'stretch', interpolation: 'bilinear', exif: false },
      classes: null,
      labels: 'auto',
      split: { test: 0.2, validation: 0.25, by: 'stratified', seed: 0, duplicates: 'together' },
      onCorrupt: 'error',
      limit: null,
      cache: false,
    },
    labels: { kind: 'sparse', count: 2, names: ['a', 'b'] },
    preprocess: { scale: 1 / 255, offset: 0, samplewiseCenter: false, samplewiseStd: false, featurewiseCenter: false, featurewiseStd: false, meanStd: null },
    augment: { rotation: 0, widthShift: { amount: 0, unit: 'fraction' }, heightShift: { amount: 0, unit: 'fraction' }, zoom: [1, 1], horizontalFlip: false, verticalFlip: false, fill: { mode: 'nearest', value: 0 } },
    network: { nodes: layers.map((l) => ({ kind: 'layer', layer: l.index })), origin },
    layers,
    compile: {
      optimizer: { kind: 'adam', lr: 0.01, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 },
      loss: { kind: 'sparse_categorical_crossentropy', from_logits: false, label_smoothing: 0 },
      metrics: [{ kind: 'accuracy', name: 'accuracy', form: 'categorical', threshold: 0.5 }],
      ...options.compile,
    },
    fit: { epochs: 3, batch: 5, seed: 7, shuffle: true, earlyStopping: null, checkpoint: null, stopOnNan: true, ...options.fit },
    plots: [{ metrics: ['loss'], file: 'loss', title: 'Loss', xlabel: 'Epoch', ylabel: 'Loss', legend: null }],
  };
}
