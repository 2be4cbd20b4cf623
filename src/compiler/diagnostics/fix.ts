/** Applying fixes to a text, once or until nothing is left to fix. */
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

/** A fix may uncover the next problem; this many rounds are enough for any program that a person wrote. */
const mostRounds = 50;

/**
 * Applies safe fixes, looks again, and goes on to a fixed point. A round that would make the program worse is taken back, and its
 * fixes are tried one by one: those that do harm on their own are left to the person. Never comes back to a text it has seen.
 */
export function fixAll(text: string, file: string, diagnose: (text: string) => readonly Diagnostic[]): Fixed {
  const seen = new Set([text]);
  let current = { text, found: diagnose(text) };
  let applied = 0;
  for (let round = 0; round < mostRounds; round++) {
    const next = step(current.text, file, current.found, diagnose, seen);
    if (!next) break;
    seen.add(next.text);
    applied += next.applied;
    current = next;
  }
  return { text: current.text, applied };
}

interface Step extends Fixed {
  readonly found: readonly Diagnostic[];
}

function step(text: string, file: string, found: readonly Diagnostic[], diagnose: (text: string) => readonly Diagnostic[], seen: ReadonlySet<string>): Step | null {
  const attempt = (diagnostics: readonly Diagnostic[]): Step | null => {
    const fixed = applyFixes(text, file, diagnostics);
    if (fixed.applied === 0 || seen.has(fixed.text)) return null;
    const after = diagnose(fixed.text);
    return isWorse(found, after, diagnostics) ? null : { ...fixed, found: after };
  };
  const fixable = found.filter((d) => d.fixes.some((fix) => fix.safe));
  const together = attempt(fixable);
  if (together || fixable.length <= 1) return together;
  for (const one of fixable) {
    const alone = attempt([one]);
    if (alone) return alone;
  }
  return null;
}

/**
 * More errors than before, or the first ones. One error may take the place of another that was fixed: a word that is understood
 * at last may not fit. Errors that nothing hid before, as when only warnings were fixed, are worse in any number.
 */
function isWorse(before: readonly Diagnostic[], after: readonly Diagnostic[], fixed: readonly Diagnostic[]): boolean {
  const errors = (list: readonly Diagnostic[]): readonly Diagnostic[] => list.filter((d) => d.severity === 'error');
  if (errors(after).length > errors(before).length) return true;
  const codes = new Set(errors(before).map((d) => d.code));
  return errors(fixed).length === 0 && errors(after).some((d) => !codes.has(d.code));
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
