/**
 * First pass over a text and its tokens: what is no text at all, characters the language does not know, wrong numbers and
 * unfinished strings. What can be guessed goes on as the token that was meant, so that one slip is one message.
 */
import type { IToken, TokenType } from 'chevrotain';
import { endOf, lex } from './lexer.ts';
import { textLimit } from './limits.ts';
import type { Report } from './report.ts';
import { ForeignComment, Number as NumberToken, OpenText, OtherQuotes, Size, Text, Unexpected, WrongNumber } from './tokens.ts';

/** Marks, embeddings, overrides and isolates that reorder text on the screen ("Trojan Source", CVE-2021-42574). */
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Reports a text that is no program at all; false if so. */
export function isProgramText(text: string, report: Report): boolean {
  if (text.length > textLimit) {
    report.add('CNN1101', 0, 0, { size: text.length, limit: textLimit });
    return false;
  }
  const head = text.slice(0, 4096);
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const strange = (head.match(/[\u0001-\u0008\u000e-\u001f\ufffd]/g) ?? []).length;
  if (text.includes('\0') || strange * 10 > head.length) {
    report.add('CNN1100', 0, 0, { reason: 'a binary file' });
    return false;
  }
  for (const { 0: mark, index } of text.matchAll(directions)) {
    const code = `U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    report.add('CNN1102', index, index + 1, { code }, {
      // Neighbours must not grow together.
      fixes: [report.fix('delete the character', index, index + 1, /\S\S/.test((text[index - 1] ?? ' ') + (text[index + 1] ?? ' ')) ? ' ' : '')],
    });
  }
  return true;
}

/** Characters that stand for another one (and `×` between numbers), and what to say about some that other languages use. */
const alike: Readonly<Record<string, string>> = { '“': '"', '”': '"', '„': '"', '–': '-', '—': '-', '−': '-', '＜': '<', '＞': '>', '；': ';', '，': ',', '＝': '=' };
const hints: Readonly<Record<string, string>> = {
  ':': 'a value follows its word directly: epochs 50',
  '.': 'digits follow a dot: .25',
  '@': 'names are made of letters, digits and _',
  '$': 'names are made of letters, digits and _',
  '&': 'words are separated by blanks',
  '|': 'words are separated by blanks',
  '`': 'strings stand in double quotes: "cats"',
};

/** A token like another one with another type, image and end. */
export const retag = (token: IToken, tokenType: TokenType, image = token.image, startOffset = token.startOffset): IToken => ({
  ...token,
  image,
  startOffset,
  endOffset: startOffset + image.length - 1,
  tokenType,
  tokenTypeIdx: tokenType.tokenTypeIdx!,
});

export function checkCharacters(tokens: readonly IToken[], report: Report): readonly IToken[] {
  const known: IToken[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const start = token.startOffset;
    const end = endOf(token);
    switch (token.tokenType) {
      case WrongNumber:
        known.push(wrongNumber(token, report));
        break;
      case OpenText: {
        // Brackets at the end of the line were hardly meant to be part of the string.
        const text = token.image.replace(/(?<=.)[\s})\]>;]+$/, '');
        const close = start + text.length;
        report.add('CNN1105', start, close, {}, { fixes: [report.fix('close the string', close, close, '"', false)] });
        known.push(retag(token, Text, text));
        for (const rest of lex(token.image.slice(text.length)).tokens) known.push(retag(rest, rest.tokenType, rest.image, rest.startOffset + close));
        break;
      }
      case OtherQuotes: {
        const better = `"${token.image.slice(1, -1).replace(/["\\]/g, '\\$&')}"`;
        report.add('CNN1107', start, end, { text: better }, { fixes: [report.fix(`write ${better}`, start, end, better)] });
        known.push(retag(token, Text));
        break;
      }
      case ForeignComment:
        report.add('CNN1108', start, end, {}, { fixes: [report.fix('write #', start, start + 2, '#')] });
        break;
      case Unexpected: {
        const previous = known.at(-1);
        const next = tokens[i + 1];
        const isSize = next?.startOffset === end && !!previous && endOf(previous) === start && /^\d+$/.test(next.image) && /^\d+(x\d+)*$/.test(previous.image);
        if (token.image === '×' && isSize) {
          reportCharacters(report, start, '×', 'x');
          known[known.length - 1] = retag(previous, Size, `${previous.image}x${next.image}`);
          i++;
          break;
        }
        let last = i;
        while (tokens[last + 1]?.tokenType === Unexpected && tokens[last + 1].startOffset === endOf(tokens[last])) last++;
        reportCharacters(report, start, tokens.slice(i, last + 1).map((t) => t.image).join(''));
        i = last;
        break;
      }
      default:
        known.push(token);
    }
  }
  return known;
}

function reportCharacters(report: Report, start: number, text: string, meant = alike[text]): void {
  const end = start + text.length;
  if (meant) report.add('CNN1103', start, end, { text, hint: `write ${meant}` }, { fixes: [report.fix(`write ${meant}`, start, end, meant)] });
  else report.add('CNN1103', start, end, { text: printable(text), hint: hints[text[0]] });
}

/** Control characters by number, long runs cut. */
const printable = (text: string): string => {
  const short = [...text].slice(0, 12).join('');
  // eslint-disable-next-line no-control-regex -- control characters are what is replaced
  return short.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/g, (c) => (short.codePointAt(short.indexOf(c))! > 0xffff ? c : `\\u{${c.charCodeAt(0).toString(16)}}`)) + (short.length < text.length ? '…' : '');
};

/** Reports, and goes on with the number at its beginning. */
function wrongNumber(token: IToken, report: Report): IToken {
  const { image, startOffset } = token;
  const end = endOf(token);
  const guess = guesses.map(([pattern, better]) => (pattern.test(image) ? better(image) : null)).find((g) => g !== null);
  report.add('CNN1104', startOffset, end, { text: image.length > 24 ? `${image.slice(0, 23)}…` : image, hint: guess ? `write ${guess}` : undefined }, {
    fixes: guess ? [report.fix(`write ${guess}`, startOffset, end, guess)] : [],
  });
  // The image stays, so that places stay right; `literals.ts` reads the payload, or as much of the image as is a number.
  if (guess) return { ...retag(token, lex(guess).tokens[0].tokenType), payload: guess };
  return /^\d+x\d+/.test(image) ? retag(token, Size) : retag(token, NumberToken);
}

/** What was plainly meant. */
const guesses: readonly (readonly [RegExp, (image: string) => string])[] = [
  [/^\d+(_\d+)+$/, (s) => s.replaceAll('_', '')],
  [/^\d+\.$/, (s) => s.slice(0, -1)],
  [/^\d+(X\d+)+$/, (s) => s.replaceAll('X', 'x')],
  [/^\d+(\.\d+)?(Mb|mb|Gb|gb|Kb|kb)$/, (s) => s.replace(/k/i, 'k').replace(/m/i, 'M').replace(/g/i, 'G').replace(/b$/, 'B')],
  [/^\d+(\.\d+)?(g|m)$/, (s) => s.toUpperCase()],
];
