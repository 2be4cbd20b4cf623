/** Two activations with nothing between them. */
import type { Use } from '../../bind/bound.ts';
import { isActivation } from '../tail.ts';
import type { Rule } from './rule.ts';

export const activationTwice: Rule = ({ layers }, { report }) => {
  const seen = new Set<Use>();
  layers.forEach((layer, i) => {
    const previous = layers[i - 1];
    if (!previous || !isActivation(layer.word) || seen.has(layer.use)) return;
    const first = isActivation(previous.word) ? previous.word : 'activation' in previous.args ? previous.args.activation : null;
    if (first === null) return;
    seen.add(layer.use);
    report.add('CNN2117', layer.use.span, { first, second: layer.word }, { related: [{ span: previous.use.args.get('activation')?.whole ?? previous.use.span, label: `${first} here` }] });
  });
};
