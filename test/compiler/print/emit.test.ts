/** The gate between a program's words and generated code. */
import { describe, expect, it } from 'vitest';
import { comment, identifier, number, numbers, packageName, pair, prose, string } from '../../../src/compiler/print/typescript/emit.ts';

describe('identifier', () => {
  it.each([
    ['conv_1', 'conv1'], ['my stem', 'myStem'], ['Stem', 'stem'], ['__proto__', 'protoLayer'], ['constructor', 'constructorLayer'], ['1st', 'layer1st'],
    ['卷积', 'layer'], ['', 'layer'], ['a;alert(1)', 'aAlert1'], ['batch_norm', 'batchNorm'], ['x'.repeat(100), 'x'.repeat(60)],
  ])('%j → %s', (text, expected) => expect(identifier(text, new Set())).toBe(expected));

  it('never gives one twice', () => {
    const taken = new Set<string>();
    const names = ['conv', 'conv', 'conv', 'conv_2', 'conv2', 'conv_22', '卷', '积'].map((text) => identifier(text, taken));
    expect(new Set(names).size).toBe(names.length);
    expect(names.slice(0, 3)).toEqual(['conv', 'conv2', 'conv3']);
  });
});

it.each([[0.25, '0.25'], [1 / 255, '1 / 255'], [1 / 127.5, '0.00784313725490196'], [1 / 3, '1 / 3'], [-1 / 255, '1 / -255'], [1e-7, '1e-7'], [0, '0'], [0.001, '0.001'], [5, '5']])('number %d → %s', (value, text) => {
  expect(number(value)).toBe(text);
  const [dividend, divisor = 1] = text.split(' / ').map(Number);
  expect(dividend / divisor).toBe(value);
});

it('prints no number that is none', () => expect(() => number(NaN)).toThrow('internal error'));

it('prints square windows as one number', () => {
  expect([pair([2, 2]), pair([2, 3]), numbers([0.5, 1])]).toEqual(['2', '[2, 3]', '[0.5, 1]']);
});

it.each(["it's", '"', '\\', '\n\r\t\0', '\u2028\u2029', '\u202e', '\ud800', '😀', '', '${x}', '</script>'])('string %j comes back', (text) => {
  const printed = string(text);
  expect(JSON.parse(printed)).toBe(text);
  expect(printed).toMatch(/^"[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*"$/u);
});

it.each(['*/', '*/*/', '/**/', 'a\nb', 'a\u2028b', '*\u200b/', '\u202e'])('comment %j stays inside', (text) => {
  const line = `/* ${comment(text)} */`;
  expect(line.indexOf('*/')).toBe(line.length - 2);
  expect(line).not.toMatch(/[\n\r\u2028\u2029\u202e]/);
});

it.each([['*bold* <b>', '\\*bold\\* &#60;b&#62;'], ['[x](javascript:1)', '\\[x\\]\\(javascript&#58;1\\)'], ['a\n# b', 'a \\# b'], ['`', '\\`']])('prose %j → %s', (text, expected) => expect(prose(text)).toBe(expected));

it.each([['Flowers', 'flowers'], ['My  Model!', 'my-model'], ['花', 'model'], ['../../etc', 'etc'], ['', 'model'], ['node_modules', 'model']])('packageName %j → %s', (text, name) => expect(packageName(text)).toBe(name));
