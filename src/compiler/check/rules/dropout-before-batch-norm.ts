/** Dropout whose next layer with weights is a batch_norm. Source: Li et al., "Understanding the disharmony between dropout and batch normalization" (2018). */
import { isActivation } from '../tail.ts';
import type { Rule } from './rule.ts';
import { before, once } from './spots.ts';

const transparent = (word: string): boolean => isActivation(word) || word === 'pool' || word === 'avg_pool' || word === 'flatten';

export const dropoutBeforeBatchNorm: Rule = ({ spots }, { report }) => {
  const first = once();
  for (const spot of spots) {
    if (spot.layer.word !== 'batch_norm') continue;
    const dropout = before(spot, transparent);
    if (dropout?.layer.word !== 'dropout' || !first(dropout)) continue;
    report.add('CNN3202', dropout.layer.use.span, {}, { related: [{ span: spot.layer.use.span, label: 'the batch_norm' }, ...dropout.calls] });
  }
};
