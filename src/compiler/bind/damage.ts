/** Where the parser reported errors, for quick questions: what stands there is not taken at its word. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../source/source.ts';
import type { Statement } from '../syntax/ast.ts';
import { placesOf } from '../syntax/causes.ts';

export interface Damage {
  /** Both ends count: a missing closer is noticed where the text ends. */
  within(span: Span): boolean;
  /** Inside of `outer`, but in none of the spans, which are in the order of the text. */
  between(outer: Span, inner: readonly Span[]): boolean;
  /** In the statement, but not inside of its blocks. */
  inHead(statement: Statement): boolean;
}

export const noDamage: Damage = { within: () => false, between: () => false, inHead: () => false };

export function damageOf(diagnostics: readonly Diagnostic[]): Damage {
  const byFile = new Map<string, number[]>();
  for (const d of diagnostics) {
    if (d.severity !== 'error') continue;
    const list = byFile.get(d.span.file);
    if (list) list.push(...placesOf(d));
    else byFile.set(d.span.file, [...placesOf(d)]);
  }
  if (byFile.size === 0) return noDamage;
  for (const list of byFile.values()) list.sort((a, b) => a - b);
  /** The first place from `start` on, up to and including `end`. */
  const any = (file: string, start: number, end: number): boolean => {
    const list = byFile.get(file) ?? [];
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] < start) low = middle + 1;
      else high = middle;
    }
    return low < list.length && list[low] <= end;
  };
  const within = ({ file, start, end }: Span): boolean => any(file, start, end);
  const between = (outer: Span, inner: readonly Span[]): boolean => {
    if (!within(outer)) return false;
    let at = outer.start;
    for (const { start, end } of inner) {
      if (any(outer.file, at, start - 1)) return true;
      at = end + 1;
    }
    return any(outer.file, at, outer.end);
  };
  // The brackets of a block belong to the head.
  const inHead = (statement: Statement): boolean => between(statement.span, statement.blocks.map(({ span }) => ({ ...span, start: span.start + 1, end: span.end - 1 })));
  return { within, between, inHead };
}
