/** Every optimizer by its word. */
import type { Optimizer } from '../../model/program.ts';
import type { OptimizerDefinition } from '../types.ts';
import { adam, adamax, adamw, lamb, nadam } from './adam.ts';
import { adadelta, adagrad, ftrl, lion } from './adaptive.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

export const optimizers: Readonly<Record<Optimizer['kind'], OptimizerDefinition>> = { adam, adamw, nadam, adamax, lamb, sgd, rmsprop, adagrad, adadelta, lion, ftrl };
