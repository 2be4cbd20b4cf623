/** The layout of `cnnc fmt`: cases, and its promises (nothing lost, nothing changed the second time). */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DiagnosticError } from '../../../src/compiler/diagnostics/diagnostic.ts';
import { format } from '../../../src/compiler/format/format.ts';
import { sourceFile } from '../../../src/compiler/source/source.ts';
import { parse } from '../../../src/compiler/syntax/parse.ts';
import { composedProgram } from '../../support/composed-programs.ts';
import { programs, wildProgram } from '../../support/programs.ts';
import { withoutSpans } from '../../support/syntax.ts';

const meaning = (text: string) => {
  const { ast, diagnostics } = parse(sourceFile('a.cnn', text));
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return { statements: withoutSpans(ast.statements), comments: ast.comments.map((c) => c.text.trimEnd()).sort() };
};

async function checked(text: string): Promise<string> {
  const formatted = await format(text, 'a.cnn');
  expect(meaning(formatted)).toEqual(meaning(text));
  expect(await format(formatted, 'a.cnn')).toBe(formatted);
  return formatted;
}

it.each<[what: string, before: string, after: string]>([
  ['blanks and separators', 'a   1  x = 2;b;  c', 'a 1 x=2; b; c\n'],
  ['indentation', 'network\n<\nconv 32\n      pool 2\n>', 'network <\n  conv 32\n  pool 2\n>\n'],
  ['at most one empty line', '\n\na\n\n\n\nb\n\n\n', 'a\n\nb\n'],
  ['no empty line at the edge of a block', 'a {\n\n  b\n\n}', 'a {\n  b\n}\n'],
  ['one line stays one line', 'repeat 3   <conv 32;pool 2>', 'repeat 3 < conv 32; pool 2 >\n'],
  ['lines stay lines', 'fit {\n epochs 3 }', 'fit {\n  epochs 3\n}\n'],
  ['statements of one line stay together', 'network <\n dense 64;relu\n softmax\n>', 'network <\n  dense 64; relu\n  softmax\n>\n'],
  ['a block that is too long', `n < ${'conv 32 3x3 same; '.repeat(8)}>`, `n <\n${'  conv 32 3x3 same\n'.repeat(8)}>\n`],
  ['a line that is too long', 'conv 32 3x3 same; '.repeat(8), `${'conv 32 3x3 same; '.repeat(6).slice(0, -2)}\nconv 32 3x3 same; conv 32 3x3 same\n`],
  ['a list that is too long', `classes [${'"abcdefghij", '.repeat(9)}]`, `classes [\n  ${'"abcdefghij", '.repeat(8).trim()}\n  "abcdefghij",\n]\n`],
  ['numbers as they were written', 'a 1.50 .5 1e-3 -0 25% 007', 'a 1.50 .5 1e-3 -0 25% 007\n'],
  ['strings as they were written', 'a "\\u{41} # \\""', 'a "\\u{41} # \\""\n'],
  ['arithmetic', 'a (2*(b+1) ^-c- -1) f(w*2,(x), (-1),k=(a-b))', 'a (2 * (b + 1) ^ -c - -1) f(w * 2, (x), (-1), k=a - b)\n'],
  ['lists over lines that fit on one', 'a [\n 1,\n 2\n]', 'a [1, 2]\n'],
  ['empty blocks', 'a <>; b{}', 'a < >; b { }\n'],
  ['cells below each other', 'branch <a>\n<b>\n   < > merge=add', 'branch < a >\n       < b >\n       < > merge=add\n'],
  ['cells that do not fit beside each other', `branch ${'< conv 32 3x3 same; relu > '.repeat(5)}merge=add`, `branch ${'< conv 32 3x3 same; relu >\n       '.repeat(5).trim()} merge=add\n`],
  ['cells that fit beside each other', 'repeat 4 <a>   <b;c>', 'repeat 4 < a > < b; c >\n'],
  ['cells of several lines', 'branch <\na\n> <\nb\n> merge=add', 'branch <\n  a\n> <\n  b\n> merge=add\n'],
  ['a cell with parameters', 'cell  unit( filters,rate = .25 ) <conv (filters*2);dropout rate>', 'cell unit(filters, rate=.25) < conv (filters * 2); dropout rate >\n'],
  ['values and uses', 'let   width=32   rate=(1/4)\nunit (width*2)   rate=rate', 'let width=32 rate=(1 / 4)\nunit (width * 2) rate=rate\n'],
  ['line ends of other systems', 'a\r\nb\rc\r\n', 'a\nb\nc\n'],
  ['values and options in the order written', 'conv 32 stride=2 same 3x3', 'conv 32 stride=2 same 3x3\n'],
  ['an empty file', '', ''],
  ['blank lines only', '\n\n  \n', ''],
  ['comments only', '\n# a\n\n\n# b', '# a\n\n# b\n'],
  ['comments behind lines', 'a # x\nb;# y\nc { # z\nd # w\n} # v', 'a # x\nb # y\nc { # z\n  d # w\n} # v\n'],
  ['comments that stand in a column', 'a     # x\nb 1   # y\n', 'a     # x\nb 1   # y\n'],
  ['comments of their own lines', '# a\na {\n# b\n}\n\n# c\nb {\n c\n\n # d\n}\n# e', '# a\na {\n  # b\n}\n\n# c\nb {\n  c\n\n  # d\n}\n# e\n'],
  ['a comment between a word and its block', 'repeat 3 # x\n< a >\nrepeat 3\n# y\n< a >', 'repeat 3 < # x\n  a\n>\nrepeat 3 <\n  # y\n  a\n>\n'],
  ['a comment above a line of several statements', '# x\na;b # y\nc', '# x\na; b # y\nc\n'],
  ['comments in lists', 'a [ # x\n 1, # y\n 2\n # z\n]', 'a [\n  # x\n  1, # y\n  2,\n  # z\n]\n'],
  ['comments in arithmetic go above', 'a (1 + # x\n 2)', '# x\na (1 + 2)\n'],
])('%s', async (_, before, after) => {
  expect(await checked(before)).toBe(after);
});

it.each(programs())('%s keeps its meaning and its comments, and formatting it again changes nothing', async (_, text) => {
  await checked(text);
});

it.each(programs().filter(([path]) => path.startsWith('examples/') || /flowers|smallest/.test(path)))('%s is formatted', async (path, text) => {
  expect(await format(text, path)).toBe(text);
});

it('refuses what it does not understand', async () => {
  const error: unknown = await format('fit { epochs 3\n', 'a.cnn').catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DiagnosticError);
  expect((error as DiagnosticError).diagnostics[0]).toMatchObject({ code: 'CNN1110', span: { file: 'a.cnn', start: 4 } });
});

it(
  'keeps meaning and comments of any program in any layout',
  async () => {
    await fc.assert(fc.asyncProperty(wildProgram, async (text) => void (await checked(text))), { numRuns: process.env.CNNC_SOAK ? 10_000 : 150 });
  },
  30 * 60_000,
);

it(
  'keeps meaning and comments of any program of cells',
  async () => {
    await fc.assert(fc.asyncProperty(composedProgram, async (text) => void (await checked(text))), { numRuns: process.env.CNNC_SOAK ? 10_000 : 150 });
  },
  30 * 60_000,
);
