/**
 * The catalogue of codes. Each file under `catalogue/` holds one family; this file joins them and
 * gives `diagnostic(code, span, facts, extra)`, typed so that a wrong code or a missing fact does not compile.
 */
import type { Span } from '../source/source.ts';
import type { Diagnostic, Entry, Extra } from './diagnostic.ts';
import { compileCodes } from './catalogue/compile.ts';
import { syntaxCodes } from './catalogue/syntax.ts';
import { languageCodes } from './catalogue/language.ts';
import { labelCodes } from './catalogue/labels.ts';
import { shapeCodes } from './catalogue/shapes.ts';
import { dataCodes } from './catalogue/data.ts';
import { dataSourceCodes } from './catalogue/data-sources.ts';
import { trainingCodes } from './catalogue/training.ts';
import { engineCodes } from './catalogue/engine.ts';
import { budgetCodes } from './catalogue/budget.ts';
import { memoryCodes } from './catalogue/memory.ts';
import { buildCodes } from './catalogue/build.ts';
import { runCodes } from './catalogue/run.ts';
import { optionCodes } from './catalogue/options.ts';
import { ruleCodes } from './catalogue/rules.ts';
import { serveCodes } from './catalogue/serve.ts';

export const catalogue = {
  ...syntaxCodes,
  ...languageCodes,
  ...compileCodes,
  ...optionCodes,
  ...labelCodes,
  ...shapeCodes,
  ...ruleCodes,
  ...budgetCodes,
  ...memoryCodes,
  ...dataCodes,
  ...dataSourceCodes,
  ...trainingCodes,
  ...engineCodes,
  ...buildCodes,
  ...runCodes,
  ...serveCodes,
};

export type Code = keyof typeof catalogue;
export type Facts<C extends Code> = (typeof catalogue)[C] extends Entry<infer P> ? P : never;

export function diagnostic<C extends Code>(code: C, span: Span, facts: Facts<C>, extra: Extra = {}): Diagnostic {
  const entry = catalogue[code] as unknown as Entry<Facts<C>>;
  const words = entry.words(facts);
  return {
    code,
    severity: entry.severity,
    message: words.message,
    span,
    label: words.label,
    related: extra.related ?? [],
    notes: words.notes ?? [],
    help: words.help ?? [],
    fixes: extra.fixes ?? [],
  };
}
