/** Optimizers that gather squares or signs. Source: Keras (keras/src/optimizers/{adagrad,adadelta,lion,ftrl}.py). */
import { param } from '../params.ts';
import { decay, epsilon, optimizer } from './params.ts';

const startingAccumulator = param('initial_accumulator_value', { kind: 'number', min: 0 }, 'What the sum of squares begins with.', { value: 0.1 });
const strength = (name: string, doc: string) => param(name, { kind: 'number', min: 0 }, doc, { value: 0 });

export const adagrad = optimizer({
  word: 'adagrad',
  doc: 'Steps scaled by the root of all squared gradients so far.',
  keras: ['Adagrad'],
  lr: 0.001,
  params: [startingAccumulator, epsilon],
  example: 'optimizer adagrad lr=.01',
  source: 'keras.optimizers.Adagrad (Duchi et al. 2011)',
  build: (given) => ({ kind: 'adagrad', lr: given.rate('lr'), initial_accumulator_value: given.number('initial_accumulator_value'), epsilon: given.number('epsilon') }),
  slots: () => 1,
});

export const adadelta = optimizer({
  word: 'adadelta',
  doc: 'Steps scaled by the size of earlier steps over that of the gradient.',
  details: 'As published its learning rate is 1; Keras\'s default of .001 learns very slowly.',
  keras: ['Adadelta'],
  lr: 0.001,
  params: [decay('rho', 0.95, 'Share of the old means.'), epsilon],
  example: 'optimizer adadelta lr=1',
  source: 'keras.optimizers.Adadelta (Zeiler 2012)',
  build: (given) => ({ kind: 'adadelta', lr: given.rate('lr'), rho: given.number('rho'), epsilon: given.number('epsilon') }),
  slots: () => 2,
});

export const lion = optimizer({
  word: 'lion',
  doc: 'Steps of one size along the sign of the momentum; wants a learning rate of a third to a tenth of Adam\'s.',
  keras: ['Lion'],
  lr: 0.001,
  params: [decay('beta_1', 0.9, 'Share of the old momentum in the step.'), decay('beta_2', 0.99, 'Share of the old momentum that is kept.')],
  example: 'optimizer lion lr=.0001 weight_decay=.01',
  source: 'keras.optimizers.Lion (Chen et al. 2023)',
  build: (given) => ({ kind: 'lion', lr: given.rate('lr'), beta_1: given.number('beta_1'), beta_2: given.number('beta_2') }),
  slots: () => 1,
});

export const ftrl = optimizer({
  word: 'ftrl',
  doc: 'Follow the regularised leader: for sparse weights.',
  keras: ['Ftrl'],
  lr: 0.001,
  params: [
    param('learning_rate_power', { kind: 'number', max: 0 }, 'How the learning rate falls; 0 keeps it.', { value: -0.5 }),
    startingAccumulator,
    strength('l1_regularization_strength', 'Weights whose gradients stay below it become 0.'),
    strength('l2_regularization_strength', 'Draws weights towards 0.'),
    strength('l2_shrinkage_regularization_strength', 'Draws them as a penalty in the loss would.'),
    strength('beta', 'More of the second strength for smaller learning rates.'),
  ],
  example: 'optimizer ftrl lr=.05 l1_regularization_strength=.001',
  source: 'keras.optimizers.Ftrl (McMahan et al. 2013)',
  build: (given) => ({
    kind: 'ftrl',
    lr: given.rate('lr'),
    learning_rate_power: given.number('learning_rate_power'),
    initial_accumulator_value: given.number('initial_accumulator_value'),
    l1_regularization_strength: given.number('l1_regularization_strength'),
    l2_regularization_strength: given.number('l2_regularization_strength'),
    l2_shrinkage_regularization_strength: given.number('l2_shrinkage_regularization_strength'),
    beta: given.number('beta'),
  }),
  slots: () => 2,
});
