/** A batch_norm of a row of numbers in a batch of one: every value is its own mean, and what comes out is always beta. */
import { read } from '../../bind/bound.ts';
import type { Rule } from './rule.ts';
import { once } from './spots.ts';

export const batchOfOne: Rule = ({ bound, spots }, { report }) => {
  const batch = bound.fit.settings.get('batch');
  if (!batch?.sound || read(batch).number('size') !== 1) return;
  const first = once();
  for (const spot of spots) {
    const { word, input, use } = spot.layer;
    if (word !== 'batch_norm' || input.some((n, axis) => axis < input.length - 1 && n > 1) || !first(spot)) continue;
    report.add('CNN2210', use.span, {}, { related: [{ span: batch.span, label: 'one picture at a time' }, ...spot.calls] });
  }
};
