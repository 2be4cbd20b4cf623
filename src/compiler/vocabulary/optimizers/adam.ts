/** Adam. Source: Kingma and Ba 2015, in the form of Keras (keras/src/optimizers/adam.py). */
import type { OptimizerDefinition } from '../types.ts';
import { later } from '../params.ts';
import { decay, epsilon, laterOptions, learningRate } from './params.ts';

export const adam: OptimizerDefinition = {
  word: 'adam',
  group: 'optimizer',
  doc: 'Steps scaled by running means of the gradient and of its square: a good first choice.',
  keras: ['Adam'],
  params: [
    learningRate(0.001),
    decay('beta_1', 0.9, 'Share of the old mean of the gradient.'),
    decay('beta_2', 0.999, 'Share of the old mean of its square.'),
    epsilon,
    later('amsgrad', 'Keeps the largest mean of squares.'),
    ...laterOptions,
  ],
  in: ['optimizer'],
  example: 'optimizer adam lr=.001',
  source: 'keras.optimizers.Adam',
  build: (given) => ({ kind: 'adam', lr: given.number('lr'), beta_1: given.number('beta_1'), beta_2: given.number('beta_2'), epsilon: given.number('epsilon') }),
  slots: () => 2,
};
