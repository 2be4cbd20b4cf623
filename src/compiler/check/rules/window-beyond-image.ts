/**
 * A convolution with `same` whose window is so large for its image that most of its weights only ever meet the zeros around it.
 * Of a side of n pixels a window sees at most its middle 2n - 1 rows, so what lies beyond is never trained.
 */
import { covered } from '../../shape/window.ts';
import type { Rule } from './rule.ts';
import { once } from './spots.ts';

/** A third of the window and less: at a half the last block of a VGG on small pictures would be spoken of. */
const share = 1 / 3;

export const windowBeyondImage: Rule = ({ spots }, { report }) => {
  const first = once();
  for (const spot of spots) {
    const { word, args, input, use } = spot.layer;
    if (!('size' in args) || !('padding' in args) || args.padding !== 'same' || input.length !== 3 || word === 'pool' || word === 'avg_pool' || word === 'conv_transpose') continue;
    if (input[0] === 1 && input[1] === 1) continue;
    const dilation = 'dilation' in args ? (args.dilation as readonly number[]) : [1, 1];
    const met = args.size.map((size, axis) => Math.min(size, 2 * Math.floor((input[axis] - 1) / dilation[axis]) + 1));
    const used = (met[0] * met[1]) / (args.size[0] * args.size[1]);
    if (used > share || !first(spot)) continue;
    report.add('CNN3205', use.span, { word, window: args.size, covers: args.size.map((size, axis) => covered(size, dilation[axis])), input, met }, { related: spot.calls });
  }
};
