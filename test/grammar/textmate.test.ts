/** The TextMate grammar says of every character what the lexer says, on every program of the project and on tricky lines. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import { endOf, lex } from '../../src/compiler/syntax/lexer.ts';
import { programs, wildProgram } from '../support/programs.ts';

let grammar: textmate.IGrammar;

beforeAll(async () => {
  await oniguruma.loadWASM(readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm')));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({ createOnigScanner: (sources) => new oniguruma.OnigScanner(sources), createOnigString: (text) => new oniguruma.OnigString(text) }),
    loadGrammar: () => Promise.resolve(textmate.parseRawGrammar(readFileSync(new URL('../../grammar/cnn.tmLanguage.json', import.meta.url), 'utf8'), 'cnn.tmLanguage.json')),
  });
  grammar = (await registry.loadGrammar('source.cnn'))!;
});

/** One letter for each character: c comment, s string, n number, w word, p punctuation and operators, ! wrong, blank for the rest. */
function byTextMate(text: string): string {
  const classes: readonly (readonly [RegExp, string])[] = [
    [/^comment/, 'c'],
    [/^string/, 's'],
    [/^constant\.numeric/, 'n'],
    [/^(keyword\.control|support|variable|constant\.language)/, 'w'],
    [/^(punctuation|keyword\.operator)/, 'p'],
    [/^invalid/, '!'],
  ];
  let state = textmate.INITIAL;
  const lines = text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens
      .map(({ startIndex, endIndex, scopes }) => {
        const end = Math.min(endIndex, line.length);
        const kind = classes.find(([pattern]) => pattern.test(scopes[1] ?? ''))?.[1] ?? ' ';
        return kind.repeat(Math.max(0, end - startIndex));
      })
      .join('');
  });
  return lines.join(' ');
}

function byLexer(text: string): string {
  const out = Array.from({ length: text.length }, () => ' ');
  const { tokens, comments } = lex(text);
  const mark = (start: number, end: number, kind: string) => out.fill(kind, start, end);
  for (const c of comments) mark(c.startOffset, endOf(c), 'c');
  for (const t of tokens) {
    const { name } = t.tokenType;
    const kind = { Text: 's', Word: 'w', WrongNumber: '!', OpenText: '!', Newline: ' ', Unexpected: ' ' }[name] ?? (/^(Range|Size|Ratio|Percent|Quantity|Pixels|Number)$/.test(name) ? 'n' : 'p');
    mark(t.startOffset, endOf(t), kind);
  }
  return out.join('');
}

function agree(text: string): void {
  expect(byTextMate(text)).toBe(byLexer(text));
}

it.each(programs())('%s', (_, text) => agree(text));

it.each([
  'conv 32 5x5 same; relu # c "s" 5',
  'a "x # y" "z \\" w" "open',
  'a 5x5x 3e 1.5.2 1. 1_000 32conv 0x10 5µm 1.5px 2GB 1M 3k',
  'a .8..1.2 -.1...1 1/255 -1/2 25% 1e-3 2.5E+2',
  'größe_2 löwe 🌻x ü=1 a = 2 _a',
  'f(a*2,b%3)^-c/(d+1)',
  'same valid sameness',
  'a "\\u{1F33B} \\x"',
  '[cat,dog]<a>{b}',
])('%s', agree);

it('any program in any layout', () => {
  fc.assert(fc.property(wildProgram, (text) => agree(text.replaceAll('\r\n', '\n'))), { numRuns: process.env.CNNC_SOAK ? 5_000 : 100 });
});

it('tells sections, layers, settings, options and flags apart', () => {
  const { tokens } = grammar.tokenizeLine('network repeat conv folder adam same name=x', textmate.INITIAL);
  expect(tokens.flatMap((t) => t.scopes.slice(1))).toEqual([
    'keyword.control.section.cnn',
    'keyword.control.structure.cnn',
    'support.function.layer.cnn',
    'support.type.setting.cnn',
    'support.constant.cnn',
    'constant.language.cnn',
    'variable.parameter.cnn',
    'keyword.operator.assignment.cnn',
    'variable.other.cnn',
  ]);
});
