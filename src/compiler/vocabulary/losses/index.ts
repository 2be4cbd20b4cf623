/** Every loss by its word. */
import type { Loss } from '../../model/program.ts';
import type { LossDefinition } from '../types.ts';
import { binary, binaryFocal, categorical, categoricalFocal, categoricalGeneralized, sparse } from './crossentropy.ts';
import { huber, plainLosses } from './plain.ts';

export const losses: Readonly<Record<Loss['kind'], LossDefinition>> = {
  categorical_crossentropy: categorical,
  sparse_categorical_crossentropy: sparse,
  binary_crossentropy: binary,
  categorical_focal_crossentropy: categoricalFocal,
  binary_focal_crossentropy: binaryFocal,
  categorical_generalized_crossentropy: categoricalGeneralized,
  huber,
  ...plainLosses,
};
