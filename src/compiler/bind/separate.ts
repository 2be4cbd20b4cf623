/**
 * Statements that run into each other: `epochs 10 batch 32`. A bare word that means nothing to the statement it stands in and begins
 * one in the same place is taken for the beginning of the next; the `;` or line end before it is reported missing.
 */
import type { Statement } from '../syntax/ast.ts';
import type { Word } from '../vocabulary/types.ts';
import { findFlag, takesWord } from './arguments.ts';
import { meaningOf } from './lookup.ts';
import { replace } from './report.ts';
import type { Report } from './report.ts';
import { findCell, findValue } from './scope.ts';
import type { Scope } from './scope.ts';

/** More statements than this do not run together by a slip. */
const mostCuts = 20;

export function separate(statements: readonly Statement[], place: string, scope: Scope): readonly Statement[] {
  const out: Statement[] = [];
  let words: ReadonlySet<string> | null = null;
  for (const statement of statements) {
    let rest: Statement | null = statement;
    for (let cuts = 0; rest; cuts++) {
      const at: number = rest.values.length === 0 || cuts >= mostCuts ? -1 : beginning(rest, place, scope);
      const [own, following]: readonly [Statement, Statement | null] = at < 0 ? [rest, null] : cut(rest, at);
      if (following) {
        const { text, span } = following.word;
        scope.env.report.add('CNN1013', span, { owner: own.word.text, word: text }, { fixes: [replace('put ; between them', { ...span, end: span.start }, '; ')] });
      }
      out.push(own);
      // What stands in the place for itself as well was hardly meant here.
      if (following) words ??= new Set(statements.map((s) => s.word.text));
      rest = following && place !== 'network' && words?.has(following.word.text) ? null : following;
    }
  }
  return out;
}

/** At the top of the file: a second block, where a word takes one, is the block of a word that is missing. */
export function apart(statements: readonly Statement[], report: Report): readonly Statement[] {
  const hasNetwork = statements.some(({ word, blocks }) => word.text === 'network' && blocks.length > 0);
  return statements.flatMap((found): readonly Statement[] => {
    // A string is no word here, whatever it says; the parser reported it.
    const statement = found.word.quoted ? { ...found, word: { ...found.word, text: '' } } : found;
    const [first, ...others] = statement.blocks;
    const word = others.length > 0 ? meaningOf(statement.word.text, 'top') : null;
    if (!first || !word || word.blocks === 'cells') return [statement];
    if (word.word === 'cell' && hasNetwork) return [statement];
    const [second] = others;
    report.add('CNN1014', { ...second.span, end: second.span.start + 1 }, { owner: word.word, expected: word.blocks === 'cell' ? 'cell' : 'settings', found: 'second', example: word.example });
    const own = { ...statement, blocks: [first], span: { ...statement.span, end: first.span.end } };
    return [own, ...others.map((block): Statement => ({ kind: 'statement', word: { text: '', span: { ...block.span, end: block.span.start } }, values: [], options: [], blocks: [block], span: block.span }))];
  });
}

const isSection = (text: string): boolean => meaningOf(text, 'top')?.blocks !== undefined;

const begins = (text: string, place: string, scope: Scope): boolean => meaningOf(text, place) !== null || (place === 'network' && findCell(scope, text) !== null);

/** Index of the value that begins another statement; -1: none. */
function beginning(statement: Statement, place: string, scope: Scope): number {
  const word = wordOf(statement.word.text, place, scope);
  // Behind something that is no word: a section with its block.
  if (!word && place === 'top' && statement.blocks.length > 0) return statement.values.findIndex((value) => value.kind === 'word' && isSection(value.text));
  if (!word || word.word === 'cell') return -1;
  const uses = word.params[0]?.type.kind === 'use' ? word.params[0] : null;
  const positional = word.params.filter((p) => p.position !== undefined).sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  let next = 0;
  for (let i = 0; i < statement.values.length; i++) {
    const value = statement.values[i];
    if (value.kind !== 'word') {
      if (!positional[next]?.rest) next++;
      continue;
    }
    const { text } = value;
    // A counter that is a word of the language is reported as that.
    const previous = statement.values[i - 1];
    if (word.word === 'repeat' && previous?.kind === 'word' && previous.text === 'as') continue;
    if (uses && (uses.rest || i === 0) && uses.type.kind === 'use' && meaningOf(text, uses.type.group)?.word === text) continue;
    if (findFlag(word, text) || findValue(scope, text) || word.params.some((p) => p.name === text)) continue;
    const param = positional[next];
    if (!uses && param && takesWord(word, param, value)) {
      if (!param.rest) next++;
      continue;
    }
    if (begins(text, place, scope)) return i;
  }
  return -1;
}

function wordOf(text: string, place: string, scope: Scope): Word | null {
  return meaningOf(text, place) ?? (place === 'network' ? (findCell(scope, text)?.word ?? null) : null);
}

function cut(statement: Statement, at: number): readonly [Statement, Statement] {
  const value = statement.values[at] as Extract<Statement['values'][number], { kind: 'word' }>;
  const { start } = value.span;
  const values = statement.values.slice(0, at);
  const options = statement.options.filter((o) => o.span.start < start);
  const end = Math.max(statement.word.span.end, ...values.map((v) => v.span.end), ...options.map((o) => o.span.end));
  return [
    { ...statement, values, options, blocks: [], span: { ...statement.span, end } },
    {
      ...statement,
      word: { text: value.text, span: value.span },
      values: statement.values.slice(at + 1),
      options: statement.options.filter((o) => o.span.start > start),
      span: { ...statement.span, start },
    },
  ];
}
