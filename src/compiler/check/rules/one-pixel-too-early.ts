/** A window of more than one pixel over an image of one pixel: the image became too small too early. */
import type { Rule } from './rule.ts';

export const onePixelTooEarly: Rule = ({ spots }, { report }) => {
  for (const { layer, calls } of spots) {
    if (!('size' in layer.args)) continue;
    const [height, width] = layer.args.size;
    if (layer.input.length !== 3 || layer.input[0] !== 1 || layer.input[1] !== 1 || height * width === 1) continue;
    report.add('CNN3203', layer.use.span, { word: layer.word, window: layer.args.size }, { related: calls });
    return;
  }
};
