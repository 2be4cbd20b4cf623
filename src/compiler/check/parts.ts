/** Test and validation parts: each asked for once, from the data's own folders, `split` or `fit { validation }`. */
import type { DataPlan } from '../model/program.ts';
import { read } from '../bind/bound.ts';
import type { Arg, Bound } from '../bind/bound.ts';
import type { Context } from './context.ts';

const defaultTest = 0.2;
const defaultValidation = 0.25;

export interface CheckedParts {
  readonly split: DataPlan['split'];
  /** Whether anything is validated. */
  readonly validates: boolean;
}

export function checkParts(bound: Bound, { report, facts }: Context): CheckedParts {
  const split = bound.data.settings.get('split');
  const given = split?.sound ? read(split) : null;
  const fit = bound.fit.settings.get('validation');
  const ownTest = (facts?.parts.test ?? false) || (bound.source?.args.has('test_images') ?? false);
  const ownValidation = facts?.parts.validation ?? false;
  const test = split?.args.get('test');
  const inSplit = split?.args.get('validation');
  if (ownTest && test && bound.source) report.add('CNN1210', test.whole, {}, { related: [{ span: bound.source.span, label: 'brings its own test part' }] });
  const second = fit?.sound ? fit : null;
  if (inSplit && second) report.add('CNN1209', second.span, { own: false }, { related: [{ span: inSplit.whole, label: 'and here' }] });
  else if (ownValidation && bound.source && (inSplit || second)) report.add('CNN1209', second ? second.span : (inSplit?.whole ?? bound.source.span), { own: true }, { related: [{ span: bound.source.span, label: 'brings its own validation part' }] });
  const share = inSplit && given ? given.number('validation') : second ? read(second).number('share') : defaultValidation;
  const by = given?.text('by');
  const group = split?.args.get('group');
  const named = group && given ? given.text('group') : null;
  if (named !== null && group) checkGroup(named, group, by === 'order' ? (split?.args.get('by') ?? null) : null, bound, report);
  return {
    split: {
      test: ownTest ? null : (given?.number('test') ?? defaultTest),
      validation: ownValidation ? null : share,
      by: by === 'random' || by === 'order' ? by : 'stratified',
      seed: given?.number('seed') ?? 0,
      duplicates: given?.text('duplicates') === 'allow' ? 'allow' : 'together',
      ...(named !== null ? { group: named } : {}),
    },
    validates: ownValidation || share > 0,
  };
}

/** A column only a table has; arrays have no names to see groups in; and the end of an order is no choice of groups. */
function checkGroup(group: string, at: Arg, order: Arg | null, { source }: Bound, report: Context['report']): void {
  const word = source?.word.word ?? null;
  const has = word === 'csv' ? 'columns' : word === 'folder' ? 'names' : 'nothing';
  if (word !== null && (has === 'nothing' || (has === 'names' && !group.includes('*')))) report.add('CNN4121', at.whole, { group, source: word, has: has === 'names' });
  if (order) report.add('CNN4122', at.whole, {}, { related: [{ span: order.whole, label: 'the end of the order' }] });
}
