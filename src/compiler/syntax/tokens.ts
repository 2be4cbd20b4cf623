/**
 * The tokens of the language (Chevrotain 11.2). A number and everything that touches it is one token, so that `5x5x` and `3e` are
 * one wrong number instead of three right things. Token passes (`layout.ts`, `balance.ts`) retag some of them before parsing.
 */
import { createToken, Lexer } from 'chevrotain';

/** Letters of any script; Chevrotain drops a regular expression's `u` flag, so the ranges stand here. No punctuation, spaces or bidi controls. */
const letter = 'A-Za-z_\\u00aa\\u00b5\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u061b\\u061d-\\u1fff\\u2070-\\u208e\\u2c00-\\u2dff\\u3005-\\u3007\\u3021-\\u9fff\\ua000-\\uf8ff\\uf900-\\ufefe\\uff10-\\uff1a\\uff21-\\uff3a\\uff41-\\uff5a\\uff66-\\uffdc';
const number = '(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][+-]?\\d+)?';
/** What may not touch the end of a number. */
const end = `(?![${letter}\\d.])`;
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

export const Range = createToken({ name: 'Range', pattern: pattern(`${number}\\.\\.-?${number}${end}`), label: 'a range' });
export const Size = createToken({ name: 'Size', pattern: pattern(`\\d+(?:x\\d+)+${end}`), label: 'a size' });
export const Ratio = createToken({ name: 'Ratio', pattern: pattern(`${number}/${number}${end}`), label: 'a ratio' });
export const Percent = createToken({ name: 'Percent', pattern: pattern(`${number}%${end}`), label: 'a percentage' });
export const Quantity = createToken({ name: 'Quantity', pattern: pattern(`${number}(?:[kKMG]B?|B)${end}`), label: 'a quantity' });
export const Pixels = createToken({ name: 'Pixels', pattern: pattern(`${number}px${end}`), label: 'a number of pixels' });
export const Number = createToken({ name: 'Number', pattern: pattern(`${number}${end}`), label: 'a number' });
export const WrongNumber = createToken({ name: 'WrongNumber', pattern: pattern(`\\.?\\d[${letter}\\d.]*`) });

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
