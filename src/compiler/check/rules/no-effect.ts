/** A layer that gives back what it receives: pool 1, dropout 0. Written as a number, that is: a parameter of a cell may be 1 or 0. */
import { replace } from '../../bind/report.ts';
import type { Rule } from './rule.ts';
import { once } from './spots.ts';

export const noEffect: Rule = ({ spots }, { report, text }) => {
  const first = once();
  for (const spot of spots) {
    const { args, word, use } = spot.layer;
    const value = use.args.get(word === 'dropout' ? 'rate' : 'size');
    if (!value || !/^[\d.x%]+$/.test(text(value.span))) continue;
    const isDropout = word === 'dropout' && 'rate' in args && args.rate === 0;
    const isPool = (word === 'pool' || word === 'avg_pool') && 'size' in args && 'stride' in args && args.size[0] * args.size[1] * args.stride[0] * args.stride[1] === 1;
    if ((!isDropout && !isPool) || !first(spot)) continue;
    report.add('CNN3212', use.span, { word, written: text(use.span) }, { related: spot.calls, fixes: [replace('leave it out', use.span, '', false)] });
  }
};
