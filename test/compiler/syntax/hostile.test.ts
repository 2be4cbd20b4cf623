/** Whatever the text: an answer, quickly, and never an exception. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sourceFile } from '../../../src/compiler/source/source.ts';
import { parse } from '../../../src/compiler/syntax/parse.ts';
import { parseChecked, withoutSpans } from '../../support/syntax.ts';

const runs = process.env.CNNC_SOAK ? 20_000 : 200;
const program = (name: string) => readFileSync(new URL(`../../fixtures/programs/${name}.cnn`, import.meta.url), 'utf8');
const flowers = program('flowers');
const cells = program('cells');

it.each<[what: string, text: string, code: string]>([
  ['5 MB', 'a'.repeat(5_000_000), 'CNN1101'],
  ['a binary file', '\x7fELF\x02\x01\x01\0\0\0', 'CNN1100'],
  ['a picture read as text', '\ufffdPNG\r\n\x1a\n\ufffd\ufffd\x02', 'CNN1100'],
  ['10,000 openers', '<'.repeat(10_000), 'CNN1115'],
  ['10,000 open cells', 'a<'.repeat(10_000), 'CNN1110'],
  ['an open cell and empty lines', `a <${'\n'.repeat(500_000)}`, 'CNN1110'],
  ['10,000 nested cells', `network ${'a <'.repeat(10_000)}${'>'.repeat(10_000)}`, 'CNN1113'],
  ['10,000 nested parentheses', `a ${'('.repeat(10_000)}1${')'.repeat(10_000)}`, 'CNN1113'],
  ['10,000 nested lists', `a ${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'CNN1113'],
  ['10,000 closers', '}'.repeat(10_000), 'CNN1112'],
  ['mixed openers', '{<[('.repeat(25_000), 'CNN1115'],
  ['crossed brackets', 'a{b<'.repeat(25_000) + '}>'.repeat(25_000), 'CNN1113'],
  ['a very long sum', `a (${'1+'.repeat(20_000)}1)`, 'CNN1135'],
  ['a very long power', `a (${'2^'.repeat(20_000)}1)`, 'CNN1135'],
  ['a very long sign', `a (${'-'.repeat(20_000)}1)`, 'CNN1135'],
  ['a very long number', '1_'.repeat(100_000), 'CNN1104'],
  ['quotes', '"'.repeat(99_999), 'CNN1105'],
])('%s', (_, text, code) => {
  const start = performance.now();
  const { diagnostics } = parse(sourceFile('test.cnn', text));
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(diagnostics.map((d) => d.code)).toContain(code);
  expect(diagnostics.length).toBeLessThanOrEqual(101);
  for (const d of diagnostics) expect(d.message.length).toBeLessThan(300);
});

it('keeps the rest of the program beside what is nested too deeply', () => {
  const { ast, diagnostics } = parseChecked(`data { folder "x" }\nnetwork ${'<a'.repeat(100)}${'>'.repeat(100)}\nfit { epochs 3 }`);
  expect(diagnostics.map((d) => d.code)).toEqual(['CNN1113']);
  expect(ast.statements.map((s) => s.word.text)).toEqual(['data', 'network', 'fit']);
});

it('reads 10,000 lines', () => {
  const text = `network <\n${'  conv 32 5x5 same; pool 2; relu  # a layer\n'.repeat(10_000)}>\n`;
  const { ast, diagnostics } = parse(sourceFile('test.cnn', text));
  expect(diagnostics).toEqual([]);
  expect(ast.statements[0].blocks[0].statements).toHaveLength(30_000);
});

it('answers every text', () => {
  const pieces = fc.constantFrom('{', '}', '<', '>', '(', ')', '[', ']', '=', ';', '\n', ' ', '  ', ',', '-', '*', '^', '%', '/', '"', '"a"', '#', '5x5', '1/2', '.5', '3e', 'a', 'data', 'network', 'repeat 3 ', 'x=', '\\', '\u202e', '×', '🌻', '\t', '..', '\0');
  const text = fc.oneof(fc.array(pieces, { maxLength: 60 }).map((p) => p.join('')), fc.string({ unit: 'binary', maxLength: 80 }));
  fc.assert(fc.property(text, (t) => void parseChecked(t)), { numRuns: runs * 5 });
});

it('answers every damaged program', () => {
  const damage = fc.record({ text: fc.constantFrom(flowers, cells), at: fc.nat(), length: fc.nat({ max: 12 }), insert: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('{', '}', '<', '>', '(', ')', '[', ']', '\n', '"', ';', '=')) });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
      let { text } = damages[0];
      for (const { at, length, insert } of damages) {
        const place = at % text.length;
        text = text.slice(0, place) + insert + text.slice(place + length);
      }
      parseChecked(text);
    }),
    { numRuns: runs },
  );
});

it('a damaged bracket is reported in its own section, and the other sections stay whole', () => {
  const swapped: Readonly<Record<string, string>> = { '{': '<', '<': '{', '}': '>', '>': '}', '(': '[', ')': ']', '[': '(', ']': ')' };
  for (const text of [flowers, cells]) {
    const { statements } = parseChecked(text).ast;
    for (let i = 0; i < text.length; i++) {
      const home = statements.find((s) => s.span.start <= i && i < s.span.end);
      if (!swapped[text[i]] || !home) continue;
      for (const damaged of [text.slice(0, i) + text.slice(i + 1), text.slice(0, i) + text[i] + text.slice(i), text.slice(0, i) + swapped[text[i]] + text.slice(i + 1)]) {
        const { ast, diagnostics } = parseChecked(damaged);
        expect(diagnostics.length).toBeGreaterThan(0);
        for (const d of diagnostics) {
          expect(d.span.start).toBeGreaterThanOrEqual(home.span.start);
          expect(d.span.end).toBeLessThanOrEqual(home.span.end + 1);
        }
        const found = ast.statements.map((s) => JSON.stringify(withoutSpans(s)));
        for (const other of statements) if (other !== home) expect(found).toContain(JSON.stringify(withoutSpans(other)));
      }
    }
  }
});
