/** Dropout from a counter-based generator: the mask is a function of key, step, stream and position alone. */
import { ndarray } from '../ndarray.ts';
import { philox4x32 } from '../philox.ts';
import type { OpDefinition } from './definition.ts';
import { expectInputs, expectShape, fail } from './definition.ts';

export const dropoutMask: OpDefinition<'dropoutMask'> = {
  infer(inputs, { bits, threshold }) {
    expectInputs('dropoutMask', inputs, [['int32', 1], ['int32', 0], ['any']]);
    expectShape('dropoutMask', 'the key', inputs[0], [2]);
    if (!(Number.isInteger(threshold) && threshold >= 0 && threshold < 2 ** bits)) fail(`dropoutMask with threshold ${threshold} of ${bits} bits`);
    return [{ dtype: 'bool', shape: inputs[2].shape }];
  },
  gradient: 'zero',
  evaluate([key, step, like], { bits, threshold, stream }) {
    const mask = ndarray(like.shape, undefined, 'bool');
    const words = new Uint32Array(4);
    const perWord = 32 / bits;
    for (let i = 0; i < mask.data.length; i++) {
      const word = Math.floor(i / perWord);
      if (i % (4 * perWord) === 0) philox4x32(word / 4, 0, step.data[0], stream, key.data[0], key.data[1], words);
      const drawn = (words[word % 4] >>> ((i % perWord) * bits)) & (2 ** bits - 1);
      mask.data[i] = Number(drawn >= threshold);
    }
    return [mask];
  },
};

/** Uniform numbers from 16 bits each, for noise. */
export const uniform: OpDefinition<'uniform'> = {
  infer(inputs) {
    expectInputs('uniform', inputs, [['int32', 1], ['int32', 0], ['any']]);
    expectShape('uniform', 'the key', inputs[0], [2]);
    return [{ dtype: 'float32', shape: inputs[2].shape }];
  },
  gradient: 'zero',
  evaluate([key, step, like], { stream }) {
    const out = ndarray(like.shape);
    const words = new Uint32Array(4);
    for (let i = 0; i < out.data.length; i++) {
      if (i % 8 === 0) philox4x32(i / 8, 0, step.data[0], stream, key.data[0], key.data[1], words);
      out.data[i] = (((words[(i >> 1) % 4] >>> (16 * (i % 2))) & 0xffff) + 0.5) / 0x10000;
    }
    return [out];
  },
};

export const applyMask: OpDefinition<'applyMask'> = {
  infer(inputs, { keep }) {
    expectInputs('applyMask', inputs, [['float'], ['bool']]);
    expectShape('applyMask', 'the mask', inputs[1], inputs[0].shape);
    if (!(keep > 0 && keep <= 1)) fail(`applyMask with keep = ${keep}`);
    return [inputs[0]];
  },
  gradient: ({ g, dy, inputs: [, mask], attrs: { keep } }) => [g.applyMask(dy, mask, keep), null],
  evaluate: ([x, mask], { keep }) => [ndarray(x.shape, x.data.map((v, i) => (mask.data[i] ? v / keep : 0)))],
};
