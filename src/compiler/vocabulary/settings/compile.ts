/** Settings of `compile`. */
import type { Word } from '../types.ts';
import { param } from '../params.ts';

export const compileSettings: readonly Word[] = [
  {
    word: 'optimizer',
    group: 'compile',
    doc: 'How weights follow the gradient.',
    params: [param('kind', { kind: 'use', group: 'optimizer' }, 'The optimizer and its options.', { position: 0, required: true, default: 'adam' })],
    in: ['compile'],
    example: 'optimizer adam lr=.001',
    source: 'keras.optimizers',
  },
  {
    word: 'loss',
    group: 'compile',
    doc: 'What training makes small. Left out, it follows from the labels.',
    params: [param('kind', { kind: 'use', group: 'loss' }, 'The loss and its options.', { position: 0, required: true, default: 'what the labels ask for' })],
    in: ['compile'],
    example: 'loss categorical_crossentropy label_smoothing=.1',
    source: 'keras.losses',
  },
  {
    word: 'metrics',
    group: 'compile',
    doc: 'What is measured beside the loss.',
    keras: ['metric'],
    params: [param('kinds', { kind: 'use', group: 'metric' }, 'The metrics.', { position: 0, rest: true, required: true, default: 'accuracy; for values mae' })],
    in: ['compile'],
    example: 'metrics accuracy top_k(3)',
    source: 'keras.metrics',
  },
  {
    word: 'precision',
    group: 'compile',
    doc: 'The format of the numbers that training computes with.',
    details: 'With mixed_bfloat16 everything from the normalised image to the logits has 16 bits; weights, optimizer and loss keep 32. It is for processors with avx512_bf16 or amx_bf16, and for the TensorFlow engine; on others it is slower than float32, and run says so.',
    keras: ['mixed_precision', 'dtype_policy'],
    params: [param('format', { kind: 'choice', of: ['float32', 'mixed_bfloat16'] }, 'The format.', { position: 0, required: true, default: 'float32' })],
    in: ['compile'],
    example: 'precision float32',
    source: 'keras.mixed_precision.set_global_policy',
  },
];
