/** Parameters that several layers share. */
import type { Param, ParamValue } from '../types.ts';
import { param } from '../params.ts';

export const stride = (value: ParamValue | null, keras = ['strides']): Param =>
  param('stride', { kind: 'size2' }, 'How far the window moves at a time.', { keras, ...(value === null ? { default: 'the size of the window' } : { value }) });

export const paddingParam = param('padding', { kind: 'choice', of: ['valid', 'same'] }, '`same` surrounds the image with zeros so that stride 1 keeps its size; `valid` does not.', {
  value: 'valid',
  flags: { same: 'same', valid: 'valid' },
});

export const bias = param('bias', { kind: 'switch' }, 'Whether a trained number is added to each output.', { value: true, keras: ['use_bias'] });

export const activation = param('activation', { kind: 'activation' }, 'A function applied to the output, inside the layer.', { default: 'none' });

export const kernelInitializer = param('kernel_initializer', { kind: 'initializer' }, 'Distribution of the first kernel.', { value: { initializer: { kind: 'glorot_uniform' } } });

export const biasInitializer = param('bias_initializer', { kind: 'initializer' }, 'First values of the bias.', { value: { initializer: { kind: 'zeros' } } });
