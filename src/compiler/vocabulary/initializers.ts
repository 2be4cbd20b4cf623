/** Initializers as words and calls: `he_normal`, `random_normal(stddev=.02)`. Source: keras/src/initializers/random_initializers.py. */
import type { Initializer } from '../model/program.ts';
import type { Given, Word } from './types.ts';
import { param } from './params.ts';

export interface InitializerDefinition extends Word {
  readonly group: 'initializer';
  readonly build: (given: Given) => Initializer;
}

const keyless = (word: 'zeros' | 'ones' | 'glorot_uniform' | 'glorot_normal' | 'he_uniform' | 'he_normal' | 'lecun_uniform' | 'lecun_normal', doc: string, keras: readonly string[]): InitializerDefinition => ({
  word,
  group: 'initializer',
  doc,
  keras,
  params: [],
  in: ['initializer'],
  example: `dense 64 kernel_initializer=${word}`,
  source: `keras.initializers.${keras[0]}`,
  build: () => ({ kind: word }),
});

const normal = (word: 'random_normal' | 'truncated_normal', doc: string, keras: readonly string[]): InitializerDefinition => ({
  word,
  group: 'initializer',
  doc,
  keras,
  params: [
    param('mean', { kind: 'number' }, 'Centre of the distribution.', { position: 0, value: 0 }),
    param('stddev', { kind: 'number', min: 0 }, 'Width of the distribution.', { position: 1, value: 0.05 }),
  ],
  in: ['initializer'],
  example: `dense 64 kernel_initializer=${word}(stddev=.02)`,
  source: `keras.initializers.${keras[0]}`,
  build: (given) => ({ kind: word, mean: given.number('mean'), stddev: given.number('stddev') }),
});

const matrix = (word: 'orthogonal' | 'identity', doc: string, keras: readonly string[], example: string): InitializerDefinition => ({
  word,
  group: 'initializer',
  doc,
  keras,
  params: [param('gain', { kind: 'number' }, 'Factor of all values.', { position: 0, value: 1 })],
  in: ['initializer'],
  example,
  source: `keras.initializers.${keras[0]}`,
  build: (given) => ({ kind: word, gain: given.number('gain') }),
});

export const initializers: Readonly<Record<Initializer['kind'], InitializerDefinition>> = {
  zeros: keyless('zeros', 'All 0.', ['Zeros', 'zero']),
  ones: keyless('ones', 'All 1.', ['Ones', 'one']),
  glorot_uniform: keyless('glorot_uniform', 'Uniform, width by the mean of inputs and outputs (Glorot and Bengio 2010).', ['GlorotUniform', 'xavier_uniform', 'xavier']),
  glorot_normal: keyless('glorot_normal', 'Truncated normal, width by the mean of inputs and outputs.', ['GlorotNormal', 'xavier_normal']),
  he_uniform: keyless('he_uniform', 'Uniform, width by the inputs, for relu (He et al. 2015).', ['HeUniform', 'kaiming_uniform']),
  he_normal: keyless('he_normal', 'Truncated normal, width by the inputs, for relu.', ['HeNormal', 'kaiming_normal']),
  lecun_uniform: keyless('lecun_uniform', 'Uniform, width by the inputs (LeCun et al. 1998).', ['LecunUniform']),
  lecun_normal: keyless('lecun_normal', 'Truncated normal, width by the inputs, for selu.', ['LecunNormal']),
  constant: {
    word: 'constant',
    group: 'initializer',
    doc: 'One value everywhere.',
    keras: ['Constant'],
    params: [param('value', { kind: 'number' }, 'The value.', { position: 0, value: 0 })],
    in: ['initializer'],
    example: 'dense 64 bias_initializer=constant(.1)',
    source: 'keras.initializers.Constant',
    build: (given) => ({ kind: 'constant', value: given.number('value') }),
  },
  random_normal: normal('random_normal', 'A normal distribution.', ['RandomNormal']),
  truncated_normal: normal('truncated_normal', 'A normal distribution without its ends beyond two deviations.', ['TruncatedNormal']),
  random_uniform: {
    word: 'random_uniform',
    group: 'initializer',
    doc: 'Evenly between two values.',
    keras: ['RandomUniform'],
    params: [
      param('low', { kind: 'number' }, 'Smallest value.', { position: 0, value: -0.05, keras: ['minval'] }),
      param('high', { kind: 'number' }, 'Largest value.', { position: 1, value: 0.05, keras: ['maxval'] }),
    ],
    in: ['initializer'],
    example: 'dense 64 kernel_initializer=random_uniform(-.1, .1)',
    source: 'keras.initializers.RandomUniform',
    build: (given) => ({ kind: 'random_uniform', low: given.number('low'), high: given.number('high') }),
  },
  variance_scaling: {
    word: 'variance_scaling',
    group: 'initializer',
    doc: 'A width by the inputs, the outputs or their mean; glorot, he and lecun are cases of it.',
    keras: ['VarianceScaling'],
    params: [
      param('scale', { kind: 'number', min: 0, exclusiveMin: true }, 'Factor of the variance.', { position: 0, value: 1 }),
      param('mode', { kind: 'choice', of: ['fan_in', 'fan_out', 'fan_avg'] }, 'What the variance is divided by: inputs, outputs or their mean.', { position: 1, value: 'fan_in' }),
      param('distribution', { kind: 'choice', of: ['truncated_normal', 'untruncated_normal', 'uniform'] }, 'Shape of the distribution.', { position: 2, value: 'truncated_normal' }),
    ],
    in: ['initializer'],
    example: 'dense 64 kernel_initializer=variance_scaling(2, fan_out)',
    source: 'keras.initializers.VarianceScaling',
    build: (given) => ({
      kind: 'variance_scaling',
      scale: given.number('scale'),
      mode: given.text('mode') as 'fan_in' | 'fan_out' | 'fan_avg',
      distribution: given.text('distribution') as 'truncated_normal' | 'untruncated_normal' | 'uniform',
    }),
  },
  orthogonal: matrix('orthogonal', 'Rows or columns at right angles (Saxe et al. 2013).', ['Orthogonal', 'OrthogonalInitializer'], 'conv 8 kernel_initializer=orthogonal'),
  identity: matrix('identity', 'Each output begins as one of the inputs; for dense layers only.', ['Identity', 'IdentityInitializer'], 'dense 64 kernel_initializer=identity'),
};
