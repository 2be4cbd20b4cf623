/** The vocabulary as data: complete, consistent, and every example compiles in its place. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { aliases, allWords, initializers, layers, losses, metrics, optimizers, plainSpelling, sources, words, wordsIn } from '../../../src/compiler/vocabulary/index.ts';
import { given } from '../../../src/compiler/vocabulary/given.ts';
import { spell } from '../../../src/compiler/vocabulary/params.ts';
import type { LabelKind } from '../../../src/compiler/model/program.ts';
import type { Word } from '../../../src/compiler/vocabulary/types.ts';

const named = allWords.map((word) => [`${word.word} (${word.in.join(', ')})`, word] as const);
const present = named.filter(([, word]) => !word.later);

describe('every word', () => {
  it.each(named)('%s is documented', (_, word) => {
    expect(word.doc).toMatch(/^[A-Z0-9x].*\.$/s);
    expect(word.in.length).toBeGreaterThan(0);
    for (const param of word.params) {
      expect(param.doc).toMatch(/\.$/);
      expect(param.name).toMatch(/^[a-z][a-z0-9_]*$/);
      if (param.value !== undefined && !param.later) expect(param.default).toBeDefined();
    }
  });

  it.each(present)('%s has positions in order, and no two parameters of one name', (_, word) => {
    const positions = word.params.flatMap((p) => (p.position === undefined ? [] : [p.position]));
    expect([...positions].sort((a, b) => a - b)).toEqual(positions.map((_p, i) => i));
    expect(new Set(word.params.map((p) => p.name)).size).toBe(word.params.length);
  });

  it('is found in its place', () => {
    for (const word of allWords) for (const place of word.in) expect(wordsIn(place)).toContain(word);
    for (const word of allWords) expect(words.get(word.word)).toContain(word);
  });

  it('is found by its old spellings, and none of them means two things in one place', () => {
    for (const word of allWords)
      for (const spelling of word.keras ?? [])
        for (const place of word.in) {
          const meant = (aliases.get(plainSpelling(spelling)) ?? []).filter((w) => w.in.includes(place) && !w.later);
          expect(meant.length, `${spelling} in ${place}: ${meant.map((w) => w.word).join(', ')}`).toBeLessThanOrEqual(1);
        }
  });

  it('stands in tables under its own name', () => {
    for (const table of [layers, optimizers, losses, metrics, sources, initializers]) for (const [key, word] of Object.entries(table)) expect((word as Word).word).toBe(key);
  });
});

/** A whole program around the example of a word. */
function around(word: Word): string {
  const parts = {
    top: '',
    data: 'synthetic shapes 600 classes=4',
    preprocess: '',
    augment: '',
    network: 'conv 8 3x3 same; pool 2; global_avg_pool; dense classes',
    compile: 'optimizer adam',
    fit: 'epochs 2',
    plot: '',
  };
  const place = word.in[0];
  const example = word.example;
  if (place === 'top') {
    if (word.word === 'input' || word.word === 'classes') return `input 64x64x3\nclasses 10\nnetwork < conv 8; flatten; dense classes >`;
    if (word.word === 'data') return `${example}\nnetwork < conv 8; flatten; dense classes >`;
    if (word.word === 'network') return `data { ${parts.data} }\n${example}`;
    return `data { ${parts.data} }\nnetwork < ${parts.network} >\n${example}`;
  }
  if (place === 'network') return `data { ${parts.data} }\nnetwork < ${example.includes('classes') ? `conv 8; ${example.startsWith('dense') ? 'flatten; ' : ''}${example}` : example.startsWith('dense') || example.startsWith('flatten') ? `flatten; ${example}; dense classes` : `${example}; global_avg_pool; dense classes`} >`;
  if (['initializer', 'regularizer', 'constraint'].includes(place)) return `data { ${parts.data} }\nnetwork < conv 8; ${example.startsWith('conv') ? `${example}; flatten` : `flatten; ${example}`}; dense classes >`;
  if (place === 'plot') return `data { ${parts.data} }\nnetwork < ${parts.network} >\nplot loss { ${example} }`;
  if (['optimizer', 'schedule', 'loss', 'metric'].includes(place)) {
    const kinds = 'labels' in word ? (word.labels as readonly LabelKind[]) : ['categorical'];
    const [data, network] = kinds.includes('categorical') ? [parts.data, parts.network] : kinds.includes('binary') ? ['synthetic shapes 600 classes=2; labels binary', 'conv 8; flatten; dense 1'] : ['npz "values.npz"; labels values', 'conv 8; flatten; dense 1'];
    return `data { ${data} }\nnetwork < ${network} >\ncompile { ${example} }`;
  }
  if (place === 'data') {
    const own = word.group === 'source' ? `${example}; image 64x64` : word.word === 'image' ? `${parts.data}; ${example}` : word.word === 'classes' ? 'folder "pets"; image 64x64; classes [cat, dog]' : word.word === 'labels' ? `synthetic shapes 600 classes=2; ${example}` : `${parts.data}; ${example}`;
    return `data { ${own} }\nnetwork < conv 8; flatten; dense ${word.word === 'labels' ? '1' : 'classes'} >`;
  }
  return `data { ${parts.data} }\nnetwork < ${parts.network} >\n${place} { ${example} }`;
}

describe('examples', () => {
  it.each(present)('%s compiles', (_, word) => {
    const { diagnostics } = compile(around(word), { path: 'example.cnn', imports: { read: () => ({ text: 'cell stage(filters) < conv filters >' }) } });
    expect(diagnostics.filter((d) => d.severity === 'error').map((d) => d.message), around(word)).toEqual([]);
  });
});

describe('defaults', () => {
  it('follow from their values', () => {
    expect(spell([3, 3], { kind: 'size2' })).toBe('3x3');
    expect(spell(0.25, { kind: 'fraction' })).toBe('25%');
    expect(spell(0.001, { kind: 'number' })).toBe('.001');
    expect(spell(true, { kind: 'switch' })).toBe('on');
    expect(spell([0.8, 1.2], { kind: 'range' })).toBe('.8..1.2');
    expect(spell({ amount: 10, unit: 'pixels' }, { kind: 'shift' })).toBe('10px');
  });

  it('are Keras\'s where Keras has one', () => {
    const none = new Map();
    expect(optimizers.adam.build(given(optimizers.adam, none))).toEqual({ kind: 'adam', lr: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, amsgrad: false });
    expect(optimizers.sgd.build(given(optimizers.sgd, none))).toEqual({ kind: 'sgd', lr: 0.01, momentum: 0, nesterov: false });
    expect(optimizers.rmsprop.build(given(optimizers.rmsprop, none))).toEqual({ kind: 'rmsprop', lr: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false });
    expect(layers.batch_norm.args(given(layers.batch_norm, none))).toMatchObject({ gamma_initializer: { kind: 'ones' }, moving_variance_initializer: { kind: 'ones' }, beta_regularizer: null, momentum: 0.99, epsilon: 0.001, center: true, scale: true, trainable: true });
    expect(layers.leaky_relu.args(given(layers.leaky_relu, none))).toEqual({ negative_slope: 0.3 });
    expect(layers.elu.args(given(layers.elu, none))).toEqual({ alpha: 1 });
    expect(layers.pool.args(given(layers.pool, none))).toEqual({ size: [2, 2], stride: [2, 2], padding: 'valid' });
    const conv = layers.conv.args(given(layers.conv, new Map([['filters', 8]])));
    expect(conv).toEqual({ filters: 8, size: [3, 3], stride: [1, 1], padding: 'valid', dilation: [1, 1], groups: 1, bias: true, activation: null, kernel_initializer: { kind: 'glorot_uniform' }, bias_initializer: { kind: 'zeros' },
      kernel_regularizer: null, bias_regularizer: null, activity_regularizer: null, kernel_constraint: null, bias_constraint: null, trainable: true });
    expect(initializers.random_normal.build(given(initializers.random_normal, none))).toEqual({ kind: 'random_normal', mean: 0, stddev: 0.05 });
  });

  it.each([
    [0, 8, 0, 1],
    [0.25, 8, 64, 0.75],
    [0.5, 8, 128, 0.5],
    [0.1, 16, 6554, 1 - 6554 / 65536],
    [0.2, 16, 13107, 1 - 13107 / 65536],
    [0.9999999, 16, 65535, 1 / 65536],
  ])('dropout %d draws %d bits', (rate, bits, threshold, keep) => {
    expect(layers.dropout.args(given(layers.dropout, new Map([['rate', rate]])))).toEqual({ noise_shape: null, seed: null, rate, bits, threshold, keep });
  });
});
