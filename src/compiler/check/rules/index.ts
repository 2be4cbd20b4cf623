/** Every rule. A new one is a file here, a code in the catalogue, and a line in this list. */
import { activationTwice } from './activation-twice.ts';
import { batchOfOne } from './batch-of-one.ts';
import { biasWithoutEffect } from './bias-without-effect.ts';
import { cellNeverRuns } from './cell-never-runs.ts';
import { denseAfterDense } from './dense-after-dense.ts';
import { denseHoldsAlmostEverything } from './dense-holds-almost-everything.ts';
import { dropoutBeforeBatchNorm } from './dropout-before-batch-norm.ts';
import { dropoutOnOutputs } from './dropout-on-outputs.ts';
import { flattenedTwice } from './flattened-twice.ts';
import { learningRate } from './learning-rate.ts';
import { mirroredLabels } from './mirrored-labels.ts';
import { noEffect } from './no-effect.ts';
import { noPatience } from './no-patience.ts';
import { onePixelTooEarly } from './one-pixel-too-early.ts';
import { poolAfterPool } from './pool-after-pool.ts';
import type { Rule } from './rule.ts';
import { scaledInNetwork } from './scaled-in-network.ts';
import { softmaxBeforeFromLogits } from './softmax-before-from-logits.ts';
import { softmaxInside } from './softmax-inside.ts';
import { softmaxOverOne } from './softmax-over-one.ts';
import { strideSkipsPixels } from './stride-skips-pixels.ts';
import { unshuffledClasses } from './unshuffled-classes.ts';
import { windowBeyondImage } from './window-beyond-image.ts';

export const rules: readonly Rule[] = [
  activationTwice,
  batchOfOne,
  biasWithoutEffect,
  cellNeverRuns,
  denseAfterDense,
  denseHoldsAlmostEverything,
  dropoutBeforeBatchNorm,
  dropoutOnOutputs,
  flattenedTwice,
  learningRate,
  mirroredLabels,
  noEffect,
  noPatience,
  onePixelTooEarly,
  poolAfterPool,
  scaledInNetwork,
  softmaxBeforeFromLogits,
  softmaxInside,
  softmaxOverOne,
  strideSkipsPixels,
  unshuffledClasses,
  windowBeyondImage,
];
