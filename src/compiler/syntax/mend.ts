/**
 * Mends brackets that do not match. Indentation says where a block ends: a missing closer is put where the text steps back, a
 * surplus or wrong one is taken out or replaced, a missing opener is put where its block begins. The message points at the opener
 * (at the closer, if that is the surplus one), never at the end of the file.
 */
import type { IToken } from 'chevrotain';
import type { Fix } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../source/source.ts';
import { positionAt } from '../source/source.ts';
import { byOpener, closes, nestingLimit, opens } from './brackets.ts';
import type { Bracket } from './brackets.ts';
import { retag } from './characters.ts';
import { endOf } from './lexer.ts';
import { awaited, blockBegins, expectedOpener, invented, isCall, valuesBegin } from './openers.ts';
import type { Report } from './report.ts';
import { alsoInside, isSection, openerOf, sections } from './reserved.ts';
import { Comma, Divide, Equals, Minus, Modulo, Newline, Plus, Power, Semicolon, Times } from './tokens.ts';

const missingLimit = 8;
/** So many missing openers are looked for, each through all that stands before. */
const searchLimit = 100;
/** Tokens of a line that are looked ahead for a closer. */
const lookahead = 200;
const joining = new Set([Comma, Minus, Plus, Times, Divide, Modulo, Power]);

interface Open {
  readonly bracket: Bracket;
  readonly token: IToken;
  readonly line: number;
  /** Of the line it stands on. */
  readonly indent: number;
  /** Its own, from the beginning of its line. */
  readonly column: number;
  /** True where it is the last on its line; its contents then have lines of their own. */
  readonly hanging: boolean;
  /** Behind a word that has no block. */
  readonly suspect: boolean;
  /** Indentation of its first line of content, once seen. */
  content: number | null;
}

export function mend(tokens: readonly IToken[], source: SourceFile, report: Report): readonly IToken[] {
  const out: IToken[] = [];
  let newlines: IToken[] = [];
  const stack: Open[] = [];
  /** Blocks that were closed, but stand behind no word that has one: a missing closer on the same line is rather their opener too much. */
  const suspects: Open[] = [];
  /** Openers that were left out, by the line they stand on: their closers go with them. */
  const dropped: { readonly bracket: Bracket; readonly line: number }[] = [];
  /** Closers that were put in, with the opener behind no word that is rather too much. */
  const missing: { readonly open: Open; readonly at: number; readonly text: string; readonly quiet: boolean; readonly suspect: IToken | null }[] = [];
  let searches = 0;
  let line = 0;
  let lineAt = 0;
  let indent = 0;
  let leftmost: number | null = null;
  let first = true;

  /** Neighbours must not grow together. */
  const remove = (token: IToken): Fix => {
    const [start, end] = [token.startOffset, endOf(token)];
    return report.fix('delete it', start, end, /\S/.test(source.text[start - 1] ?? ' ') && /\S/.test(source.text[end] ?? ' ') ? ' ' : '', false);
  };
  const indentOf = (token: IToken): number => indentation(source.text, token.startOffset);
  const column = (token: IToken): number => columnOf(source.text, token.startOffset);
  const top = () => stack.at(-1);
  const flush = () => {
    for (const newline of newlines) out.push(newline);
    newlines = [];
  };
  const closeMissing = (quiet = false) => {
    const open = stack.pop()!;
    const at = out.length > 0 ? endOf(out[out.length - 1]) : 0;
    out.push(invented(open.bracket.close, at));
    const { closer, holds } = open.bracket;
    const ownLine = holds === 'statements' && open.hanging && open.content !== null;
    const text = ownLine ? `\n${' '.repeat(open.indent)}${closer}` : holds === 'statements' ? ` ${closer}` : closer;
    // What is nested too deeply is reported as that.
    missing.push({ open, at, text, quiet: quiet || stack.length >= nestingLimit, suspect: suspects.find((s) => s.line === open.line && s.bracket === open.bracket && s.token.startOffset > open.token.startOffset)?.token ?? null });
  };
  /** Once all is read: closers that miss in one place are put there together. Those of one line are one slip. */
  const reportMissing = () => {
    for (let from = 0, to = 0; from < missing.length; from = to) {
      const { at } = missing[from];
      while (to < missing.length && missing[to].at === at) to++;
      const group = missing.slice(from, to);
      const text = group.map((m) => m.text).join('');
      const title = `add the missing ${group.length > 3 ? 'closing brackets' : group.map((m) => `\`${m.open.bracket.closer}\``).join(' and ')}`;
      let reported = -1;
      for (const { open, quiet, suspect } of group) {
        if (quiet || open.line === reported) continue;
        reported = open.line;
        const { opener } = open.bracket;
        const { startOffset } = suspect ?? open.token;
        if (suspect) report.add('CNN1115', startOffset, startOffset + 1, { opener }, { fixes: [remove(suspect)] });
        else report.add('CNN1110', startOffset, startOffset + 1, { opener, line: positionAt(source, at).line }, { fixes: [report.fix(title, at, at, text, false)] });
      }
    }
  };
  /** A closer of another kind than its opener: one of the two is wrong. */
  const closeWrongly = (token: IToken, closing: Bracket) => {
    const { bracket, token: opener } = stack.pop()!;
    const at = out.lastIndexOf(opener);
    const expected = expectedOpener(out, at);
    if (expected === closing.opener && closes(token)) {
      out[at] = retag(opener, closing.open);
      out.push(token);
      const [start, end] = [opener.startOffset, endOf(opener)];
      report.add('CNN1139', start, end, { opener: bracket.opener, better: closing.opener }, {
        related: [{ span: report.span(token.startOffset, endOf(token)), label: 'closed here' }],
        fixes: [report.fix(`write \`${closing.opener}\``, start, end, closing.opener)],
      });
      return;
    }
    out.push(retag(token, bracket.close));
    report.add('CNN1111', token.startOffset, endOf(token), { opener: bracket.opener, closer: closing.closer }, {
      related: [{ span: report.span(opener.startOffset, opener.startOffset + 1), label: 'opened here' }],
      fixes: [report.fix(`write \`${bracket.closer}\``, token.startOffset, endOf(token), bracket.closer)],
    });
  };
  /** A closer that nothing opened: its opener is missing, or it is one too many. */
  const surplus = (token: IToken, closing: Bracket) => {
    const left = dropped.findIndex((d) => d.bracket === closing && d.line === line);
    if (left >= 0) return void dropped.splice(left, 1);
    const at = searches++ >= searchLimit ? null : closing.holds === 'values' ? valuesBegin(out, closing) : blockBegins(out, closing, first ? { indent } : null, indentOf, column);
    if (at !== null && at > 0) return openMissing(at, token, closing);
    report.add('CNN1112', token.startOffset, endOf(token), { closer: closing.closer }, {
      fixes: [remove(token)],
    });
  };
  const openMissing = (index: number, token: IToken, closing: Bracket) => {
    const touches = (closing.holds === 'statements' && out[index - 1].tokenType !== Newline) || (closing.opener === '(' && isCall(out, index));
    const place = touches ? endOf(out[index - 1]) : out[index].startOffset;
    // The place is shown at the token that it touches.
    const shown = touches ? out[index - 1] : out[index];
    out.splice(index, 0, invented(closing.open, place));
    out.push(token);
    report.add('CNN1138', shown.startOffset, endOf(shown), { opener: closing.opener, closer: closing.closer, behind: touches, text: source.text.slice(shown.startOffset, endOf(shown)) }, {
      related: [{ span: report.span(token.startOffset, endOf(token)), label: 'this closes it' }],
      fixes: [report.fix(`add the missing \`${closing.opener}\``, place, place, closing.holds === 'values' ? closing.opener : touches ? ` ${closing.opener}` : `${closing.opener} `, false)],
    });
  };
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
    if (closes(token)) return;
    if (opens(token)?.holds === 'statements') {
      // Cells below each other: the one above ended with its line.
      for (let open = top(); open && open.line < line && open.bracket.holds === 'statements' && !open.hanging && indent <= open.column; open = top()) closeMissing();
      return;
    }
    if (indent <= (leftmost ?? 0) && sections.has(token.image) && !(alsoInside.has(token.image) && top()?.content === null)) closeDownTo(0);
    for (let open = top(); open && open.line < line && open.bracket.holds === 'statements'; open = top()) {
      if (indent > open.indent) {
        open.content ??= indent;
        break;
      }
      // A block whose contents were never indented says nothing by indentation.
      if (open.hanging && open.content === null && stack.at(-2)?.line !== open.line) break;
      closeMissing();
    }
  };

  const close = (token: IToken, closing: Bracket, next: number) => {
    const open = top();
    if (!open) return surplus(token, closing);
    if (closing.holds === 'values') {
      if (open.bracket === closing) return accept(token);
      if (open.bracket.holds !== 'values') {
        // In place of the block's own closer: where its line ends, or as far left as it.
        const ends = first ? open.line < line && open.indent === indent : open.line === line && !open.hanging && (next >= tokens.length || tokens[next].tokenType === Newline);
        return ends ? closeWrongly(token, closing) : surplus(token, closing);
      }
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
      // Deeper than the block around it: the opener of its own is missing.
      if (open.line < line && open.hanging && indent > open.indent && searches++ < searchLimit && blockBegins(out, closing, { indent }, indentOf, column) !== null) return surplus(token, closing);
      // In the middle of a block that goes on: it closes nothing.
      if (open.bracket === closing && indent > open.indent && goesOn(open, next)) return surplus(token, closing);
    }
    if (open.bracket === closing) {
      // `… > >` in the middle of a block that goes on below: the second one closes nothing.
      if (!startsLine && goesOn(open, next)) return surplus(token, closing);
      // The opener of its own is missing on its line.
      if (!startsLine && open.line < line && open.hanging && searches++ < searchLimit && blockBegins(out, closing, null, indentOf, column) !== null) return surplus(token, closing);
      return accept(token);
    }
    const outer = find((o) => o.bracket === closing);
    // Two closers, of which the second one fits; or one in the middle of a block that goes on.
    if (outer < 0 && (out.at(-1) === open.token || (tokens[next] && closes(tokens[next]) === open.bracket) || goesOn(open, next))) return surplus(token, closing);
    const wrong = outer < 0 || (startsLine ? open.line < line && open.indent === indent : open.line === line && stack[outer].line !== line);
    if (wrong) return closeWrongly(token, closing);
    closeDownTo(outer + 1);
    return accept(token);
  };
  /** Is the next token the closer of another kind of block, which is open here? */
  const closesAround = (opening: Bracket | undefined, from: number): boolean => {
    let i = from;
    while (tokens[i]?.tokenType === Newline) i++;
    const closing = tokens[i] && closes(tokens[i]);
    return !!closing && closing.holds === 'statements' && closing !== opening && top()?.bracket === closing;
  };
  /** Does a bracket of values that is open here end on this line? */
  const closesOnLine = (from: number, bracket: Bracket): boolean => {
    let depth = 0;
    for (let i = from; i < Math.min(tokens.length, from + lookahead) && tokens[i].tokenType !== Newline; i++) {
      if (opens(tokens[i])?.holds === 'values') depth++;
      else if (closes(tokens[i])?.holds === 'values' && depth-- === 0) return closes(tokens[i]) === bracket;
    }
    return false;
  };
  const accept = (token: IToken) => {
    const open = stack.pop();
    if (open?.suspect) {
      suspects.push(open);
      // Those of lines before are done with.
      if (suspects[0].line < line) suspects.shift();
    }
    out.push(token);
  };
  /** Does a block with lines of its own go on behind a closer that does not stand where its own would? */
  const goesOn = (open: Open, next: number): boolean => {
    const token = tokens[next];
    // `<>` at the end of its line, and the layers below.
    if (open.line === line && out.at(-1) === open.token) return linesBelow(next, open.indent);
    if (open.line >= line || !open.hanging || !token || closes(token)) return false;
    if (token.tokenType === Newline) return goesOnBelow(next, open.indent);
    return !(isSection(token.image) && tokens[next + 1] && opens(tokens[next + 1])?.opener === openerOf[token.image]);
  };
  const linesBelow = (from: number, outside: number): boolean => {
    let i = from;
    while (i < Math.min(tokens.length, from + lookahead) && tokens[i].tokenType !== Newline) i++;
    return goesOnBelow(i, outside);
  };
  const goesOnBelow = (from: number, outside: number): boolean => {
    let i = from;
    if (tokens[i]?.tokenType !== Newline) return false;
    while (tokens[i]?.tokenType === Newline) i++;
    return i < tokens.length && !closes(tokens[i]) && indentOf(tokens[i]) > outside;
  };

  tokens.forEach((token, i) => {
    if (token.tokenType === Newline) {
      newlines.push(token);
      line++;
      first = true;
      return;
    }
    if (first) {
      lineAt = lineStart(source.text, token.startOffset);
      indent = indentOf(token);
      leftmost ??= indent;
      stepsBack(token);
    }
    const opening = opens(token);
    const closing = closes(token);
    if (token.tokenType === Semicolon || opening?.holds === 'statements' || closing?.holds === 'statements') {
      // Among values that are closed behind it on their line it is a slip.
      if (top()?.bracket.holds === 'values' && closesOnLine(i + 1, top()!.bracket)) {
        if (token.tokenType !== Semicolon) report.add('CNN1126', token.startOffset, endOf(token), { text: `\`${token.image}\``, where: 'between values' }, { fixes: [remove(token)] });
        else out.push(token);
        if (opening) dropped.push({ bracket: opening, line });
        first = false;
        return;
      }
      while (top()?.bracket.holds === 'values') closeMissing();
    }
    // A section word with its block begins a section, wherever it stands.
    if (stack.length > 0 && isSection(token.image) && opens(tokens[i + 1] ?? token)?.opener === openerOf[token.image]) closeDownTo(0);
    const previous = out.at(-1);
    flush();
    // No block begins directly in another or behind `;`, or before the closer of the one around it.
    const before = tokens[i + 1] && opens(tokens[i + 1]);
    const stray = !previous || [Semicolon, Equals].includes(previous.tokenType) || joining.has(previous.tokenType) || opens(previous)?.holds === 'statements' || closesAround(opening, i + 1) || (first && before?.holds === 'statements' && before !== opening);
    if (opening?.holds === 'statements' && stray) {
      dropped.push({ bracket: opening, line });
      report.add('CNN1115', token.startOffset, endOf(token), { opener: opening.opener }, { fixes: [remove(token)] });
      first = false;
      return;
    }
    const endsLine = i + 1 >= tokens.length || tokens[i + 1].tokenType === Newline;
    // An opener alone in its line where the closer of the block should be.
    const around = top();
    if (first && endsLine && opening?.holds === 'statements' && around?.hanging && around.indent === indent && around.content !== null && around.line < line && !goesOnBelow(i + 1, indent)) {
      closeWrongly(token, { ...opening, closer: opening.opener });
      first = false;
      return;
    }
    // Another bracket where a block with lines of its own begins.
    const expected = endsLine && !first && (opening?.holds === 'values' || (closing && closing !== top()?.bracket)) && goesOnBelow(i + 1, indent) ? byOpener(awaited(out)) : undefined;
    if (expected) {
      const [start, end] = [token.startOffset, endOf(token)];
      report.add('CNN1139', start, end, { opener: token.image, better: expected.opener }, { fixes: [report.fix(`write \`${expected.opener}\``, start, end, expected.opener)] });
      const opener = retag(token, expected.open);
      out.push(opener);
      stack.push({ bracket: expected, token: opener, line, indent, column: token.startOffset - lineAt, hanging: true, suspect: false, content: null });
      return;
    }
    const suspect = opening?.holds === 'statements' && previous !== undefined && !closes(previous) && awaited(out) === null;
    if (closing) close(token, closing, i + 1);
    else out.push(token);
    if (opening) stack.push({ bracket: opening, token, line, indent, column: token.startOffset - lineAt, hanging: endsLine, suspect, content: null });
    first = false;
  });
  closeDownTo(0);
  flush();
  reportMissing();
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
  for (let at = lineStart(text, offset); at < offset; at++) width += text[at] === '\t' ? 4 - (width % 4) : 1;
  return width;
}

const columnOf = (text: string, offset: number): number => offset - lineStart(text, offset);

function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at--;
  return at;
}
