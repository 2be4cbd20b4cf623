/** A window of more than one pixel over an image of one pixel: the image became too small too early. */
import type { Rule } from './rule.ts';

export const onePixelTooEarly: Rule = ({ spots }, { report }) => {
  for (const { layer, calls } of spots) {
    // What enlarges (upsample, conv_transpose) may begin with one pixel.
    if (!('size' in layer.args) || !('stride' in layer.args) || layer.word === 'conv_transpose') continue;
    const [height, width] = layer.args.size;
    if (layer.input.length !== 3 || layer.input[0] !== 1 || layer.input[1] !== 1 || height * width === 1) continue;
    report.add('CNN3203', layer.use.span, { word: layer.word, window: layer.args.size }, { related: calls });
    return;
  }
};
