/** A bias that was asked for, directly before a batch_norm: its mean takes the bias out again. A bias that is there by default is left alone. */
import type { Rule } from './rule.ts';
import { once } from './spots.ts';

export const biasWithoutEffect: Rule = ({ spots }, { report }) => {
  const first = once();
  for (const spot of spots) {
    const before = spot.previous?.layer;
    if (spot.layer.word !== 'batch_norm' || !before || !('bias' in before.args) || !before.args.bias) continue;
    if ('activation' in before.args && before.args.activation !== null) continue;
    const asked = before.use.args.get('bias_initializer') ?? before.use.args.get('bias');
    if (!asked || !first(spot.previous)) continue;
    report.add('CNN3206', asked.whole, { word: before.word }, { related: [{ span: spot.layer.use.span, label: 'subtracts the mean, and the bias with it' }, ...spot.calls] });
  }
};
