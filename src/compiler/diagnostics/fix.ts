/** Applying fixes to a text. */
import type { Diagnostic, Edit } from './diagnostic.ts';

export interface Fixed {
  readonly text: string;
  /** How many fixes were applied. */
  readonly applied: number;
}

/**
 * Applies the first safe fix of each diagnostic to the text of one file. A fix is applied whole or not at all: one that touches
 * what another has already changed, or that reaches into another file, waits for the next round.
 */
export function applyFixes(text: string, file: string, diagnostics: readonly Diagnostic[]): Fixed {
  const taken: Edit[] = [];
  let applied = 0;
  for (const { fixes } of diagnostics) {
    const fix = fixes.find((f) => f.safe);
    if (!fix || fix.edits.some((edit) => edit.span.file !== file || taken.some((other) => overlap(edit, other)))) continue;
    taken.push(...fix.edits);
    applied++;
  }
  return { text: applyEdits(text, taken), applied };
}

/** Edits of one file that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { span, text: replacement } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    pieces.push(text.slice(at, span.start), replacement);
    at = span.end;
  }
  return [...pieces, text.slice(at)].join('');
}

/** Touching at a border counts: the order of two insertions in one place would be arbitrary. */
const overlap = (a: Edit, b: Edit): boolean => a.span.start <= b.span.end && b.span.start <= a.span.end;
