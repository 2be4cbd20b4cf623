/** A window of more than one pixel over an image of one pixel: the image became too small too early. */
import type { Use } from '../../bind/bound.ts';
import type { Rule } from './rule.ts';

export const onePixelTooEarly: Rule = ({ layers }, { report }) => {
  const seen = new Set<Use>();
  for (const layer of layers) {
    if (!('size' in layer.args) || seen.has(layer.use)) continue;
    const [height, width] = layer.args.size;
    if (layer.input.length !== 3 || layer.input[0] !== 1 || layer.input[1] !== 1 || height * width === 1) continue;
    seen.add(layer.use);
    report.add('CNN3203', layer.use.span, { word: layer.word, window: layer.args.size });
    return;
  }
};
