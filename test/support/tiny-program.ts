/** A Program small enough for the interpreter: 4x4 grey pictures of two kinds, one convolution, dropout, a dense head. */
import { compile } from '../../src/compiler/compile.ts';
import type { Compile, Fit, Program } from '../../src/compiler/model/program.ts';

export interface TinyOptions {
  readonly fit?: Partial<Fit>;
  readonly compile?: Partial<Compile>;
}

const text = `
model Tiny
data { synthetic shapes count=20 classes=2; image 4x4 gray }
network < conv 2; relu; flatten; dropout .25; dense classes; softmax >
compile { optimizer adam lr=.01; metrics accuracy }
fit { epochs 3; batch 5; seed 7 }
plot loss
`;
const facts = { labelKind: 'sparse', classes: ['a', 'b'], sampleShape: [4, 4, 1], pixelType: 'uint8', count: 20, perClass: [10, 10], parts: { test: false, validation: false } } as const;

export function tinyProgram(options: TinyOptions = {}): Program {
  const { program, diagnostics } = compile(text, { path: 'tiny.cnn', facts });
  if (!program) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return { ...program, fit: { ...program.fit, earlyStopping: null, checkpoint: null, ...options.fit }, compile: { ...program.compile, ...options.compile } };
}
