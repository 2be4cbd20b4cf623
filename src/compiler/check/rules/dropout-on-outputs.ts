/** Dropout behind the last layer with weights: it sets answers to zero, not what they are made of. */
import { isActivation } from '../tail.ts';
import type { Rule } from './rule.ts';

export const dropoutOnOutputs: Rule = ({ spots, complete }, { report }) => {
  if (!complete) return;
  let dropout = null;
  for (const spot of [...spots].reverse()) {
    const { word, use } = spot.layer;
    if (word === 'dropout') dropout = spot;
    else if (word === 'dense' && dropout) {
      report.add('CNN3208', dropout.layer.use.span, {}, { related: [{ span: use.span, label: 'the last layer with weights' }, ...dropout.calls] });
      return;
    } else if (!isActivation(word) || !spot.previous) return;
  }
};
