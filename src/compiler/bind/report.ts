/** How bind and check report: typed by the catalogue, into one bag. */
import { diagnostic } from '../diagnostics/catalogue.ts';
import type { Code, Facts } from '../diagnostics/catalogue.ts';
import type { Bag, Extra, Fix, Related } from '../diagnostics/diagnostic.ts';
import type { Span } from '../source/source.ts';

export interface Report {
  add<C extends Code>(code: C, span: Span, facts: Facts<C>, extra?: Extra): void;
  /** Errors so far: passes compare before and after to know whether a part is sound. */
  readonly errors: number;
  /** What is reported meanwhile has come about by `at`: the use of a cell, an iteration. */
  within<T>(at: Related, work: () => T): T;
  /** Errors count meanwhile, but are not said: their cause was reported already. */
  silently<T>(work: () => T): T;
}

export function reportTo(bag: Bag): Report {
  let errors = 0;
  const around: Related[] = [];
  let silent = 0;
  /** A cell that is used twice says the same twice. */
  const said = new Set<string>();
  return {
    add(code, span, facts, extra) {
      const made = diagnostic(code, span, facts, around.length === 0 ? extra : { ...extra, related: [...(extra?.related ?? []), ...[...around].reverse()] });
      if (made.severity === 'error') errors++;
      if (silent > 0) return;
      const key = `${code} ${span.file} ${span.start} ${span.end}`;
      if (around.length > 0 && said.has(key)) return;
      said.add(key);
      bag.add(made);
    },
    within(at, work) {
      around.push(at);
      try {
        return work();
      } finally {
        around.pop();
      }
    },
    silently(work) {
      silent++;
      try {
        return work();
      } finally {
        silent--;
      }
    },
    get errors() {
      return errors;
    },
  };
}

/** Replaces one stretch of text; an empty span inserts. */
export const replace = (title: string, span: Span, text: string, safe = true): Fix => ({ title, edits: [{ span, text }], safe });

export const after = (span: Span): Span => ({ file: span.file, start: span.end, end: span.end });
export const before = (span: Span): Span => ({ file: span.file, start: span.start, end: span.start });
