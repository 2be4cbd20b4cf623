/** Numbers and strings: from their text to values. */
import type { IToken } from 'chevrotain';
import { endOf } from './lexer.ts';
import type { Value } from './ast.ts';
import type { LiteralCstNode } from './cst.ts';
import type { Report } from './report.ts';

const powers: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 };

export const literalToken = (node: LiteralCstNode): IToken | undefined => Object.values(node.children).find((tokens) => tokens && tokens.length > 0)?.[0];

/** `sign` is the minus that touches the number, if there is one. Reports numbers that are too large and sizes with a part of 0. */
export function literal(node: LiteralCstNode, sign: IToken | undefined, report: Report): Value | null {
  const token = literalToken(node);
  if (!token) return null;
  const span = report.span(sign?.startOffset ?? token.startOffset, endOf(token));
  const text = (sign ? '-' : '') + token.image;
  const factor = sign ? -1 : 1;
  const number = (image: string): number => {
    const value = Number.parseFloat(image);
    if (!Number.isFinite(value)) report.add('CNN1104', span.start, span.end, { text, hint: 'the largest number is about 1.8e308' });
    return Number.isFinite(value) ? value : Number.MAX_VALUE;
  };
  const image = typeof token.payload === 'string' ? token.payload : token.image;
  switch (token.tokenType.name) {
    case 'Percent':
      return { kind: 'percent', value: factor * number(image), text, span };
    case 'Ratio': {
      const [numerator, denominator] = image.split('/').map(number);
      return { kind: 'ratio', numerator: factor * numerator, denominator, text, span };
    }
    case 'Quantity': {
      const [, digits, power, bytes] = /^(.*?)([kKMG]?)(B?)$/.exec(image)!;
      return { kind: 'quantity', value: factor * number(digits) * powers[power], unit: bytes ? 'bytes' : 'count', text, span };
    }
    case 'Pixels':
      return { kind: 'pixels', value: factor * number(image), text, span };
    case 'Size': {
      const parts = /^\d+(?:x\d+)*/.exec(image)![0].split('x').map(number);
      if (sign || parts.some((p) => p < 1)) report.add('CNN1137', span.start, span.end, { text });
      return { kind: 'size', parts: parts.map((p) => Math.max(p, 1)), text, span };
    }
    case 'Range': {
      const [low, high] = image.split(/\.\.(?=-?\.?\d)/).map(number);
      return { kind: 'range', low: factor * low, high, text, span };
    }
    default:
      return { kind: 'number', value: factor * number(image), integer: /^\d+$/.test(image), text, span };
  }
}

/** The value of a string with its escapes; the closing quote may be missing. */
export function stringValue(token: IToken, report: Report): string {
  // A string in other quotes keeps its text; only its type was changed.
  if (token.image[0] !== '"') return token.image.slice(1, -1);
  const inner = token.image.length > 1 && /(?:^|[^\\])(?:\\\\)*"$/.test(token.image.slice(1)) ? token.image.slice(1, -1) : token.image.slice(1);
  return inner.replace(/\\(?:u\{([0-9a-fA-F]{1,6})\}|([^]?))/g, (escape: string, hex: string | undefined, character: string | undefined, index: number) => {
    if (hex && Number.parseInt(hex, 16) <= 0x10ffff) return String.fromCodePoint(Number.parseInt(hex, 16));
    // A backslash at the end of an unfinished string is reported with the string.
    if (character === '"' || character === '\\' || character === '') return character;
    const start = token.startOffset + 1 + index;
    report.add('CNN1106', start, start + escape.length, { escape });
    return escape;
  });
}
