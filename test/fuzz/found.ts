/** Programs that once came out differently, shrunk by the fuzzer; what it was stands above each. */
import fc from 'fast-check';
import { compile } from '../../src/compiler/compile.ts';
import type { DataFacts, LabelKind } from '../../src/compiler/model/program.ts';
import type { FuzzCase } from './generate.ts';

function found(text: string, input: readonly [number, number, number], labelKind: LabelKind, classes: number, seed: number, last: number): FuzzCase {
  const facts: DataFacts = {
    labelKind, classes: Array.from({ length: classes }, (_, i) => `c${i}`), sampleShape: input, pixelType: 'uint8', count: 100, perClass: [], parts: { test: false, validation: false },
  };
  const { program } = compile(`data { npz "fuzz.npz" }\n${text}`, { path: 'found.cnn', facts });
  if (!program) throw new Error(`does not compile any more:\n${text}`);
  return { text, facts, program, seed, last, refused: [], [fc.toStringMethod]: () => text };
}

export const foundCases: readonly FuzzCase[] = [
  // TensorFlow with oneDNN: the filter gradient of a 1x1 window whose stride leaves pixels over, channels no multiple of 8.
  found('network < conv 1 size=1 stride=2 same; flatten; dense classes >\nfit { batch 2 }', [12, 8, 1], 'categorical', 2, 0, 1),
  found('network < conv 4 size=1 stride=2; relu; conv 5 size=1 stride=1x2 same; flatten; dense classes >\nfit { batch 3 }', [8, 8, 3], 'categorical', 3, 1, 2),
  // The sum of a sample's loss, where gradients are of a network that is sure of itself: ONNX Runtime's sigmoid near 0.
  found('augment { zoom .2 }\nnetwork < repeat 2 < conv 3 kernel_initializer=ones bias_initializer=ones; dropout .9 >; global_avg_pool; relu; dense 1 >\ncompile { optimizer sgd momentum=.25 nesterov=on }\nfit { batch 5; seed 9 }', [5, 5, 1], 'binary', 2, 9, 1),
  // TensorFlow's remapper: maximum(c x, x) became a leaky relu, which it is for c up to 1 only.
  found('network < conv 2; branch < rescale 3 > < > merge=maximum; branch < residual < dropout 0 > > < > merge=maximum; flatten; dense classes >\nfit { batch 3 }', [6, 6, 1], 'categorical', 3, 4, 2),
  // ONNX Runtime: zeros around a picture became padding of the pool behind them, of which it takes no maximum and no mean; and more of it than a window it refused.
  found('network < conv 3; zero_pad 1; pool 2; conv 2; zero_pad 1; avg_pool 2; flatten; dense classes >\nfit { batch 2 }', [7, 7, 1], 'categorical', 3, 3, 1),
  found('network < conv 3; zero_pad 3; pool 2; zero_pad 2; avg_pool 2; flatten; dense classes >\nfit { batch 2 }', [6, 6, 1], 'categorical', 3, 3, 1),
];
