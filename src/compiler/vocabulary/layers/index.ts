/** Every layer by its word; a word without a definition does not compile. */
import type { LayerWord } from '../../model/program.ts';
import type { LayerDefinition } from '../types.ts';
import { conv } from './conv.ts';
import { dense } from './dense.ts';
import { averagePool, pool } from './pool.ts';
import { globalAveragePool, globalMaxPool } from './global-pool.ts';
import { batchNorm } from './batch-norm.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { elu, leakyRelu, plainActivations } from './activations.ts';

export const layers: { readonly [W in LayerWord]: LayerDefinition<W> } = {
  conv,
  dense,
  pool,
  avg_pool: averagePool,
  global_avg_pool: globalAveragePool,
  global_pool: globalMaxPool,
  batch_norm: batchNorm,
  dropout,
  flatten,
  ...plainActivations,
  leaky_relu: leakyRelu,
  elu,
};
