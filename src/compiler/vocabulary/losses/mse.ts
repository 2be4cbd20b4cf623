/** Mean squared error. Source: Keras MeanSquaredError. */
import type { LossDefinition } from '../types.ts';

export const mse: LossDefinition = {
  word: 'mse',
  group: 'loss',
  doc: 'Mean of the squared differences: for values, and possible for classes.',
  keras: ['mean_squared_error', 'MeanSquaredError', 'MSE'],
  params: [],
  in: ['loss'],
  example: 'loss mse',
  source: 'keras.losses.mean_squared_error',
  build: () => ({ kind: 'mse' }),
  labels: ['values', 'categorical', 'sparse', 'binary', 'multilabel'],
};
