/** Parameters that optimizers share. */
import type { OptimizerOptions } from '../../model/program.ts';
import type { Given, OptimizerDefinition, Param } from '../types.ts';
import { param } from '../params.ts';

export const learningRate = (value: number): Param => param('lr', { kind: 'rate' }, 'Learning rate: how large a step is.', { value, keras: ['learning_rate'] });

export const epsilon = param('epsilon', { kind: 'number', min: 0, exclusiveMin: true }, 'Keeps divisions away from zero.', { value: 1e-7 });

/** A decay rate of a running mean, 0 up to but not including 1. */
export const decay = (name: string, value: number, doc: string): Param => param(name, { kind: 'number', min: 0, max: 1, exclusiveMax: true }, doc, { value });

export const betas = [decay('beta_1', 0.9, 'Share of the old mean of the gradient.'), decay('beta_2', 0.999, 'Share of the old mean of its square.')];
export const amsgrad = param('amsgrad', { kind: 'switch' }, 'Divides by the largest mean of squares so far.', { value: false });

const limit = (name: string, doc: string): Param => param(name, { kind: 'number', min: 0, exclusiveMin: true }, doc, { default: 'none' });

/** @param weightDecay Keras's default where it is not none */
const sharedParams = (weightDecay: number | null): readonly Param[] => [
  param('weight_decay', { kind: 'number', min: 0 }, 'Each step takes this share, times the learning rate, off every weight.', weightDecay === null ? { default: 'none' } : { value: weightDecay }),
  limit('clipnorm', 'Largest norm of the gradient of each variable.'),
  limit('clipvalue', 'Largest value of each number of the gradients.'),
  limit('global_clipnorm', 'Largest norm of all gradients together.'),
  param('ema', { kind: 'switch' }, 'Keeps moving averages of the weights, which replace them at the end of training.', { value: false, keras: ['use_ema'] }),
  param('ema_momentum', { kind: 'number', min: 0, max: 1, exclusiveMax: true }, 'Share of the old average that is kept.', { value: 0.99 }),
  param('ema_overwrite_frequency', { kind: 'integer', min: 1 }, 'The averages replace the weights every so many steps, too.', { default: 'none' }),
  param('gradient_accumulation_steps', { kind: 'integer', min: 2, max: 1_000_000 }, 'Weights change every so many steps, by the mean of their gradients: as if the batch were so many times larger.', { default: 'none' }),
];

function optionsOf(given: Given, weightDecay: number | null): OptimizerOptions {
  const [norm, value, global] = [given.maybe('clipnorm'), given.maybe('clipvalue'), given.maybe('global_clipnorm')];
  const clip = norm !== null ? ({ by: 'norm', limit: norm } as const) : global !== null ? ({ by: 'global_norm', limit: global } as const) : value !== null ? ({ by: 'value', limit: value } as const) : null;
  return {
    weight_decay: given.maybe('weight_decay') ?? weightDecay,
    clip,
    ema: given.flag('ema') ? { momentum: given.number('ema_momentum'), overwrite_frequency: given.maybe('ema_overwrite_frequency') } : null,
    gradient_accumulation_steps: given.maybe('gradient_accumulation_steps'),
  };
}

/** Completes an optimizer with its learning rate and what all of them share. */
export const optimizer = (definition: Omit<OptimizerDefinition, 'group' | 'in' | 'options'> & { readonly lr: number; readonly weightDecay?: number }): OptimizerDefinition => {
  const { lr, weightDecay = null, ...rest } = definition;
  return {
    ...rest,
    group: 'optimizer',
    in: ['optimizer'],
    params: [learningRate(lr), ...definition.params, ...sharedParams(weightDecay)],
    options: (given) => optionsOf(given, weightDecay),
  };
};
