/** Parameters that several layers share, and how they are read. */
import type { Ended, Initializer, Weights, Window } from '../../model/program.ts';
import type { Given, Param, ParamValue } from '../types.ts';
import { layerName, param } from '../params.ts';
import { padding } from './shapes.ts';

export const stride = (value: ParamValue | null, keras = ['strides']): Param =>
  param('stride', { kind: 'size2' }, 'How far the window moves at a time.', { keras, ...(value === null ? { default: 'the size of the window' } : { value }) });

export const paddingParam = param('padding', { kind: 'choice', of: ['valid', 'same'] }, '`same` surrounds the image with zeros so that stride 1 keeps its size; `valid` does not.', {
  value: 'valid',
  flags: { same: 'same', valid: 'valid' },
});

export const bias = param('bias', { kind: 'switch' }, 'Whether a trained number is added to each output.', { value: true, keras: ['use_bias'] });

export const activation = param('activation', { kind: 'activation' }, 'A function applied to the output, inside the layer.', { default: 'none' });

export const dilation = param('dilation', { kind: 'size2' }, 'Distance between the elements of the window.', { value: [1, 1], keras: ['dilation_rate'] });

export const filters = param('filters', { kind: 'integer', min: 1, max: 65536 }, 'Number of filters, which is the number of channels of the output.', {
  position: 0,
  required: true,
  keras: ['channels', 'out_channels'],
});

export const windowSize = (position: number, value: ParamValue = [3, 3]): Param => param('size', { kind: 'size2' }, 'Height x width of the window.', { position, value, keras: ['kernel_size', 'kernel'] });

export const depthMultiplier = param('depth_multiplier', { kind: 'integer', min: 1, max: 4096 }, 'Filters for each channel of the input.', { value: 1 });

export const trainable = param('trainable', { kind: 'switch' }, 'Whether training changes the layer; `trainable=off` keeps its weights as they are.', { value: true });

/** `kernel_initializer`, `kernel_regularizer`, `kernel_constraint`. */
export const weightParams = (name: string, what: string, initializer: Initializer['kind'] & ('glorot_uniform' | 'zeros' | 'ones'), keras?: string): readonly Param[] => [
  param(`${name}_initializer`, { kind: 'initializer' }, `First values of the ${what}.`, { value: { initializer: { kind: initializer } }, ...alias(keras, 'initializer') }),
  param(`${name}_regularizer`, { kind: 'regularizer' }, `Penalty on the ${what}, added to the loss: \`l2(.01)\`.`, { default: 'none', ...alias(keras, 'regularizer') }),
  param(`${name}_constraint`, { kind: 'constraint' }, `Bound that the ${what} is brought back to after each step: \`max_norm(2)\`.`, { default: 'none', ...alias(keras, 'constraint') }),
];
const alias = (name: string | undefined, what: string) => (name === undefined ? {} : { keras: [`${name}_${what}`] });

/** What stands at the end of a layer with a bias and an activation. */
export const endParams: readonly Param[] = [
  bias,
  activation,
  ...weightParams('bias', 'bias', 'zeros'),
  param('activity_regularizer', { kind: 'regularizer' }, 'Penalty on the output, added to the loss.', { default: 'none' }),
  trainable,
  layerName,
];

export function readWeights<Names extends string>(given: Given, names: readonly Names[]): Weights<Names> {
  const entries = names.flatMap((name) => [
    [`${name}_initializer`, given.initializer(`${name}_initializer`)],
    [`${name}_regularizer`, given.regularizer(`${name}_regularizer`)],
    [`${name}_constraint`, given.constraint(`${name}_constraint`)],
  ]);
  return { ...Object.fromEntries(entries), trainable: given.flag('trainable') } as Weights<Names>;
}

export const readEnd = <Names extends string>(given: Given, names: readonly Names[]): Ended<Names> => ({
  bias: given.flag('bias'),
  activation: given.activation('activation'),
  activity_regularizer: given.regularizer('activity_regularizer'),
  ...readWeights<Names | 'bias'>(given, [...names, 'bias']),
});

export const readWindow = (given: Given): Window => ({ size: given.size('size'), stride: given.size('stride'), padding: padding(given) });
