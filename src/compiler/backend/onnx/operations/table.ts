/** Every operation of the graph, in ONNX's. A missing one does not compile. */
import type { OpName } from '../../../graph/types.ts';
import { convolutions } from './convolution.ts';
import type { Emits } from './definition.ts';
import { depthwise } from './depthwise.ts';
import { elementwise } from './elementwise.ts';
import { sides } from './image.ts';
import { linear } from './linear.ts';
import { normalization, softmaxes } from './normalization.ts';
import { optimizers } from './optimizer.ts';
import { pools } from './pool.ts';
import { images, random } from './random.ts';
import { shapes, sources } from './shape.ts';

export const operations: Emits<OpName> = {
  ...sources,
  ...elementwise,
  ...shapes,
  ...linear,
  ...convolutions,
  ...depthwise,
  ...sides,
  ...pools,
  ...normalization,
  ...softmaxes,
  ...random,
  ...images,
  ...optimizers,
};
