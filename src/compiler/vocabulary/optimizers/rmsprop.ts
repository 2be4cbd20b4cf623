/** RMSprop. Source: Keras RMSprop (keras/src/optimizers/rmsprop.py): epsilon stands inside the root. */
import { param } from '../params.ts';
import { decay, epsilon, optimizer } from './params.ts';

export const rmsprop = optimizer({
  word: 'rmsprop',
  doc: 'Steps scaled by a running mean of the squared gradient.',
  keras: ['RMSprop', 'RMSProp'],
  lr: 0.001,
  params: [
    decay('rho', 0.9, 'Share of the old mean of squares.'),
    param('momentum', { kind: 'number', min: 0, max: 1 }, 'Share of the last step that is kept.', { value: 0 }),
    epsilon,
    param('centered', { kind: 'switch' }, 'Divides by the variance instead of the mean square.', { value: false }),
  ],
  example: 'optimizer rmsprop lr=.001',
  source: 'keras.optimizers.RMSprop',
  build: (given) => ({
    kind: 'rmsprop',
    lr: given.rate('lr'),
    rho: given.number('rho'),
    momentum: given.number('momentum'),
    epsilon: given.number('epsilon'),
    centered: given.flag('centered'),
  }),
  slots: (o) => (o.kind === 'rmsprop' ? 1 + (o.momentum > 0 ? 1 : 0) + (o.centered ? 1 : 0) : 0),
});
