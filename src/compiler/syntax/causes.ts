/**
 * One cause, one error, among the errors of syntax: on a line whose brackets were mended, and in a statement with a wrong character
 * or number, what the parser makes of the rest is an echo; of what it says about one statement the first is the cause.
 */
import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../source/source.ts';
import { positionAt } from '../source/source.ts';
import { closes, opens } from './brackets.ts';
import { Newline, Semicolon } from './tokens.ts';

type Kind = 'bracket' | 'character' | 'statement' | 'other';

const kindOf = ({ code, severity }: Diagnostic): Kind => {
  if (severity !== 'error') return 'other';
  const number = Number(code.slice(3));
  if ((number >= 1110 && number <= 1115 && number !== 1113) || number === 1138 || number === 1139) return 'bracket';
  // Other quotes were understood.
  if (number >= 1103 && number <= 1108 && number !== 1107) return 'character';
  return number >= 1120 && number <= 1137 ? 'statement' : 'other';
};

/** Where a mended bracket changed the text: its own place, and the one where a closer was put. */
export const placesOf = (d: Diagnostic): readonly number[] => [d.span.start, ...(d.code === 'CNN1110' || d.code === 'CNN1138' ? d.fixes.flatMap((fix) => fix.edits.map((edit) => edit.span.start)) : [])];

export function withoutEchoes(found: readonly Diagnostic[], source: SourceFile, tokens: readonly IToken[]): readonly Diagnostic[] {
  const kinds = found.map(kindOf);
  if (found.length < 2) return found;
  const ends = tokens.filter((t) => t.tokenType === Newline || t.tokenType === Semicolon || opens(t)?.holds === 'statements' || closes(t)?.holds === 'statements').map((t) => t.startOffset);
  const segment = (offset: number): number => countBelow(ends, offset);
  const lines = new Set<number>();
  const nextAt = (place: number): number => nextCode(source.text, place);
  const characters = new Set<number>();
  const characterStarts = new Set<number>();
  const characterLines = new Set<number>();
  const next = new Set<number>();
  found.forEach((d, i) => {
    if (kinds[i] === 'bracket') {
      for (const place of placesOf(d)) {
        lines.add(positionAt(source, place).line);
        next.add(nextAt(place));
      }
    }
    if (kinds[i] === 'character') {
      characters.add(segment(d.span.start));
      characterStarts.add(d.span.start);
      characterLines.add(positionAt(source, d.span.start).line);
    }
  });
  const statements = new Set<number>();
  const bracketLines = new Set<number>();
  /** Tokens behind the places where brackets were put. */
  const afterScars = new Set<number>();
  // The fix of a call writes its strings anew, too.
  const calls = found.filter((d) => d.code === 'CNN1121').map((d) => d.span);
  const cut = found.filter((d) => d.code === 'CNN1113').map((d) => d.span);
  return found.filter((d, i) => {
    // What was left out is missing around it.
    if (kinds[i] === 'statement' && cut.some(({ start, end }) => d.span.start <= end && start <= d.span.end)) return false;
    if (d.code === 'CNN1107' && calls.some(({ start, end }) => start <= d.span.start && d.span.end <= end)) return false;
    if (kinds[i] === 'bracket') {
      // One slip a line; where a character is wrong, it may have been the bracket.
      const places = placesOf(d);
      const own = places.map((place) => positionAt(source, place).line);
      if (own.some((line) => bracketLines.has(line) || characterLines.has(line)) || places.slice(1).some((place) => characterStarts.has(nextAt(place)))) return false;
      if (i > 0 && afterScars.has(d.span.start)) return false;
      for (const place of places.slice(1)) afterScars.add(nextAt(place));
      for (const line of own) bracketLines.add(line);
    }
    if (kinds[i] !== 'statement') return true;
    const at = segment(d.span.start);
    if (lines.has(positionAt(source, d.span.start).line) || next.has(d.span.start) || characters.has(at) || statements.has(at)) return false;
    statements.add(at);
    return true;
  });
}

/** Offset of the next token: behind blanks, line ends, separators and comments. */
export function nextCode(text: string, from: number): number {
  const gap = /(?:[\s;]|#[^\r\n]*)*/y;
  gap.lastIndex = from;
  gap.test(text);
  return gap.lastIndex;
}

/** How many of a sorted list are less than `value`. */
function countBelow(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
