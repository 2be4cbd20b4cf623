/** A layer that gives back what it receives: pool 1, dropout 0, zero_pad 0. Written as a number, that is: a parameter of a cell may be 1 or 0. */
import type { LayerArgs } from '../../model/program.ts';
import { replace } from '../../bind/report.ts';
import type { Rule } from './rule.ts';
import { once } from './spots.ts';

const is = (numbers: readonly number[], value: number): boolean => numbers.every((n) => n === value);

/** The parameter that says how much each word does, and whether that is nothing. */
const nothing: Readonly<Record<string, { readonly param: string; readonly holds: (args: LayerArgs) => boolean }>> = {
  dropout: { param: 'rate', holds: (args) => 'rate' in args && args.rate === 0 },
  spatial_dropout: { param: 'rate', holds: (args) => 'rate' in args && args.rate === 0 },
  gaussian_dropout: { param: 'rate', holds: (args) => 'rate' in args && args.rate === 0 },
  gaussian_noise: { param: 'stddev', holds: (args) => 'stddev' in args && args.stddev === 0 },
  pool: { param: 'size', holds: (args) => 'size' in args && 'stride' in args && is([...args.size, ...args.stride], 1) },
  avg_pool: { param: 'size', holds: (args) => 'size' in args && 'stride' in args && is([...args.size, ...args.stride], 1) },
  upsample: { param: 'size', holds: (args) => 'size' in args && is(args.size, 1) },
  zero_pad: { param: 'padding', holds: (args) => 'padding' in args && typeof args.padding !== 'string' && is(args.padding, 0) },
  cropping: { param: 'cropping', holds: (args) => 'cropping' in args && is(args.cropping, 0) },
};

export const noEffect: Rule = ({ spots }, { report, text }) => {
  const first = once();
  for (const spot of spots) {
    const { args, word, use } = spot.layer;
    const entry = nothing[word];
    const value = entry && use.args.get(entry.param);
    if (!value || !entry.holds(args) || !/^[\d.x%[\], ]+$/.test(text(value.span)) || !first(spot)) continue;
    report.add('CNN3212', use.span, { word, written: text(use.span) }, { related: spot.calls, fixes: [replace('leave it out', use.span, '', false)] });
  }
};
