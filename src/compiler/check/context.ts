/** What every check gets. */
import type { DataFacts } from '../model/program.ts';
import type { Span } from '../source/source.ts';
import type { Report } from '../bind/report.ts';

export interface Context {
  readonly report: Report;
  /** What the data was found to be; null: not looked at yet. */
  readonly facts: DataFacts | null;
  /** The program's text at a span, for suggestions in the user's own words. */
  text(span: Span): string;
}
