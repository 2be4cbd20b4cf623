/** A flatten of what is a row of numbers already. */
import type { Use } from '../../bind/bound.ts';
import { replace } from '../../bind/report.ts';
import type { Rule } from './rule.ts';

export const flattenedTwice: Rule = ({ layers }, { report }) => {
  const seen = new Set<Use>();
  for (const layer of layers) {
    if (layer.word !== 'flatten' || layer.input.length !== 1 || seen.has(layer.use)) continue;
    seen.add(layer.use);
    const first = layers.find((other) => other.input.length === 3 && other.output.length === 1);
    report.add('CNN3204', layer.use.span, {}, { ...(first ? { related: [{ span: first.use.span, label: 'a row of numbers from here on' }] } : {}), fixes: [replace('leave it out', layer.use.span, '', false)] });
  }
};
