/** A softmax over a single output is 1 whatever the picture shows. */
import type { Rule } from './rule.ts';

export const softmaxOverOne: Rule = ({ spots, headSound }, { report }) => {
  if (!headSound) return;
  for (const { layer, calls } of spots) {
    const option = layer.use.args.get('activation');
    if (layer.output.length !== 1 || layer.output[0] !== 1) continue;
    if (layer.word === 'softmax') report.add('CNN2114', layer.use.span, {}, { related: calls });
    else if ('activation' in layer.args && layer.args.activation === 'softmax' && option) report.add('CNN2114', option.whole, {}, { related: calls });
  }
};
