/**
 * The tokens of the language (Chevrotain 11.2). A number and everything that touches it is one token, so that `5x5x` and `3e` are
 * one wrong number instead of three right things. Token passes (`layout.ts`, `balance.ts`) retag some of them before parsing.
 */
import { createToken, Lexer } from 'chevrotain';

/**
 * Letters beyond A–Z: any script, pictures too, but no punctuation, spaces or direction marks. As ranges, because Chevrotain
 * drops a regular expression's `u` flag; in UTF-16 units, so surrogates are among them.
 */
export const letterRanges: readonly (readonly [from: number, to: number])[] = [
  [0xaa, 0xaa], [0xb5, 0xb5], [0xba, 0xba], [0xc0, 0xd6], [0xd8, 0xf6], [0xf8, 0x61b], [0x61d, 0x167f], [0x1681, 0x1fff], [0x2070, 0x208e],
  [0x2c00, 0x2dff], [0x3005, 0x3007], [0x3021, 0xfefe], [0xff10, 0xff19], [0xff21, 0xff3a], [0xff41, 0xff5a], [0xff66, 0xffdc],
];

const unit = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;
const letter = `A-Za-z_${letterRanges.map(([from, to]) => `${unit(from)}-${unit(to)}`).join('')}`;

/** The patterns of numbers, for a class of letters: in JavaScript's spelling here, in Oniguruma's in the TextMate grammar. */
export function numberPatterns(letters: string) {
  const number = '(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][+-]?\\d+)?';
  /** What may not touch the end of a number. */
  const end = `(?![${letters}\\d.])`;
  return {
    Range: `${number}\\.\\.-?${number}${end}`,
    Size: `\\d+(?:x\\d+)+${end}`,
    Ratio: `${number}/${number}${end}`,
    Percent: `${number}%${end}`,
    Quantity: `${number}(?:[kKMG]B?|B)${end}`,
    Pixels: `${number}px${end}`,
    Number: `${number}${end}`,
    WrongNumber: `\\.?\\d[${letters}\\d.]*`,
  };
}
const numbers = numberPatterns(letter);
const pattern = (source: string) => new RegExp(source);

export const Newline = createToken({ name: 'Newline', pattern: /\r\n|\n|\r/, line_breaks: true, label: 'the end of the line' });
/** Blanks, a byte order mark, and the direction marks that `characters.ts` reports on its own. */
export const Blank = createToken({ name: 'Blank', pattern: /[ \t\f\v\u00a0\u1680\u2000-\u200f\u202a-\u202f\u205f-\u2069\u061c\u3000\ufeff]+/, group: Lexer.SKIPPED });
export const Comment = createToken({ name: 'Comment', pattern: /#[^\r\n]*/, group: 'comments' });
/** Comments of C and its kin, not where a `)` follows: there `//` may be a division. */
export const ForeignComment = createToken({ name: 'ForeignComment', pattern: /\/\/[^\r\n)]*(?=[\r\n]|$)|\/\*[^\r\n]*/ });

export const Text = createToken({ name: 'Text', pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/, label: 'a string' });
export const OpenText = createToken({ name: 'OpenText', pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*\\?/ });
/** Strings in quotes of other languages and of word processors. */
export const OtherQuotes = createToken({ name: 'OtherQuotes', pattern: /'[^'\r\n]*'|[“„][^“”\r\n]*[“”]/ });

export const Range = createToken({ name: 'Range', pattern: pattern(numbers.Range), label: 'a range' });
export const Size = createToken({ name: 'Size', pattern: pattern(numbers.Size), label: 'a size' });
export const Ratio = createToken({ name: 'Ratio', pattern: pattern(numbers.Ratio), label: 'a ratio' });
export const Percent = createToken({ name: 'Percent', pattern: pattern(numbers.Percent), label: 'a percentage' });
export const Quantity = createToken({ name: 'Quantity', pattern: pattern(numbers.Quantity), label: 'a quantity' });
export const Pixels = createToken({ name: 'Pixels', pattern: pattern(numbers.Pixels), label: 'a number of pixels' });
export const Number = createToken({ name: 'Number', pattern: pattern(numbers.Number), label: 'a number' });
export const WrongNumber = createToken({ name: 'WrongNumber', pattern: pattern(numbers.WrongNumber) });

export const Word = createToken({ name: 'Word', pattern: pattern(`[${letter}][${letter}\\d]*`), label: 'a word' });

export const Equals = createToken({ name: 'Equals', pattern: /=/, label: '`=`' });
export const Semicolon = createToken({ name: 'Semicolon', pattern: /;/, label: '`;`' });
export const Comma = createToken({ name: 'Comma', pattern: /,/, label: '`,`' });
/** A `(` that touches the word before it; `layout.ts` retags them. */
export const CallOpen = createToken({ name: 'CallOpen', pattern: Lexer.NA, label: '`(`' });
export const ParenOpen = createToken({ name: 'ParenOpen', pattern: /\(/, label: '`(`' });
export const ParenClose = createToken({ name: 'ParenClose', pattern: /\)/, label: '`)`' });
export const ListOpen = createToken({ name: 'ListOpen', pattern: /\[/, label: '`[`' });
export const ListClose = createToken({ name: 'ListClose', pattern: /\]/, label: '`]`' });
export const SettingsOpen = createToken({ name: 'SettingsOpen', pattern: /\{/, label: '`{`' });
export const SettingsClose = createToken({ name: 'SettingsClose', pattern: /\}/, label: '`}`' });
export const CellOpen = createToken({ name: 'CellOpen', pattern: /</, label: '`<`' });
export const CellClose = createToken({ name: 'CellClose', pattern: />/, label: '`>`' });

export const Minus = createToken({ name: 'Minus', pattern: /-/, label: '`-`' });
export const Plus = createToken({ name: 'Plus', pattern: /\+/, label: '`+`' });
export const Times = createToken({ name: 'Times', pattern: /\*/, label: '`*`' });
export const Divide = createToken({ name: 'Divide', pattern: /\//, label: '`/`' });
export const Modulo = createToken({ name: 'Modulo', pattern: /%/, label: '`%`' });
export const Power = createToken({ name: 'Power', pattern: /\^/, label: '`^`' });

/** Anything else; reported and left out before parsing. */
export const Unexpected = createToken({ name: 'Unexpected', pattern: /[\u0000-\uffff]/, line_breaks: true });

/** In the order in which they are tried. */
export const tokens = [
  Newline, Blank, Comment, ForeignComment, Text, OpenText, OtherQuotes,
  Range, Size, Ratio, Percent, Quantity, Pixels, Number, WrongNumber, Word,
  Equals, Semicolon, Comma, CallOpen, ParenOpen, ParenClose, ListOpen, ListClose, SettingsOpen, SettingsClose, CellOpen, CellClose,
  Minus, Plus, Times, Divide, Modulo, Power, Unexpected,
];
