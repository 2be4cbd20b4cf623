/** Programs with each kind of layer that is printed, and with penalties, bounds and frozen layers. */
import type { Program } from '../../../src/compiler/model/program.ts';
import { program } from './programs.ts';
import type { Spec } from './programs.ts';

const end: readonly Spec[] = [['flatten'], ['dense', { units: 3 }], ['softmax']];
const sgd = { kind: 'sgd', lr: 0.05, momentum: 0, nesterov: false } as const;
const layered = (input: readonly number[], ...network: readonly Spec[]): Program => program({ input, network: [...network, ...end], optimizer: sgd });

export const layers: Record<string, Program> = {
  'convolutions of channels': layered(
    [9, 8, 3], ['depthwise_conv', { depth_multiplier: 2, activation: 'tanh' }], ['depthwise_conv', { stride: [2, 2], padding: 'same', bias: false }], ['separable_conv', { filters: 4, size: [2, 2], activation: 'hard_silu' }],
  ),
  dilated: layered([11, 10, 2], ['depthwise_conv', { dilation: [2, 1] }], ['separable_conv', { filters: 4, size: [2, 2], dilation: [1, 2], padding: 'same' }], ['conv', { filters: 4, dilation: [2, 2] }], ['conv', { filters: 4, groups: 2, size: [2, 2], dilation: [2, 1] }]),
  'groups and back': layered([6, 7, 3], ['conv', { filters: 6, groups: 3, stride: [2, 2], padding: 'same' }], ['conv_transpose', { filters: 3, stride: [2, 2], padding: 'same' }], ['mish'], ['conv_transpose', { filters: 2, size: [2, 3], stride: [2, 1], bias: false }]),
  sides: layered(
    [5, 6, 1], ['zero_pad', { padding: [1, 2, 0, 3] }], ['conv', { filters: 2 }], ['cropping', { cropping: [1, 0, 1, 1] }], ['upsample', { size: [2, 3] }], ['conv', { filters: 2 }], ['upsample', { size: [2, 2], interpolation: 'bilinear' }],
    ['conv', { filters: 2 }], ['rescale', { scale: 2, offset: -1 }], ['permute', { dims: [2, 1, 3] }], ['conv', { filters: 2 }], ['reshape', { shape: [-1, 4] }], ['layer_norm'],
  ),
  norms: layered([7, 6, 1], ['conv', { filters: 4 }], ['layer_norm', { epsilon: 0.01 }], ['prelu'], ['group_norm', { groups: 2, scale: false }], ['prelu', { shared_axes: [1, 2] }], ['global_avg_pool', { keepdims: true }], ['conv', { filters: 3, size: [1, 1] }], ['group_norm', { groups: -1, center: false, scale: false, epsilon: 0.5 }]),
  'rules of weights': layered(
    [6, 6, 1], ['conv', { filters: 3, kernel_regularizer: { l1: 0.01, l2: 0.02 }, bias_regularizer: { l1: 0, l2: 0.5 }, kernel_constraint: { kind: 'max_norm', max_value: 0.5, axis: [0, 1, 2] } }], ['tanh'], ['flatten'],
    ['dense', { units: 4, kernel_constraint: { kind: 'min_max_norm', min_value: 0.5, max_value: 1, rate: 0.75, axis: [0] }, bias_constraint: { kind: 'non_neg' } }], ['tanh'],
    ['dense', { units: 4, kernel_constraint: { kind: 'unit_norm', axis: [-1] }, kernel_initializer: { kind: 'orthogonal', gain: 1 } }], ['tanh'],
  ),
  frozen: layered([6, 6, 1], ['conv', { filters: 3, trainable: false }], ['batch_norm', { trainable: false }], ['tanh'], ['conv', { filters: 3 }], ['batch_norm'], ['spatial_dropout', { rate: 0.5, bits: 8, threshold: 128, keep: 0.5 }]),
};

/** Their random numbers are drawn otherwise than the graph's. */
export const noisy: Record<string, Program> = {
  noise: layered([6, 6, 1], ['conv', { filters: 3, kernel_initializer: { kind: 'variance_scaling', scale: 2, mode: 'fan_out', distribution: 'uniform' } }], ['gaussian_noise', { stddev: 0.1 }], ['gaussian_dropout', { rate: 0.2 }], ['flatten'], ['dense', { units: 4, kernel_initializer: { kind: 'identity', gain: 2 } }]),
};
