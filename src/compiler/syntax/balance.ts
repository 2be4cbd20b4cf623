/**
 * Brackets, before parsing. A file whose brackets match passes as it is. In any other file indentation says where a block ends:
 * a missing closer is put where the text steps back, a surplus or wrong one is taken out or replaced, and the message points at
 * the opener (at the closer, if that is the surplus one), never at the end of the file.
 */
import type { IToken } from 'chevrotain';
import { createTokenInstance } from 'chevrotain';
import type { SourceFile } from '../source/source.ts';
import { positionAt } from '../source/source.ts';
import { closes, nestingLimit, opens } from './brackets.ts';
import type { Bracket } from './brackets.ts';
import { endOf } from './lexer.ts';
import { retag } from './characters.ts';
import type { Report } from './report.ts';
import { Comma, Divide, Minus, Modulo, Newline, Plus, Power, Semicolon, Times } from './tokens.ts';

/** Sections of a program: at the beginning of a line as far left as the first statement they end whatever is still open. */
const sections = new Set(['data', 'preprocess', 'augment', 'network', 'compile', 'fit', 'plot', 'model', 'input', 'classes', 'budget', 'serve']);
/** Of these, the ones that also stand inside a section. */
const alsoInside = new Set(['model', 'input', 'classes']);
const missingLimit = 8;
const joining = new Set([Comma, Minus, Plus, Times, Divide, Modulo, Power]);

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

interface Open {
  readonly bracket: Bracket;
  readonly token: IToken;
  readonly line: number;
  /** Of the line it stands on. */
  readonly indent: number;
  /** True where it is the last on its line; its contents then have lines of their own. */
  readonly hanging: boolean;
  /** Indentation of its first line of content, once seen. */
  content: number | null;
}

function mend(tokens: readonly IToken[], source: SourceFile, report: Report): readonly IToken[] {
  const out: IToken[] = [];
  let newlines: IToken[] = [];
  const stack: Open[] = [];
  let line = 0;
  let indent = 0;
  let leftmost: number | null = null;
  let first = true;

  const top = () => stack.at(-1);
  const flush = () => {
    for (const newline of newlines) out.push(newline);
    newlines = [];
  };
  const closeMissing = (quiet = false) => {
    const open = stack.pop()!;
    const at = out.length > 0 ? endOf(out[out.length - 1]) : 0;
    out.push(createTokenInstance(open.bracket.close, '', at, at - 1, NaN, NaN, NaN, NaN));
    const { opener, closer, holds } = open.bracket;
    // What is nested too deeply is reported as that.
    if (quiet || stack.length >= nestingLimit) return;
    const ownLine = holds === 'statements' && open.hanging && open.content !== null;
    const text = ownLine ? `\n${' '.repeat(open.indent)}${closer}` : holds === 'statements' ? ` ${closer}` : closer;
    const { startOffset } = open.token;
    report.add('CNN1110', startOffset, startOffset + 1, { opener, line: positionAt(source, at).line }, {
      fixes: [report.fix(`add the missing \`${closer}\``, at, at, text, false)],
    });
  };
  const closeWrongly = (token: IToken, closing: Bracket) => {
    const { bracket, token: opener } = stack.pop()!;
    out.push(retag(token, bracket.close));
    report.add('CNN1111', token.startOffset, endOf(token), { opener: bracket.opener, closer: closing.closer }, {
      related: [{ span: report.span(opener.startOffset, opener.startOffset + 1), label: 'opened here' }],
      fixes: [report.fix(`write \`${bracket.closer}\``, token.startOffset, endOf(token), bracket.closer)],
    });
  };
  const surplus = (token: IToken, closing: Bracket) =>
    report.add('CNN1112', token.startOffset, endOf(token), { closer: closing.closer }, {
      fixes: [report.fix('delete it', token.startOffset, endOf(token), '', false)],
    });
  /** Nearest open bracket that fits, not further out than the limit of nesting. */
  const find = (fits: (open: Open) => boolean): number => {
    for (let i = stack.length - 1; i >= Math.max(0, stack.length - nestingLimit); i--) if (fits(stack[i])) return i;
    return -1;
  };
  /** Of very many brackets that miss their closer in one place the outermost are reported. */
  const closeDownTo = (length: number) => {
    while (stack.length > length) closeMissing(stack.length > length + missingLimit);
  };

  const stepsBack = (token: IToken) => {
    for (let open = top(); open?.bracket.holds === 'values' && !valuesGoOn(open, out.at(-1), token, indent); open = top()) closeMissing();
    if (closes(token) || opens(token)?.holds === 'statements') return;
    if (indent <= (leftmost ?? 0) && sections.has(token.image) && !(alsoInside.has(token.image) && top()?.content === null)) closeDownTo(0);
    for (let open = top(); open && open.line < line && open.bracket.holds === 'statements'; open = top()) {
      if (indent > open.indent) {
        open.content ??= indent;
        break;
      }
      // A block whose contents were never indented says nothing by indentation.
      if (open.hanging && open.content === null) break;
      closeMissing();
    }
  };

  const close = (token: IToken, closing: Bracket, next: number) => {
    if (closing.holds === 'statements') while (top()?.bracket.holds === 'values') closeMissing();
    const open = top();
    if (!open) return surplus(token, closing);
    if (closing.holds === 'values') {
      if (open.bracket === closing) return accept(token);
      if (open.bracket.holds !== 'values') return surplus(token, closing);
      const outer = find((o) => o.bracket === closing);
      const between = outer >= 0 && stack.slice(outer).every((o) => o.bracket.holds === 'values');
      if (!between) return closeWrongly(token, closing);
      closeDownTo(outer + 1);
      return accept(token);
    }
    const startsLine = first;
    if (startsLine) {
      const level = find((o) => o.bracket === closing && o.line < line && o.indent === indent);
      if (level >= 0) {
        closeDownTo(level + 1);
        return accept(token);
      }
    }
    if (open.bracket === closing) {
      // `… > >` in the middle of a block that goes on below: the second one closes nothing.
      if (!startsLine && open.line < line && open.hanging && goesOnBelow(next, open.indent)) return surplus(token, closing);
      return accept(token);
    }
    const outer = find((o) => o.bracket === closing);
    const wrong = outer < 0 || (startsLine ? open.line < line && open.indent === indent : open.line === line && stack[outer].line !== line);
    if (wrong) return closeWrongly(token, closing);
    closeDownTo(outer + 1);
    return accept(token);
  };
  const accept = (token: IToken) => {
    stack.pop();
    out.push(token);
  };
  const goesOnBelow = (from: number, outside: number): boolean => {
    let i = from;
    if (tokens[i]?.tokenType !== Newline) return false;
    while (tokens[i]?.tokenType === Newline) i++;
    return i < tokens.length && !closes(tokens[i]) && indentation(source.text, tokens[i].startOffset) > outside;
  };

  tokens.forEach((token, i) => {
    if (token.tokenType === Newline) {
      newlines.push(token);
      line++;
      first = true;
      return;
    }
    if (first) {
      indent = indentation(source.text, token.startOffset);
      leftmost ??= indent;
      stepsBack(token);
    }
    const opening = opens(token);
    const closing = closes(token);
    if (token.tokenType === Semicolon || opening?.holds === 'statements') while (top()?.bracket.holds === 'values') closeMissing();
    const previous = out.at(-1);
    flush();
    // `<<` typed twice: no block begins directly in another.
    if (opening?.holds === 'statements' && previous?.tokenType === opening.open && endOf(previous) === token.startOffset) {
      report.add('CNN1115', token.startOffset, endOf(token), { opener: opening.opener }, { fixes: [report.fix('delete it', token.startOffset, endOf(token), '', false)] });
      return;
    }
    if (closing) close(token, closing, i + 1);
    else out.push(token);
    if (opening) stack.push({ bracket: opening, token, line, indent, hanging: i + 1 >= tokens.length || tokens[i + 1].tokenType === Newline, content: null });
    first = false;
  });
  closeDownTo(0);
  flush();
  return out;
}

/** Values go on over a line end before a comma, an operator or a closing bracket; and, indented, after one of these and below a bracket that ended its line. */
function valuesGoOn(open: Open, last: IToken | undefined, token: IToken, indent: number): boolean {
  if (joining.has(token.tokenType) || closes(token)?.holds === 'values') return true;
  return indent > open.indent && (open.hanging || (!!last && joining.has(last.tokenType)));
}

/** Width of the blanks before the first token of a line; a tab goes to the next multiple of 4. */
function indentation(text: string, offset: number): number {
  let width = 0;
  let at = offset;
  while (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at--;
  for (; at < offset; at++) width += text[at] === '\t' ? 4 - (width % 4) : 1;
  return width;
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
