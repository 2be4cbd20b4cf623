/** How the passes of this folder report: codes and facts with offsets; at most 100 problems of one file. */
import { diagnostic } from '../diagnostics/catalogue.ts';
import type { Code, Facts } from '../diagnostics/catalogue.ts';
import type { Diagnostic, Extra, Fix } from '../diagnostics/diagnostic.ts';
import type { Span } from '../source/source.ts';

const limit = 100;

export interface Report {
  readonly file: string;
  span(start: number, end: number): Span;
  add<C extends Code>(code: C, start: number, end: number, facts: Facts<C>, extra?: Extra): void;
  /** A fix that replaces one stretch of text. */
  fix(title: string, start: number, end: number, text: string, safe?: boolean): Fix;
  /** Lets a pass take echoes out of what was reported, which it gets in the order of the text. */
  keep(choose: (found: readonly Diagnostic[]) => readonly Diagnostic[]): void;
  /** Errors reported so far, echoes included. */
  readonly errors: number;
  /** What was reported, in the order of the text. */
  finish(length: number): readonly Diagnostic[];
}

export function report(file: string): Report {
  let found: Diagnostic[] = [];
  let more = 0;
  let errors = 0;
  const span = (start: number, end: number): Span => ({ file, start, end: Math.max(start, end) });
  const sort = () => found.sort((a, b) => a.span.start - b.span.start);
  return {
    file,
    span,
    add(code, start, end, facts, extra) {
      const made = diagnostic(code, span(start, end), facts, extra);
      if (made.severity === 'error') errors++;
      if (found.length < limit) found.push(made);
      else more++;
    },
    fix: (title, start, end, text, safe = true) => ({ title, edits: [{ span: span(start, end), text }], safe }),
    keep(choose) {
      sort();
      found = [...choose(found)];
    },
    get errors() {
      return errors;
    },
    finish(length) {
      sort();
      if (more > 0) found.push(diagnostic('CNN1199', span(length, length), { count: more }));
      return found;
    },
  };
}
