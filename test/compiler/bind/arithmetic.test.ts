/** Arithmetic in parentheses: Python's precedence, division, remainder and rounding; and every mistake. */
import { describe, expect, it } from 'vitest';
import { errors, program } from './composed.ts';

const filtersOf = (text: string, top = ''): number => (program({ top, input: '8x8x3', network: `conv ${text} 1x1` }).layers[0].args as { filters: number }).filters;

describe('meaning', () => {
  // The right side is what Python 3 gives.
  it.each<[string, number]>([
    ['(2 + 3 * 4)', 14],
    ['((2 + 3) * 4)', 20],
    ['(20 - 3 - 4)', 13],
    ['(2 * 3 % 4)', 2],
    ['(2 ^ 3 ^ 2)', 512],
    ['(10 + -2 ^ 2)', 6],
    ['(2 ^ -1 * 8)', 4],
    ['(16 / 2 / 2)', 4],
    ['(7 % 3)', 1],
    ['(-7 % 3)', 2],
    ['(10 + 7 % -3)', 8],
    ['(10 + -7 % -3)', 9],
    ['(round(5.5 % .1 * 100))', 10],
    ['(10 + - - 3)', 13],
    ['(+4)', 4],
    ['(min(3, 5, 4))', 3],
    ['(max(3, 5, 4))', 5],
    ['(floor(7 / 2))', 3],
    ['(10 + floor(-7 / 2))', 6],
    ['(ceil(7 / 2))', 4],
    ['(10 + ceil(-7 / 2))', 7],
    ['(round(2.5))', 2],
    ['(round(3.5))', 4],
    ['(10 + round(-2.5))', 8],
    ['(10 + round(-.5))', 10],
    ['(round(2.4999))', 2],
    ['(2 ^ 4/2)', 8],
    ['(7 % 4/2*2)', 3],
    ['(.5 * 8)', 4],
    ['(64 / 4)', 16],
  ])('%s is %d', (text, expected) => expect(filtersOf(text)).toBe(expected));

  it.each<[string, string, number]>([
    ['a percentage', 'let p=25%', 8],
    ['a ratio', 'let p=1/4', 8],
    ['a number', 'let p=.25', 8],
    ['a quantity', 'let p=1k', 32_000],
  ])('%s is a number', (_, top, expected) => expect(filtersOf('(32 * p)', top)).toBe(expected));

  it('makes sizes', () => {
    const { layers } = program({ top: 'let k=2', network: 'conv 4 size(k + 1, (k * 2)); conv 4 (k + 1); pool size(1, k)' });
    expect(layers.slice(0, 3).map(({ args }) => (args as { size: unknown }).size)).toEqual([[3, 4], [3, 3], [1, 2]]);
  });

  it('knows the classes in the network', () => {
    expect(program({ network: 'flatten; dense (classes * 3); relu' }).layers[1].output).toEqual([12]);
  });
});

describe('mistakes', () => {
  it.each([
    ['(1 / 0)', 'CNN1223 1 / 0'],
    ['(1 % 0)', 'CNN1223 1 % 0'],
    ['(10 ^ 400)', 'CNN1223 10 ^ 400'],
    ['((0 - 8) ^ .5)', 'CNN1223 (0 - 8) ^ .5'],
    ['(mni(1, 2))', 'CNN1224 mni'],
    ['(min(1))', 'CNN1224 min(1)'],
    ['(floor(1, 2))', 'CNN1224 floor(1, 2)'],
    ['(nothing)', 'CNN1220 nothing'],
    ['(7 / 2)', 'CNN1008 (7 / 2)'],
    ['(1 - 1)', 'CNN1009 (1 - 1)'],
  ])('%s', (text, expected) => expect(errors({ network: `conv ${text}` })).toEqual([expected]));

  it.each(['size(2)', 'size(1, 2, 3, 4)', 'size(0, 1)', 'size(1.5, 2)', 'size(2, 2, k=3)'])('%s', (text) => expect(errors({ network: `conv 4 ${text}` })).toEqual([`CNN1226 ${text}`]));

  it('the classes outside of the network', () => {
    expect(errors({ top: 'let b=(classes * 2)\nfit { batch b }' })).toEqual(['CNN1229 classes']);
  });
});
