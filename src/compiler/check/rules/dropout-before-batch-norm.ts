/** Dropout whose next layer with weights is a batch_norm. Source: Li et al., "Understanding the disharmony between dropout and batch normalization" (2018). */
import type { Use } from '../../bind/bound.ts';
import { isActivation } from '../tail.ts';
import type { Rule } from './rule.ts';

const transparent = (word: string): boolean => isActivation(word) || word === 'pool' || word === 'avg_pool' || word === 'flatten';

export const dropoutBeforeBatchNorm: Rule = ({ layers }, { report }) => {
  const seen = new Set<Use>();
  layers.forEach((layer, i) => {
    if (layer.word !== 'dropout' || seen.has(layer.use)) return;
    let next = i + 1;
    while (next < layers.length && transparent(layers[next].word)) next++;
    if (layers[next]?.word !== 'batch_norm') return;
    seen.add(layer.use);
    report.add('CNN3202', layer.use.span, {}, { related: [{ span: layers[next].use.span, label: 'the batch_norm' }] });
  });
};
