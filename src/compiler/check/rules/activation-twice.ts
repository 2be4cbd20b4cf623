/** Two activations with nothing between them. */
import { isActivation } from '../tail.ts';
import type { Rule } from './rule.ts';
import { once } from './spots.ts';

export const activationTwice: Rule = ({ spots }, { report }) => {
  const first = once();
  for (const spot of spots) {
    const { layer, previous } = spot;
    if (!previous || !isActivation(layer.word)) continue;
    const before = previous.layer;
    const earlier = isActivation(before.word) ? before.word : 'activation' in before.args ? before.args.activation : null;
    if (earlier === null || !first(spot)) continue;
    const at = before.use.args.get('activation')?.whole ?? before.use.span;
    report.add('CNN2117', layer.use.span, { first: earlier, second: layer.word }, { related: [{ span: at, label: `${earlier} here` }, ...spot.calls] });
  }
};
