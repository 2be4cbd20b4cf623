/** A flatten of what is a row of numbers already. */
import { replace } from '../../bind/report.ts';
import type { Rule } from './rule.ts';
import { once } from './spots.ts';

export const flattenedTwice: Rule = ({ spots }, { report }) => {
  const first = once();
  for (const spot of spots) {
    const { layer } = spot;
    if (layer.word !== 'flatten' || layer.input.length !== 1 || !first(spot)) continue;
    const flat = spots.find((other) => other.layer.input.length === 3 && other.layer.output.length === 1);
    const related = flat ? [{ span: flat.layer.use.span, label: 'a row of numbers from here on' }] : [];
    report.add('CNN3204', layer.use.span, {}, { related: [...related, ...spot.calls], fixes: [replace('leave it out', layer.use.span, '', false)] });
  }
};
