/** `shuffle off` over data that is kept class by class: each batch then holds one class. */
import { read } from '../../bind/bound.ts';
import type { Rule } from './rule.ts';

export const unshuffledClasses: Rule = ({ bound, data }, { report }) => {
  const use = bound.fit.settings.get('shuffle');
  if (!use?.sound || read(use).flag('on') || bound.source?.word.word !== 'folder') return;
  if (data.kind !== 'categorical' && data.kind !== 'sparse' && data.kind !== 'binary') return;
  report.add('CNN2209', use.span, {}, { related: [{ span: bound.source.span, label: 'one class after the other' }] });
};
