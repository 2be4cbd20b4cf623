/** Parameters that optimizers share. */
import type { Param } from '../types.ts';
import { later, param } from '../params.ts';

export const learningRate = (value: number): Param =>
  param('lr', { kind: 'number', min: 0, exclusiveMin: true }, 'Learning rate: how large a step is.', { value, keras: ['learning_rate'] });

export const epsilon = param('epsilon', { kind: 'number', min: 0, exclusiveMin: true }, 'Keeps divisions away from zero.', { value: 1e-7 });

/** A decay rate of a running mean, 0 up to but not including 1. */
export const decay = (name: string, value: number, doc: string): Param => param(name, { kind: 'number', min: 0, max: 1, exclusiveMax: true }, doc, { value });

export const laterOptions = [
  later('weight_decay', 'Decoupled weight decay.'),
  later('clipnorm', 'Largest norm of each gradient.'),
  later('clipvalue', 'Largest value of each gradient.'),
  later('global_clipnorm', 'Largest norm of all gradients together.'),
  later('ema', 'Keeps moving averages of the weights.', ['use_ema']),
  later('ema_momentum', 'Momentum of the averages.'),
  later('gradient_accumulation_steps', 'Steps whose gradients are added up.'),
];
