/** One dense layer of millions of weights holds at least 95 % of them: usually a flatten of an image that is still large. */
import { elements } from '../../shape/shape.ts';
import { layerDefinition } from '../walk.ts';
import type { Rule } from './rule.ts';

const share = 0.95;
/** Below this the layer is small enough to be meant: a digit classifier's dense layer after flatten stays silent. */
const many = 2_000_000;

export const denseHoldsAlmostEverything: Rule = ({ spots, complete }, { report }) => {
  if (!complete) return;
  const counts = spots.map(({ layer }) => layerDefinition(layer.word).variables(layer.input, layer.args).reduce((sum, v) => sum + elements(v.shape), 0));
  const total = counts.reduce((sum, n) => sum + n, 0);
  spots.forEach(({ layer, calls }, i) => {
    if (layer.word === 'dense' && counts[i] >= many && counts[i] >= share * total) report.add('CNN3201', layer.use.span, { share: counts[i] / total, count: counts[i], input: layer.input }, { related: calls });
  });
};
