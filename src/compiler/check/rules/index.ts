/** Every rule. A new one is a file here, a code in the catalogue, and a line in this list. */
import { activationTwice } from './activation-twice.ts';
import { denseHoldsAlmostEverything } from './dense-holds-almost-everything.ts';
import { dropoutBeforeBatchNorm } from './dropout-before-batch-norm.ts';
import { flattenedTwice } from './flattened-twice.ts';
import { mirroredLabels } from './mirrored-labels.ts';
import { onePixelTooEarly } from './one-pixel-too-early.ts';
import type { Rule } from './rule.ts';
import { softmaxBeforeFromLogits } from './softmax-before-from-logits.ts';
import { softmaxOverOne } from './softmax-over-one.ts';

export const rules: readonly Rule[] = [
  activationTwice,
  denseHoldsAlmostEverything,
  dropoutBeforeBatchNorm,
  flattenedTwice,
  mirroredLabels,
  onePixelTooEarly,
  softmaxBeforeFromLogits,
  softmaxOverOne,
];
