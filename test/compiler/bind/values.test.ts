/** Values as their parameters take them: what each spelling means, and what is refused. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { asLayer } from '../../../src/compiler/model/program.ts';
import type { Program } from '../../../src/compiler/model/program.ts';

interface Parts {
  readonly data?: string;
  readonly preprocess?: string;
  readonly augment?: string;
  readonly network?: string;
  readonly compile?: string;
  readonly fit?: string;
  readonly top?: string;
}

const source = (p: Parts): string =>
  `${p.top ?? ''}
data { synthetic shapes 600 classes=4; ${p.data ?? ''} }
preprocess { ${p.preprocess ?? ''} }
augment { ${p.augment ?? ''} }
network < ${p.network ?? 'conv 8; flatten; dense classes'} >
compile { ${p.compile ?? ''} }
fit { ${p.fit ?? ''} }`;

const run = (parts: Parts) => compile(source(parts), { path: 'x.cnn' });
function program(parts: Parts): Program {
  const result = run(parts);
  expect(result.diagnostics.filter((d) => d.severity === 'error').map((d) => d.message)).toEqual([]);
  return result.program!;
}
const codes = (parts: Parts): readonly string[] => run(parts).diagnostics.map((d) => d.code);

describe('fractions', () => {
  it.each([
    ['25%', 0.25],
    ['.25', 0.25],
    ['1/4', 0.25],
    ['0', 0],
  ])('validation %s', (text, expected) => expect(program({ fit: `validation ${text}` }).data.split.validation).toBeCloseTo(expected, 12));

  it.each(['25', '1', '100%', '-1', '"25%"', '25px', 'half'])('validation %s is refused', (text) => expect(codes({ fit: `validation ${text}` })).toHaveLength(1));
});

describe('sizes', () => {
  it.each([
    ['conv 8', [3, 3]],
    ['conv 8 5', [5, 5]],
    ['conv 8 5x3', [5, 3]],
    ['conv 8 size=1x7', [1, 7]],
    ['conv 8 kernel_size=2', [2, 2]],
  ] as const)('%s', (text, size) => expect(asLayer(program({ network: `${text}; flatten; dense classes` }).layers[0], 'conv').args.size).toEqual(size));

  it.each([
    ['pool', [2, 2], [2, 2], 'valid'],
    ['pool 3', [3, 3], [3, 3], 'valid'],
    ['pool 3 stride=2 same', [3, 3], [2, 2], 'same'],
    ['pool 2x4 padding=same', [2, 4], [2, 4], 'same'],
    ['avg_pool 2 stride=1x2', [2, 2], [1, 2], 'valid'],
  ] as const)('%s', (text, size, stride, padding) => {
    const { args } = program({ network: `${text}; flatten; dense classes` }).layers[0];
    expect(args).toEqual({ size, stride, padding });
  });

  it.each(['image 20x30 gray', 'image 20x30x1'])('%s', (data) => expect(program({ data }).input).toEqual([20, 30, 1]));
});

describe('shifts, ranges and angles', () => {
  it.each([
    ['width_shift .2', { amount: 0.2, unit: 'fraction' }],
    ['width_shift 20%', { amount: 0.2, unit: 'fraction' }],
    ['width_shift 10px', { amount: 10, unit: 'pixels' }],
    ['width_shift_range 1', { amount: 1, unit: 'fraction' }],
  ])('%s', (augment, expected) => expect(program({ augment }).augment.widthShift).toEqual(expected));

  it.each([
    ['zoom .8..1.2', [0.8, 1.2]],
    ['zoom .2', [0.8, 1.2]],
    ['zoom_range 10%', [0.9, 1.1]],
  ])('%s', (augment, expected) => expect(program({ augment }).augment.zoom.map((n) => Number(n.toFixed(9)))).toEqual(expected));

  it.each(['zoom 1.2..0.8', 'zoom -1..1', 'zoom 0..1', 'rotation 181', 'rotation -1', 'width_shift 2', 'width_shift -.1', 'fill black', 'fill constant cval=300'])('%s is refused', (augment) => expect(codes({ augment })).toEqual([augment.includes('black') ? 'CNN1008' : 'CNN1009']));

  it('fill', () => expect(program({ augment: 'fill constant cval=255' }).augment.fill).toEqual({ mode: 'constant', value: 255 }));
});

describe('on and off', () => {
  it.each([
    ['shuffle off', false],
    ['shuffle', true],
    ['shuffle on', true],
    ['shuffle False', false],
    ['', true],
  ])('%s', (fit, expected) => expect(program({ fit }).fit.shuffle).toBe(expected));

  it.each([
    ['conv 8 bias=off', 1],
    ['conv 8 use_bias=False', 1],
    ['conv 8', 2],
  ])('%s', (text, variables) => expect(program({ network: `${text}; flatten; dense classes` }).layers[0].variables).toHaveLength(variables));
});

describe('initializers and activations', () => {
  it.each([
    ['he_normal', { kind: 'he_normal' }],
    ['"he_normal"', { kind: 'he_normal' }],
    ['HeNormal', { kind: 'he_normal' }],
    ['random_normal', { kind: 'random_normal', mean: 0, stddev: 0.05 }],
    ['random_normal(stddev=.02)', { kind: 'random_normal', mean: 0, stddev: 0.02 }],
    ['random_uniform(-.1, .1)', { kind: 'random_uniform', low: -0.1, high: 0.1 }],
    ['constant(.5)', { kind: 'constant', value: 0.5 }],
  ])('kernel_initializer=%s', (text, expected) => {
    const [layer] = program({ network: `conv 8 kernel_initializer=${text}; flatten; dense classes` }).layers;
    expect(layer.variables[0].initializer).toEqual(expected);
  });

  it.each([
    ['relu', 'relu'],
    ['none', null],
    ['linear', null],
    ['swish', 'silu'],
    ['"relu"', 'relu'],
    ['leaky_relu', 'leaky_relu'],
  ])('activation=%s', (text, expected) => expect(asLayer(program({ network: `conv 8 activation=${text}; flatten; dense classes` }).layers[0], 'conv').args.activation).toBe(expected));

  it.each([
    ['activation=rleu', 'CNN1001'],
    ['activation=conv', 'CNN1001'],
    ['activation=5', 'CNN1008'],
    ['kernel_initializer=he_norml', 'CNN1001'],
    ['kernel_initializer=random_normal(2, 3, 4)', 'CNN1011'],
    ['kernel_initializer=5', 'CNN1008'],
  ])('%s is refused', (text, code) => expect(codes({ network: `conv 8 ${text}; flatten; dense classes` })).toEqual([code]));
});

describe('names', () => {
  it('of layers get a counter where the layer runs several times', () => {
    const { layers } = program({ network: 'conv 8 name="stem"; repeat 2 < conv 8 name="block" same; relu >; conv 4; flatten; dense classes name="head"' });
    expect(layers.map((l) => l.name)).toEqual(['stem', 'block_1', 'relu_1', 'block_2', 'relu_2', 'conv_1', 'flatten_1', 'head', 'softmax_1']);
  });

  it('that the tool gives step aside', () => {
    const { layers } = program({ network: 'conv 8 name="conv_2"; conv 8; conv 8; flatten; dense classes' });
    expect(layers.map((l) => l.name).slice(0, 3)).toEqual(['conv_2', 'conv_1', 'conv_3']);
  });

  it('of models', () => {
    expect(program({ top: 'model "Two words"' }).name).toBe('Two words');
    expect(program({ top: 'model Flowers' }).name).toBe('Flowers');
    expect(program({}).name).toBe('x');
  });
});

describe('alternating cells', () => {
  it('take turns', () => {
    const { network, layers } = program({ network: 'repeat 3 < conv 4 same > < pool 2; relu >; flatten; dense classes' });
    expect(layers.map((l) => l.word)).toEqual(['conv', 'pool', 'relu', 'conv', 'flatten', 'dense', 'softmax']);
    expect(network.nodes[0]).toMatchObject({ kind: 'repeat', count: 3, cells: 2, iterations: [{ nodes: [{ layer: 0 }] }, { nodes: [{ layer: 1 }, { layer: 2 }] }, { nodes: [{ layer: 3 }] }] });
  });
});

describe('preprocessing', () => {
  it.each([
    ['', 1 / 255, false],
    ['scale 1/127.5; offset -1', 1 / 127.5, false],
    ['featurewise_center', 1 / 255, true],
    ['featurewise_std_normalization', 1, true],
    ['samplewise_std_normalization', 1, false],
    ['mean_std [125, 125, 125] [60, 60, 60]', 1, false],
    ['scale 1/255; featurewise_std_normalization', 1 / 255, true],
    ['rescale 1/255', 1 / 255, false],
  ])('%s', (preprocess, scale, center) => {
    const plan = program({ preprocess }).preprocess;
    expect(plan.scale).toBeCloseTo(scale, 15);
    expect(plan.featurewiseCenter).toBe(center);
  });
});

describe('metrics', () => {
  it.each([
    ['metrics accuracy top_k(3)', ['accuracy', 'top_k']],
    ['metrics top_k k=2', ['top_k']],
    ['metrics top_k(2) top_k(3)', ['top_k', 'top_k_3']],
    ['metrics acc mean_absolute_error', ['accuracy', 'mae']],
    ['metric mse', ['mse']],
  ])('%s', (text, names) => expect(program({ compile: text }).compile.metrics.map((m) => m.name)).toEqual(names));
});

describe('optimizers', () => {
  it.each([
    ['optimizer sgd lr=.1 momentum=.9 nesterov', { kind: 'sgd', lr: 0.1, momentum: 0.9, nesterov: true }],
    ['optimizer SGD learning_rate=.1', { kind: 'sgd', lr: 0.1, momentum: 0, nesterov: false }],
    ['optimizer "adam"', { kind: 'adam', lr: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, amsgrad: false }],
    ['optimizer rmsprop(lr=.01) centered', { kind: 'rmsprop', lr: 0.01, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: true }],
  ])('%s', (text, expected) => expect(program({ compile: text }).compile.optimizer).toEqual(expected));

  it.each([
    ['optimizer adam gradient_accumulation_steps=1', 'CNN1009'],
    ['optimizer adam clipnorm=1 clipvalue=1', 'CNN1242'],
    ['optimizer adam lr=halving(.1)', 'CNN1001'],
    ['optimizer adam lr=cosine_decay(.1)', 'CNN1010'],
    ['optimizer adam lr=piecewise([1], [.1])', 'CNN1243'],
    ['optimizer adam lr=0', 'CNN1009'],
    ['optimizer adam lr=-1', 'CNN1009'],
    ['optimizer adam lr=fast', 'CNN1008'],
    ['optimizer', 'CNN1010'],
    ['optimizer 5', 'CNN1008'],
    ['optimizer adam sgd', 'CNN1007'],
    ['optimizer relu', 'CNN1004'],
  ])('%s is refused', (text, code) => expect(codes({ compile: text })).toEqual([code]));
});
