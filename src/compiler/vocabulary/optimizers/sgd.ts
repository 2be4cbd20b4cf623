/** Stochastic gradient descent with momentum. Source: Keras SGD (keras/src/optimizers/sgd.py): the learning rate is inside the velocity. */
import { param } from '../params.ts';
import { optimizer } from './params.ts';

export const sgd = optimizer({
  word: 'sgd',
  doc: 'Steps along the gradient, with momentum if asked for.',
  keras: ['SGD', 'gradient_descent'],
  lr: 0.01,
  params: [
    param('momentum', { kind: 'number', min: 0, max: 1 }, 'Share of the last step that is kept.', { value: 0 }),
    param('nesterov', { kind: 'switch' }, 'Looks ahead along the momentum.', { value: false }),
  ],
  example: 'optimizer sgd lr=.01 momentum=.9 nesterov',
  source: 'keras.optimizers.SGD',
  build: (given) => ({ kind: 'sgd', lr: given.rate('lr'), momentum: given.number('momentum'), nesterov: given.flag('nesterov') }),
  slots: (o) => (o.kind === 'sgd' && o.momentum > 0 ? 1 : 0),
});
