import fc from 'fast-check';
import { expect, it } from 'vitest';
import { distance, suggest } from '../../../src/compiler/diagnostics/suggest.ts';

const layers = ['conv', 'pool', 'avg_pool', 'dense', 'dropout', 'batch_norm', 'flatten', 'relu', 'relu6', 'elu', 'selu', 'gelu'];
const keras = new Map([
  ['Conv2D', 'conv'],
  ['Convolution2D', 'conv'],
  ['MaxPooling2D', 'pool'],
  ['BatchNormalization', 'batch_norm'],
]);

it.each([
  ['conf', 'conv'],
  ['cnov', 'conv'],
  ['desne', 'dense'],
  ['batchnorm', 'batch_norm'],
  ['Dropout', 'dropout'],
  ['droput', 'dropout'],
  ['flaten', 'flatten'],
  ['max_poling', 'pool'],
  ['maxpool2d', null],
  ['MaxPooling2D', 'pool'],
  ['conv2d', 'conv'],
  ['batch_normalisation', 'batch_norm'],
  ['zebra', null],
  ['x', null],
  ['', null],
])('%s → %s', (written, meant) => {
  expect(suggest(written, layers, keras)?.word ?? null).toBe(meant);
});

it('names the spelling it recognised', () => {
  expect(suggest('max_poling', layers, keras)).toEqual({ word: 'pool', alias: 'MaxPooling2D', distance: 1 });
});

it('completes the beginning of one word', () => {
  expect(suggest('categorical', ['categorical_crossentropy', 'mse'])?.word).toBe('categorical_crossentropy');
  expect(suggest('crossentropy', ['categorical_crossentropy', 'binary_crossentropy'])).toBeNull();
});

it('is quick with very long words', () => {
  expect(suggest('a'.repeat(1e6), layers)).toBeNull();
});

it('distance is a metric between neighbours, and gives up at its limit', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const d = distance(a, b);
      expect(d).toBe(distance(b, a));
      expect(d === 0).toBe(a === b);
      expect(d).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(d).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      expect(distance(a, b, 2)).toBe(Math.min(d, 3));
    }),
    { numRuns: process.env.CNNC_SOAK ? 20_000 : 300 },
  );
});

it('counts a swap of neighbours as one slip', () => {
  expect(distance('conv', 'cnov')).toBe(1);
});
