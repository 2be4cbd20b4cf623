/** A softmax whose result goes on into layers with weights: it makes almost everything small, and gradients with it. */
import type { Rule } from './rule.ts';
import { once } from './spots.ts';

const weights = (word: string): boolean => word === 'conv' || word.endsWith('_conv') || word === 'conv_transpose' || word === 'dense' || word === 'batch_norm';
const transparent = (word: string): boolean => word === 'dropout' || word === 'flatten' || word === 'pool' || word === 'avg_pool';

export const softmaxInside: Rule = ({ spots }, { report }) => {
  const first = once();
  for (const spot of spots) {
    const { layer } = spot;
    const option = 'activation' in layer.args && layer.args.activation === 'softmax' ? layer.use.args.get('activation') : undefined;
    if (layer.word !== 'softmax' && !option) continue;
    let next = spot.next;
    while (next && transparent(next.layer.word)) next = next.next;
    if (!next || !weights(next.layer.word) || !first(spot)) continue;
    report.add('CNN3210', option?.whole ?? layer.use.span, { over: layer.output }, { related: [{ span: next.layer.use.span, label: 'works on its result' }, ...spot.calls] });
  }
};
