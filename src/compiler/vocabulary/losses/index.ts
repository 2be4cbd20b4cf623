/** Every loss by its word. */
import type { Loss } from '../../model/program.ts';
import type { LossDefinition } from '../types.ts';
import { binary, categorical, sparse } from './crossentropy.ts';
import { mse } from './mse.ts';

export const losses: Readonly<Record<Loss['kind'], LossDefinition>> = {
  categorical_crossentropy: categorical,
  sparse_categorical_crossentropy: sparse,
  binary_crossentropy: binary,
  mse,
};
