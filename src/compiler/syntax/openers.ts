/** Where an opening bracket is missing whose closer stands there, and which of two brackets that do not match is the wrong one. */
import type { IToken } from 'chevrotain';
import { createTokenInstance } from 'chevrotain';
import { closes, opens } from './brackets.ts';
import type { Bracket } from './brackets.ts';
import { endOf } from './lexer.ts';
import { isSection, openerOf } from './reserved.ts';
import { Comma, Divide, Equals, Minus, Modulo, Newline, Plus, Power, Semicolon, Text, Times, Word } from './tokens.ts';

/** No head of a block, and no row of values, is longer. */
const longestHead = 200;
const operators = new Set([Minus, Plus, Times, Divide, Modulo, Power]);
const isOperator = (token: IToken): boolean => operators.has(token.tokenType);
const isNumber = (token: IToken): boolean => ['Range', 'Size', 'Ratio', 'Percent', 'Quantity', 'Pixels', 'Number'].includes(token.tokenType.name);
const isOperand = (token: IToken): boolean => isNumber(token) || token.tokenType === Word || token.tokenType === Text;

/** An empty token, for a bracket that is not in the text. */
export const invented = (type: Bracket['open'], at: number): IToken => createTokenInstance(type, '', at, at - 1, NaN, NaN, NaN, NaN);

/** Index of the opener that belongs to the closer at `at`; -1: none. */
function openerAt(tokens: readonly IToken[], at: number): number {
  let depth = 0;
  for (let i = at; i >= 0; i--) {
    if (closes(tokens[i])) depth++;
    else if (opens(tokens[i]) && --depth === 0) return i;
  }
  return -1;
}

const beginsStatement = (tokens: readonly IToken[], at: number): boolean => at === 0 || [Newline, Semicolon].includes(tokens[at - 1].tokenType) || opens(tokens[at - 1])?.holds === 'statements';

/** The bracket whose block the statement at the end of `tokens` still waits for, where everything before the block stands there. */
export function awaited(tokens: readonly IToken[]): Bracket['opener'] | null {
  let head = tokens.length - 1;
  const last = Math.max(0, head - longestHead);
  while (head > last && !beginsStatement(tokens, head)) head--;
  return head >= 0 && beginsStatement(tokens, head) && headEnd(tokens, head) === tokens.length ? (openerOf[tokens[head].image] ?? null) : null;
}

/** Before a surplus `)` or `]`: the index of the token that its opener is missing before, as far back as the values go on. */
export function valuesBegin(tokens: readonly IToken[], closing: Bracket, length = tokens.length): number | null {
  let first: number | null = null;
  let equals: number | null = null;
  let comma = false;
  let joined = false;
  let pieces = 0;
  let rightIsOperand = false;
  const last = tokens[length - 1];
  for (let i = length - 1; i >= Math.max(0, length - longestHead); i--) {
    let token = tokens[i];
    const joins = token.tokenType === Comma || token.tokenType === Equals || isOperator(token);
    if (joins) {
      joined ||= token.tokenType !== Equals;
      comma ||= token.tokenType === Comma;
      if (token.tokenType === Equals) equals = i;
      if (token.tokenType === Equals && closing.opener === '[') break;
      rightIsOperand = false;
      continue;
    }
    if (rightIsOperand) break;
    if (closes(token)?.holds === 'values') {
      i = openerAt(tokens, i);
      if (i < 0) break;
      if (tokens[i - 1]?.tokenType === Word && endOf(tokens[i - 1]) === tokens[i].startOffset) i--;
      token = tokens[i];
    } else if (!isOperand(token)) break;
    first = i;
    // The name of an option counts with its value.
    if (tokens[i + 1]?.tokenType !== Equals) pieces++;
    rightIsOperand = true;
  }
  // Directly behind another closer it is that one twice, or the opener is missing inside: `(floor five / 2))`.
  if (pieces === 1 && closes(last)) {
    const inside = closes(last) === closing && length === tokens.length ? valuesBegin(tokens, closing, length - 1) : null;
    return inside !== null && !opens(tokens[inside - 1] ?? tokens[inside]) ? inside : null;
  }
  // A value on its own needs no brackets; the word of the statement is none.
  if (pieces === 1 && !joined && first !== null && !isCall(tokens, first)) return null;
  if (first !== null && beginsStatement(tokens, first)) return null;
  // `lr=.01 * 10)`: without a comma it is the value of an option.
  return equals !== null && !comma && equals + 1 < length ? equals + 1 : first;
}

/** Does the bracket before `at` make a call of the word that it would touch? */
export function isCall(tokens: readonly IToken[], at: number): boolean {
  const word = tokens[at - 1];
  if (word?.tokenType !== Word) return false;
  const before = tokens[at - 2];
  const inValue = !!before && (before.tokenType === Equals || before.tokenType === Comma || isOperator(before) || opens(before)?.holds === 'values');
  return inValue || (tokens.length - at <= longestHead && tokens.slice(at).some((t) => t.tokenType === Comma));
}

/**
 * Before a surplus `}` or `>` (of which `tokens` are all that stands before it): where its opener is missing. On a line of its own
 * at the end of the line as far left as it; otherwise behind the nearest word of its line that has such a block.
 */
export function blockBegins(tokens: readonly IToken[], closing: Bracket, own: { readonly indent: number } | null, indentOf: (token: IToken) => number, columnOf: (token: IToken) => number, length = tokens.length): number | null {
  // Behind a block that is closed already the opener may be missing inside: `< repeat 2 conv 3 > >`.
  const last = tokens[length - 1];
  if (!own && length === tokens.length && last && closes(last) === closing) {
    const inside = blockBegins(tokens, closing, null, indentOf, columnOf, length - 1);
    if (inside !== null) return inside;
  }
  let start: number | null = null;
  let line = 0;
  let deeper = false;
  for (let i = length - 1; i >= 0; i--) {
    const token = tokens[i];
    if (closes(token)) {
      i = openerAt(tokens, i);
      if (i < 0) return null;
      // A line may begin with the closer of a block: `} else`, never a head.
      continue;
    }
    if (opens(token)) return null;
    if (token.tokenType === Newline) {
      line++;
      if (!own) return null;
      continue;
    }
    const begins = i === 0 || tokens[i - 1].tokenType === Newline;
    if (!own && begins && closing.opener === '<' && openerOf[token.image] === undefined && isBelowCell(tokens, i, columnOf)) return i;
    if (own) {
      if (!begins) continue;
      const indent = indentOf(token);
      deeper ||= indent > own.indent;
      if (line === 0 || indent > own.indent) continue;
      if (!deeper || indent < own.indent || token.tokenType !== Word) return null;
      start = i;
      break;
    }
    if (token.tokenType === Word && openerOf[token.image] === closing.opener && (begins || tokens[i - 1].tokenType === Semicolon || opens(tokens[i - 1]) || isSection(token.image))) {
      const end = headEnd(tokens, i);
      return end < 0 || (tokens[end] && opens(tokens[end])?.holds === 'statements') ? null : end;
    }
  }
  if (start === null) return null;
  let end = start + 1;
  while (end < tokens.length && tokens[end].tokenType !== Newline) end++;
  if (tokens[end - 1].tokenType === Semicolon) end--;
  return tokens.slice(start, end).some((t) => opens(t)?.holds === 'statements' || t.tokenType === Semicolon) ? null : end;
}

/** Does the line that begins at `at` stand below the cell before it, as the cells of a `branch` do? */
function isBelowCell(tokens: readonly IToken[], at: number, columnOf: (token: IToken) => number): boolean {
  let before = at - 1;
  while (tokens[before]?.tokenType === Newline) before--;
  if (before < 0 || closes(tokens[before])?.opener !== '<') return false;
  const opener = openerAt(tokens, before);
  return opener >= 0 && columnOf(tokens[opener]) === columnOf(tokens[at]);
}

/** Behind what stands between a word and its block: `repeat 3 as i`, `residual project`, `cell name(…)`, `plot loss`. */
function headEnd(tokens: readonly IToken[], at: number): number {
  const { image } = tokens[at];
  let end = at + 1;
  const group = () => {
    let depth = 0;
    do {
      if (opens(tokens[end])) depth++;
      if (closes(tokens[end])) depth--;
      end++;
    } while (depth > 0 && end < tokens.length);
    if (depth > 0) end = Infinity;
  };
  if (image === 'repeat') {
    if (tokens[end] && opens(tokens[end])) group();
    else if (tokens[end] && isOperand(tokens[end])) end++;
    if (end !== Infinity && tokens[end]?.image === 'as') end += 2;
  } else if (image === 'cell') {
    end++;
    if (tokens[end] && opens(tokens[end])?.opener === '(') group();
  } else if (image === 'residual' && tokens[end]?.image === 'project') {
    end += tokens[end + 1]?.tokenType === Equals ? 3 : 1;
  } else if (image === 'plot') end++;
  // In the middle of its parentheses a head has no end.
  return end === Infinity ? -1 : Math.min(end, tokens.length);
}

/** What the opener at `at` should have been, judged by the word before it and by what stands behind it; null: it may well be right. */
export function expectedOpener(tokens: readonly IToken[], at: number): Bracket['opener'] | null {
  const opening = opens(tokens[at]);
  if (opening?.holds === 'statements') {
    let head = at;
    while (head > Math.max(0, at - longestHead) && ![Newline, Semicolon].includes(tokens[head - 1].tokenType) && opens(tokens[head - 1])?.holds !== 'statements') head--;
    return openerOf[tokens[head].image] ?? null;
  }
  const touches = tokens[at - 1]?.tokenType === Word && endOf(tokens[at - 1]) === tokens[at].startOffset;
  const inside = tokens.slice(at + 1, at + longestHead);
  if (touches || inside.some((t) => isOperator(t) && t.tokenType !== Minus)) return '(';
  return inside.some((t) => t.tokenType === Comma) ? '[' : null;
}
