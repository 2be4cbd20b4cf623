/** Adam and what came of it. Source: Kingma and Ba 2015, in the forms of Keras (keras/src/optimizers/{adam,adamw,nadam,adamax}.py). */
import type { Given } from '../types.ts';
import { amsgrad, betas, epsilon, optimizer } from './params.ts';

const numbers = (given: Given) => ({ lr: given.rate('lr'), beta_1: given.number('beta_1'), beta_2: given.number('beta_2'), epsilon: given.number('epsilon') });

export const adam = optimizer({
  word: 'adam',
  doc: 'Steps scaled by running means of the gradient and of its square: a good first choice.',
  keras: ['Adam'],
  lr: 0.001,
  params: [...betas, epsilon, amsgrad],
  example: 'optimizer adam lr=.001',
  source: 'keras.optimizers.Adam',
  build: (given) => ({ kind: 'adam', ...numbers(given), amsgrad: given.flag('amsgrad') }),
  slots: (o) => (o.kind === 'adam' && o.amsgrad ? 3 : 2),
});

export const adamw = optimizer({
  word: 'adamw',
  doc: 'Adam whose weights decay a little each step, apart from the gradient.',
  keras: ['AdamW'],
  lr: 0.001,
  weightDecay: 0.004,
  params: [...betas, epsilon, amsgrad],
  example: 'optimizer adamw lr=.001 weight_decay=.01',
  source: 'keras.optimizers.AdamW (Loshchilov and Hutter 2019)',
  build: (given) => ({ kind: 'adamw', ...numbers(given), amsgrad: given.flag('amsgrad') }),
  slots: (o) => (o.kind === 'adamw' && o.amsgrad ? 3 : 2),
});

export const nadam = optimizer({
  word: 'nadam',
  doc: 'Adam that looks ahead along its momentum.',
  keras: ['Nadam'],
  lr: 0.001,
  params: [...betas, epsilon],
  example: 'optimizer nadam lr=.002',
  source: 'keras.optimizers.Nadam (Dozat 2016)',
  build: (given) => ({ kind: 'nadam', ...numbers(given) }),
  slots: () => 2,
});

export const adamax = optimizer({
  word: 'adamax',
  doc: 'Adam that divides by the largest gradient, slowly forgotten, instead of a mean of squares.',
  keras: ['Adamax'],
  lr: 0.001,
  params: [...betas, epsilon],
  example: 'optimizer adamax lr=.002',
  source: 'keras.optimizers.Adamax',
  build: (given) => ({ kind: 'adamax', ...numbers(given) }),
  slots: () => 2,
});

export const lamb = optimizer({
  word: 'lamb',
  doc: 'Adam whose step of each layer is as long as its weights are large: for large batches.',
  keras: ['Lamb', 'LAMB'],
  lr: 0.001,
  params: [...betas, epsilon],
  example: 'optimizer lamb lr=.002',
  source: 'keras.optimizers.Lamb (You et al. 2020)',
  build: (given) => ({ kind: 'lamb', ...numbers(given) }),
  slots: () => 2,
});
