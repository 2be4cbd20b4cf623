/** A pool directly on the result of a pool of the same kind: one of them with a larger window does the same. */
import type { Rule } from './rule.ts';
import { once } from './spots.ts';

export const poolAfterPool: Rule = ({ spots }, { report }) => {
  const first = once();
  for (const spot of spots) {
    const { layer, previous } = spot;
    if (!previous || (layer.word !== 'pool' && layer.word !== 'avg_pool') || previous.layer.word !== layer.word) continue;
    const [before, own] = [previous.layer.args, layer.args];
    if (!('size' in before) || !('size' in own) || !('stride' in own) || !('stride' in before)) continue;
    // Overlapping windows one after the other widen step by step, which is meant (spatial pyramids).
    if ([before, own].some(({ size, stride }) => stride[0] < size[0] || stride[1] < size[1])) continue;
    if (!first(spot)) continue;
    const size = [before.size[0] * own.size[0], before.size[1] * own.size[1]];
    report.add('CNN3207', layer.use.span, { word: layer.word, size }, { related: previous.layer.use === layer.use ? spot.calls : [{ span: previous.layer.use.span, label: 'the first' }, ...spot.calls] });
  }
};
