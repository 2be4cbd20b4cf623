/** Every form a value may have, and its value. */
import { expect, it } from 'vitest';
import type { Expression, Value } from '../../../src/compiler/syntax/ast.ts';
import { expectClean } from '../../support/syntax.ts';

const valueOf = (text: string): Value => {
  const [statement] = expectClean(`word ${text}\n`).statements;
  expect(statement.values).toHaveLength(1);
  return statement.values[0];
};

it.each([
  ['32', { kind: 'number', value: 32, integer: true, text: '32' }],
  ['.25', { kind: 'number', value: 0.25, integer: false, text: '.25' }],
  ['1e-3', { kind: 'number', value: 0.001, integer: false, text: '1e-3' }],
  ['2.5E+2', { kind: 'number', value: 250, integer: false, text: '2.5E+2' }],
  ['-1', { kind: 'number', value: -1, integer: true, text: '-1' }],
  ['-.5', { kind: 'number', value: -0.5, integer: false, text: '-.5' }],
  ['25%', { kind: 'percent', value: 25, text: '25%' }],
  ['12.5%', { kind: 'percent', value: 12.5, text: '12.5%' }],
  ['1/255', { kind: 'ratio', numerator: 1, denominator: 255, text: '1/255' }],
  ['-1/2', { kind: 'ratio', numerator: -1, denominator: 2, text: '-1/2' }],
  ['500k', { kind: 'quantity', value: 5e5, unit: 'count', text: '500k' }],
  ['1.5M', { kind: 'quantity', value: 1.5e6, unit: 'count', text: '1.5M' }],
  ['2GB', { kind: 'quantity', value: 2e9, unit: 'bytes', text: '2GB' }],
  ['10px', { kind: 'pixels', value: 10, text: '10px' }],
  ['5x5', { kind: 'size', parts: [5, 5], text: '5x5' }],
  ['150x100x3', { kind: 'size', parts: [150, 100, 3], text: '150x100x3' }],
  ['.8..1.2', { kind: 'range', low: 0.8, high: 1.2, text: '.8..1.2' }],
  ['-.1...1', { kind: 'range', low: -0.1, high: 0.1, text: '-.1...1' }],
  ['-10..-5', { kind: 'range', low: -10, high: -5, text: '-10..-5' }],
  ['"a \\"b\\" \\\\ \\u{1F33B}"', { kind: 'string', value: 'a "b" \\ 🌻' }],
  ['""', { kind: 'string', value: '' }],
  ['same', { kind: 'word', text: 'same' }],
  ['größe_2', { kind: 'word', text: 'größe_2' }],
])('%s', (text, expected) => {
  const { span, ...value } = valueOf(text);
  expect(value).toEqual(expected);
  expect([span.start, span.end]).toEqual([5, 5 + text.length]);
});

it('lists allow a comma and line ends at the end', () => {
  expect(valueOf('[cat,\n\n  -1, # three\n "b",\n]')).toMatchObject({ kind: 'list', items: [{ text: 'cat' }, { value: -1 }, { value: 'b' }] });
  expect(valueOf('[]')).toMatchObject({ kind: 'list', items: [] });
});

it('calls take values, arithmetic and options', () => {
  expect(valueOf('f(.001, -2, 25%, 1/255, width * 2, steps=1000, rate=-width + 1)')).toMatchObject({
    kind: 'call',
    name: { text: 'f' },
    args: [{ value: 0.001 }, { value: -2 }, { kind: 'percent' }, { kind: 'ratio' }, { kind: 'expression' }],
    options: [{ name: { text: 'steps' }, value: { value: 1000 } }, { name: { text: 'rate' }, value: { kind: 'expression' } }],
  });
  expect(valueOf('f()')).toMatchObject({ kind: 'call', args: [], options: [] });
});

const print = (e: Expression): string => {
  switch (e.kind) {
    case 'number':
      return String(e.value);
    case 'name':
      return e.text;
    case 'negate':
      return `(-${print(e.operand)})`;
    case 'binary':
      return `(${print(e.left)}${e.operator}${print(e.right)})`;
    case 'call':
      return `${e.name.text}(${e.args.map(print).join(',')})`;
  }
};

it.each([
  ['a + b * c', '(a+(b*c))'],
  ['a - b - c', '((a-b)-c)'],
  ['a / b % c * d', '(((a/b)%c)*d)'],
  ['2 ^ 3 ^ 2', '(2^(3^2))'],
  ['-2 ^ 2', '(-(2^2))'],
  ['2 ^ -1', '(2^(-1))'],
  ['-a * b', '((-a)*b)'],
  ['a -1', '(a-1)'],
  ['a--1', '(a-(-1))'],
  ['+a', 'a'],
  ['(a + b) * c', '((a+b)*c)'],
  ['1/255', '(1/255)'],
  ['2^1/255', '((2^1)/255)'],
  ['25 % 4', '(25%4)'],
  ['25%4', '(25%4)'],
  ['i%2', '(i%2)'],
  ['min(a, b + 1) * max(2, 3)', '(min(a,(b+1))*max(2,3))'],
  ['a +\n  b', '(a+b)'],
  ['floor((width - 2) / 2)', 'floor(((width-2)/2))'],
])('arithmetic has the precedence of Python: %s', (text, tree) => {
  const value = valueOf(`(${text})`);
  expect(value.kind === 'expression' && print(value.expression)).toBe(tree);
});

it('keeps values apart that only blanks separate', () => {
  expect(expectClean('conv 32 -1 5x5 same').statements[0].values.map((v) => v.kind)).toEqual(['number', 'number', 'size', 'word']);
});
