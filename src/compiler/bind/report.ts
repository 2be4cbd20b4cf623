/** How bind and check report: typed by the catalogue, into one bag. */
import { diagnostic } from '../diagnostics/catalogue.ts';
import type { Code, Facts } from '../diagnostics/catalogue.ts';
import type { Bag, Extra, Fix } from '../diagnostics/diagnostic.ts';
import type { Span } from '../source/source.ts';

export interface Report {
  add<C extends Code>(code: C, span: Span, facts: Facts<C>, extra?: Extra): void;
  /** Errors so far: passes compare before and after to know whether a part is sound. */
  readonly errors: number;
}

export function reportTo(bag: Bag): Report {
  let errors = 0;
  return {
    add(code, span, facts, extra) {
      const made = diagnostic(code, span, facts, extra);
      if (made.severity === 'error') errors++;
      bag.add(made);
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
