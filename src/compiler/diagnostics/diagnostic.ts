/**
 * Diagnostics as data. Passes report a code and facts; the wording lives in the catalogue
 * (`catalogue/*.ts`), the long explanation in `docs/errors/CODE.md`.
 */
import type { Span } from '../source/source.ts';

export type Severity = 'error' | 'warning' | 'info';

/** A replacement of text; `span.start === span.end` inserts. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Safe fixes keep the meaning the user plainly had; `cnnc check --fix` applies only these. */
  readonly safe: boolean;
}

/** Another place that explains the problem. */
export interface Related {
  readonly span: Span;
  readonly label: string;
  /** The problem came about by this place: the use of a cell, an iteration. Innermost first. */
  readonly via?: 'call' | 'iteration';
}

export interface Diagnostic {
  /** `CNN` and four digits; stable for ever. 1xxx language, 2xxx labels and loss, 3xxx shapes, 4xxx data, 5xxx training, 6xxx engine, files and commands. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence, no full stop at its end. */
  readonly message: string;
  readonly span: Span;
  /** What stands behind the carets. */
  readonly label?: string;
  readonly related: readonly Related[];
  /** Lines after `= `: the chain of facts. A note may hold several lines. */
  readonly notes: readonly string[];
  /** Lines after `= help: `. */
  readonly help: readonly string[];
  readonly fixes: readonly Fix[];
}

/** What the catalogue makes of a code's facts. */
export interface Wording {
  readonly message: string;
  readonly label?: string;
  readonly notes?: readonly string[];
  readonly help?: readonly string[];
}

/** One entry of the catalogue: `P` are the facts the pass must give. */
export interface Entry<P> {
  readonly severity: Severity;
  /** A few words for lists: "unknown word". */
  readonly title: string;
  readonly words: (facts: P) => Wording;
}

export interface Extra {
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
}

/** A problem that stops a command: carries diagnostics up to the command line, which renders them. */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'));
    this.name = 'DiagnosticError';
    this.diagnostics = diagnostics;
  }
}

/** Collects diagnostics; passes get one of these and never throw for a user's mistake. */
export interface Bag {
  readonly all: readonly Diagnostic[];
  readonly hasErrors: boolean;
  add(diagnostic: Diagnostic): void;
}

export function bag(): Bag {
  const all: Diagnostic[] = [];
  return {
    all,
    get hasErrors() {
      return all.some((d) => d.severity === 'error');
    },
    add: (diagnostic) => void all.push(diagnostic),
  };
}
