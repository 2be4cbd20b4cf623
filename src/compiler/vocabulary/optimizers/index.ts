/** Every optimizer by its word. */
import type { Optimizer } from '../../model/program.ts';
import type { OptimizerDefinition } from '../types.ts';
import { adam } from './adam.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

export const optimizers: Readonly<Record<Optimizer['kind'], OptimizerDefinition>> = { adam, sgd, rmsprop };
