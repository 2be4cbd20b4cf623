/** A dense layer on the plain sums of another: two linear maps are one. */
import type { Rule } from './rule.ts';
import { before, once } from './spots.ts';

const linear = (word: string): boolean => word === 'dropout' || word === 'flatten' || word === 'batch_norm';

export const denseAfterDense: Rule = ({ spots, complete }, { report }) => {
  if (!complete) return;
  const first = once();
  for (const spot of spots) {
    if (spot.layer.word !== 'dense') continue;
    const earlier = before(spot, linear);
    if (earlier?.layer.word !== 'dense' || !('activation' in earlier.layer.args) || earlier.layer.args.activation !== null) continue;
    // Fewer numbers between two wide layers are a way to save weights.
    const [width] = earlier.layer.output;
    if (width * 2 <= Math.min(earlier.layer.input[0], spot.layer.output[0]) || !first(earlier)) continue;
    report.add('CNN3209', earlier.layer.use.span, { width }, { related: [{ span: spot.layer.use.span, label: 'the next dense layer' }, ...earlier.calls] });
  }
};
