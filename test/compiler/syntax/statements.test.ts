/** The one statement form, line ends, and the programs of docs/language.md. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Statement } from '../../../src/compiler/syntax/ast.ts';
import { expectClean, parseChecked } from '../../support/syntax.ts';

const outline = (s: Statement): string =>
  [s.word.text, ...s.values.map((v) => ('text' in v ? v.text : v.kind)), ...s.options.map((o) => `${o.name.text}=${o.trailing ? '>' : ''}`), ...s.blocks.map((b) => (b.kind === 'cell' ? `<${b.statements.map(outline).join('; ')}>` : `{${b.statements.map(outline).join('; ')}}`))].join(' ');
const outlines = (text: string) => expectClean(text).statements.map(outline);

it.each(['flowers', 'smallest', 'cells'])('%s.cnn has nothing wrong', (name) => {
  expect(expectClean(readFileSync(new URL(`../../fixtures/programs/${name}.cnn`, import.meta.url), 'utf8')).statements.length).toBeGreaterThan(1);
});

it('reads values, options, flags, blocks and options behind them', () => {
  expect(outlines('branch same a=1 valid < x > < > merge=add name="b"\nnext')).toEqual(['branch same valid a= merge=> name=> <x> <>', 'next']);
});

it('separates by line ends and semicolons, any number of them', () => {
  expect(outlines(';;\n\na;b;\n;c\r\nd\re;')).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('does not separate before a block', () => {
  expect(outlines('network\n<\n  a\n>\nfit\n{ b }')).toEqual(['network <a>', 'fit {b}']);
  expect(outlines('repeat 4 < odd >\n  < even >\nx')).toEqual(['repeat 4 <odd> <even>', 'x']);
});

it('takes a string for the word inside settings only', () => {
  expect(outlines('class_weight { "black cat" 2; dog 1 }')).toEqual(['class_weight {black cat 2; dog 1}']);
  expect(parseChecked('class_weight { "a" 2 }').ast.statements[0].blocks[0].statements[0].word).toMatchObject({ text: 'a', quoted: true });
});

it('options may have blanks around =', () => {
  expect(outlines('split test = 20%')).toEqual(['split test=']);
});

it('keeps comments', () => {
  const text = '# one\na # two\n# three';
  expect(expectClean(text).comments.map((c) => [c.text, text.slice(c.span.start, c.span.end)])).toEqual(['# one', '# two', '# three'].map((c) => [c, c]));
});

it.each(['', '\n', '# only a comment', '\ufeff', '   \t\r\n  # x\n\n'])('reads %j as an empty program', (text) => {
  expect(expectClean(text).statements).toEqual([]);
});

it('begins after a byte order mark', () => {
  expect(outlines('\ufeffmodel A')).toEqual(['model A']);
});
