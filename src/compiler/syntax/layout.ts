/**
 * Last token pass: what line ends and blanks mean. Line ends inside `( )` and `[ ]` do not count; one before `{` or `<` does not
 * separate; a `(` that touches a word makes it a call; inside parentheses `/` and `%` are operators (`(2^1/255)`, `(25 % 4)`).
 */
import type { IToken, TokenType } from 'chevrotain';
import { opens, closes } from './brackets.ts';
import { retag } from './characters.ts';
import { endOf } from './lexer.ts';
import type { Report } from './report.ts';
import { CallOpen, CellOpen, Comma, Divide, Equals, ListOpen, Modulo, Newline, Number as NumberToken, ParenClose, ParenOpen, Percent, Ratio, Semicolon, SettingsOpen, Word } from './tokens.ts';

const startsBlock = (type: TokenType) => type === SettingsOpen || type === CellOpen;

export function layout(tokens: readonly IToken[], report: Report): IToken[] {
  const out: IToken[] = [];
  const inside: TokenType[] = [];
  let newlines: IToken[] = [];
  /** First word of the statement that is being read, for the warning about gaps. */
  let word = '';

  tokens.forEach((token, i) => {
    const type = token.tokenType;
    const surrounding = inside.at(-1);
    if (type === Newline) {
      if (surrounding !== ParenOpen && surrounding !== ListOpen) newlines.push(token);
      return;
    }
    const previous = out.at(-1);
    const begins = !previous || previous.tokenType === Semicolon || startsBlock(previous.tokenType);
    if (newlines.length > 0) {
      if (!startsBlock(type) || begins) {
        out.push(newlines[0]);
        word = token.image;
      } else if (newlines.length > 1) {
        report.add('CNN1114', token.startOffset, endOf(token), { word, opener: token.image || (type === CellOpen ? '<' : '{') });
      }
      newlines = [];
    } else if (begins) word = token.image;

    if (opens(token)) inside.push(type);
    else if (closes(token)) inside.pop();

    if (type === ParenOpen && previous?.tokenType === Word && endOf(previous) === token.startOffset) out.push(retag(token, CallOpen));
    else if (surrounding === ParenOpen && type === Ratio && !standsAlone(previous, after(tokens, i))) out.push(...split(token, Divide, '/'));
    else if (surrounding === ParenOpen && type === Percent && !endsValue(after(tokens, i))) out.push(...split(token, Modulo, '%'));
    else out.push(token);
  });
  out.push(...newlines.slice(0, 1));
  return out;
}

/** The next token, over line ends. */
function after(tokens: readonly IToken[], at: number): IToken | undefined {
  let next = at + 1;
  while (tokens[next]?.tokenType === Newline) next++;
  return tokens[next];
}

const endsValue = (next: IToken | undefined): boolean => !next || next.tokenType === Comma || next.tokenType === ParenClose;
const standsAlone = (previous: IToken | undefined, next: IToken | undefined): boolean =>
  (previous?.tokenType === CallOpen || previous?.tokenType === Comma || previous?.tokenType === Equals) && endsValue(next);

/** `1/255` → `1` `/` `255`; `25%` → `25` `%`. */
function split(token: IToken, operator: TokenType, sign: string): IToken[] {
  const at = token.image.indexOf(sign);
  const start = token.startOffset;
  const parts = [retag(token, NumberToken, token.image.slice(0, at)), retag(token, operator, sign, start + at)];
  const rest = token.image.slice(at + 1);
  return rest === '' ? parts : [...parts, retag(token, NumberToken, rest, start + at + 1)];
}
