/** RMSprop. Source: Keras RMSprop (keras/src/optimizers/rmsprop.py): epsilon stands inside the root. */
import type { OptimizerDefinition } from '../types.ts';
import { param } from '../params.ts';
import { decay, epsilon, laterOptions, learningRate } from './params.ts';

export const rmsprop: OptimizerDefinition = {
  word: 'rmsprop',
  group: 'optimizer',
  doc: 'Steps scaled by a running mean of the squared gradient.',
  keras: ['RMSprop', 'RMSProp'],
  params: [
    learningRate(0.001),
    decay('rho', 0.9, 'Share of the old mean of squares.'),
    param('momentum', { kind: 'number', min: 0, max: 1 }, 'Share of the last step that is kept.', { value: 0 }),
    epsilon,
    param('centered', { kind: 'switch' }, 'Divides by the variance instead of the mean square.', { value: false }),
    ...laterOptions,
  ],
  in: ['optimizer'],
  example: 'optimizer rmsprop lr=.001',
  source: 'keras.optimizers.RMSprop',
  build: (given) => ({
    kind: 'rmsprop',
    lr: given.number('lr'),
    rho: given.number('rho'),
    momentum: given.number('momentum'),
    epsilon: given.number('epsilon'),
    centered: given.flag('centered'),
  }),
  slots: (optimizer) => (optimizer.kind === 'rmsprop' ? 1 + (optimizer.momentum > 0 ? 1 : 0) + (optimizer.centered ? 1 : 0) : 0),
};
