/** What preprocessing takes from the training part, as the graph's variables. A whitening matrix is kept in the cache, since it may take minutes. */
import { join } from 'node:path';
import { statisticsOf } from '../../compiler/graph/preprocess.ts';
import type { Program } from '../../compiler/model/program.ts';
import type { Tensors } from '../engine/engine.ts';
import { cacheFolder } from '../files/cache-folder.ts';
import { sha256Of } from '../files/hash.ts';
import { readNpz, writeNpzAtomic } from '../files/npz.ts';
import type { Dataset, Statistics } from './dataset.ts';
import { featurewiseStatistics } from './statistics.ts';
import { whiteningMatrix, type WhiteningOptions } from './whitening/matrix.ts';

export interface PrepareOptions extends WhiteningOptions {
  readonly cacheFolder?: string;
}

/** By name; empty where preprocessing takes nothing. Rejects with the signal's reason. */
export async function prepareStatistics(program: Pick<Program, 'preprocess' | 'input' | 'data'>, dataset: Dataset, options: PrepareOptions = {}): Promise<Tensors> {
  const { preprocess, input } = program;
  const wanted = statisticsOf(preprocess, input);
  if (wanted.length === 0) return {};
  const statistics = await featurewiseStatistics(dataset, preprocess, options.signal);
  const found: Record<string, Float32Array> = { 'preprocess/mean': statistics.mean, 'preprocess/std': statistics.std };
  if (preprocess.zca) found['preprocess/zca'] = await whitening(program, dataset, statistics, preprocess.zca.epsilon, options);
  return Object.fromEntries(wanted.map(({ name, type }) => [name, { dtype: type.dtype, shape: type.shape, data: found[name] }]));
}

async function whitening({ preprocess, data }: Pick<Program, 'preprocess' | 'data'>, dataset: Dataset, statistics: Statistics, epsilon: number, options: PrepareOptions): Promise<Float32Array> {
  const size = dataset.shape.reduce((a, b) => a * b, 1);
  // The hash of the data set tells its pictures and its parts.
  const key = await sha256Of(['whitening 1', dataset.hash, JSON.stringify(preprocess)]);
  const path = data.cache ? join(options.cacheFolder ?? cacheFolder(), 'whitening', `${key}.npz`) : null;
  const kept = path === null ? null : await readNpz(path).catch(() => null);
  const matrix = kept?.zca;
  if (matrix?.data instanceof Float32Array && matrix.shape.join() === `${size},${size}`) return matrix.data;
  const made = await whiteningMatrix(dataset, preprocess, statistics, epsilon, options);
  // A cache that cannot be written costs time only.
  if (path !== null) await writeNpzAtomic(path, { zca: { shape: [size, size], data: made } }).catch(() => undefined);
  return made;
}
