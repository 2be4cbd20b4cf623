/** Stochastic gradient descent with momentum. Source: Keras SGD (keras/src/optimizers/sgd.py): the learning rate is inside the velocity. */
import type { OptimizerDefinition } from '../types.ts';
import { param } from '../params.ts';
import { laterOptions, learningRate } from './params.ts';

export const sgd: OptimizerDefinition = {
  word: 'sgd',
  group: 'optimizer',
  doc: 'Steps along the gradient, with momentum if asked for.',
  keras: ['SGD', 'gradient_descent'],
  params: [
    learningRate(0.01),
    param('momentum', { kind: 'number', min: 0, max: 1 }, 'Share of the last step that is kept.', { value: 0 }),
    param('nesterov', { kind: 'switch' }, 'Looks ahead along the momentum.', { value: false }),
    ...laterOptions,
  ],
  in: ['optimizer'],
  example: 'optimizer sgd lr=.01 momentum=.9 nesterov',
  source: 'keras.optimizers.SGD',
  build: (given) => ({ kind: 'sgd', lr: given.number('lr'), momentum: given.number('momentum'), nesterov: given.flag('nesterov') }),
  slots: (optimizer) => (optimizer.kind === 'sgd' && optimizer.momentum > 0 ? 1 : 0),
};
