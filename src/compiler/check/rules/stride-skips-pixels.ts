/** A stride larger than the window: rows of pixels that nothing looks at. A 1x1 convolution with a stride is a known way to shrink, and meant. */
import type { Rule } from './rule.ts';
import { once } from './spots.ts';

export const strideSkipsPixels: Rule = ({ spots }, { report }) => {
  const first = once();
  for (const spot of spots) {
    const { args, word, use, input } = spot.layer;
    if (!('size' in args) || !('stride' in args) || word.endsWith('_transpose') || args.size[0] * args.size[1] === 1) continue;
    const skips = [0, 1].some((axis) => args.stride[axis] > args.size[axis] && input[axis] > args.size[axis]);
    if (!skips || !first(spot)) continue;
    report.add('CNN3211', use.args.get('stride')?.whole ?? use.span, { word, window: args.size, stride: args.stride }, { related: spot.calls });
  }
};
