/** Parsing in tests: with the invariants of every tree checked, and short forms to compare. */
import { expect } from 'vitest';
import type { Diagnostic } from '../../src/compiler/diagnostics/diagnostic.ts';
import { renderText } from '../../src/compiler/diagnostics/render/text.ts';
import { sourceFile } from '../../src/compiler/source/source.ts';
import type { Ast } from '../../src/compiler/syntax/ast.ts';
import { parse } from '../../src/compiler/syntax/parse.ts';
import { children, walk } from '../../src/compiler/syntax/walk.ts';

/** Parses, and checks what holds for every text: spans nest and are ordered, diagnostics are ordered and point into the text. */
export function parseChecked(text: string, path = 'test.cnn'): { ast: Ast; diagnostics: readonly Diagnostic[] } {
  const result = parse(sourceFile(path, text));
  const seen = new Set<object>();
  walk(result.ast, (node, parent) => {
    if (seen.has(node)) throw new Error('a node is visited twice');
    seen.add(node);
    const { start, end } = node.span;
    const outer = parent?.span ?? { start: 0, end: text.length };
    if (!(Number.isInteger(start) && outer.start <= start && start <= end && end <= outer.end)) {
      throw new Error(`span ${start}–${end} is not inside ${outer.start}–${outer.end}: ${JSON.stringify(node)}`);
    }
    const below = children(node);
    for (let i = 1; i < below.length; i++) if (below[i].span.start < below[i - 1].span.start) throw new Error('children out of order');
  });
  for (const d of result.diagnostics) {
    for (const span of [d.span, ...d.related.map((r) => r.span), ...d.fixes.flatMap((f) => f.edits.map((e) => e.span))]) {
      if (!(span.file === path && 0 <= span.start && span.start <= span.end && span.end <= text.length)) throw new Error(`${d.code} points outside the text: ${JSON.stringify(span)}`);
    }
  }
  return result;
}

/** Without spans: for comparing what was written, wherever it stands. */
export const withoutSpans = (node: unknown): unknown => JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'span' ? undefined : value)));

export function expectClean(text: string): Ast {
  const { ast, diagnostics } = parseChecked(text);
  expect(renderText(diagnostics, new Map([['test.cnn', sourceFile('test.cnn', text)]]))).toBe('');
  return ast;
}

/** Each diagnostic as `CODE "the text it points at"`. */
export const brief = (text: string, diagnostics: readonly Diagnostic[]): string[] => diagnostics.map((d) => `${d.code} ${JSON.stringify(text.slice(d.span.start, d.span.end))}`);
