/** Class weights and sampling: they are about classes, by the names that the data has. */
import type { Fit } from '../model/program.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { read } from '../bind/bound.ts';
import type { Use } from '../bind/bound.ts';
import { replace } from '../bind/report.ts';
import type { CheckedData } from './data.ts';
import type { CheckedTraining } from './training.ts';
import type { Context } from './context.ts';

export function checkClasses(weightUse: Use | null, samplingUse: Use | null, training: CheckedTraining, data: Pick<CheckedData, 'names'>, { report }: Context): Pick<Fit, 'classWeight' | 'sampling'> {
  for (const use of [weightUse, samplingUse])
    if (use && (training.kind === 'values' || training.kind === 'multilabel')) report.add('CNN2120', use.span, { word: use.word.word, kind: training.kind });
  const sampling = samplingUse && 'oversample';
  if (!weightUse) return { classWeight: null, sampling };
  const balanced = weightUse.args.has('how');
  const lines = weightUse.args.has('weights') ? read(weightUse).entries('weights') : null;
  if (balanced === (lines !== null)) report.add('CNN1240', weightUse.span, { both: balanced });
  if (balanced && sampling) report.add('CNN2123', weightUse.span, {}, { related: [{ span: samplingUse.span, label: 'the first time' }] });
  if (balanced) return { classWeight: 'balanced', sampling };
  const { names } = data;
  for (const line of names ? weightUse.statement.blocks.flatMap((block) => block.statements) : []) {
    const { text, span } = line.word;
    if (!names || names.includes(text)) continue;
    const suggestion = suggest(text, names)?.word ?? null;
    const written = suggestion !== null && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(suggestion) ? suggestion : JSON.stringify(suggestion);
    report.add('CNN2121', span, { name: text, classes: names, suggestion }, suggestion === null ? {} : { fixes: [replace(`write ${written}`, span, written)] });
  }
  return { classWeight: (lines ?? []).map(({ name, value }) => ({ class: name, weight: value })), sampling };
}
