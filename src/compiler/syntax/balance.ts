/** Brackets, before parsing: a file whose brackets match passes as it is, any other is mended (`mend.ts`); then what is nested too deeply is cut. */
import type { IToken } from 'chevrotain';
import type { SourceFile } from '../source/source.ts';
import { closes, nestingLimit, opens } from './brackets.ts';
import type { Bracket } from './brackets.ts';
import { endOf } from './lexer.ts';
import { mend } from './mend.ts';
import type { Report } from './report.ts';

export function balance(tokens: readonly IToken[], source: SourceFile, report: Report): readonly IToken[] {
  return cutDeep(isBalanced(tokens) ? tokens : mend(tokens, source, report), report);
}

function isBalanced(tokens: readonly IToken[]): boolean {
  const open: Bracket[] = [];
  for (const token of tokens) {
    const opening = opens(token);
    if (opening) open.push(opening);
    else {
      const closing = closes(token);
      if (closing && open.pop() !== closing) return false;
    }
  }
  return open.length === 0;
}

/** Leaves out what is nested deeper than the limit, with its brackets; the text around it stays. */
function cutDeep(tokens: readonly IToken[], report: Report): readonly IToken[] {
  const out: IToken[] = [];
  let depth = 0;
  let from: IToken | null = null;
  for (const token of tokens) {
    if (opens(token) && ++depth === nestingLimit + 1) from ??= token;
    if (depth <= nestingLimit) out.push(token);
    if (closes(token) && depth-- === nestingLimit + 1 && from) {
      report.add('CNN1113', from.startOffset, endOf(token), { limit: nestingLimit });
      from = null;
    }
  }
  return out;
}
