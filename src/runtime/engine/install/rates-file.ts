/** The rates that `cnnc engine list` measured last, in the cache folder. Read by `cnnc summary`. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rates } from '../../../compiler/model/summary.ts';
import { writeFileAtomic } from '../../files/atomic.ts';

const fileIn = (cache: string): string => join(cache, 'rates.json');

export const saveRates = (cache: string, rates: Rates): Promise<void> => writeFileAtomic(fileIn(cache), `${JSON.stringify({ schema: 1, ...rates }, null, 2)}\n`);

/** null: this machine was not measured, or the file is none of ours. */
export async function readRates(cache: string): Promise<Rates | null> {
  const path = fileIn(cache);
  try {
    if ((await stat(path)).size > 10_000) return null;
    const { schema, engine, macsPerSecond, bytesPerSecond, overhead } = JSON.parse(await readFile(path, 'utf8')) as Partial<Rates & { schema: number }>;
    const positive = (n: unknown): n is number => typeof n === 'number' && Number.isFinite(n) && n > 0;
    if (schema !== 1 || typeof engine !== 'string' || engine.length > 100 || /[\x00-\x1f\x7f]/.test(engine)) return null;
    return positive(macsPerSecond) && positive(bytesPerSecond) && positive(overhead) ? { engine, macsPerSecond, bytesPerSecond, overhead } : null;
  } catch {
    return null;
  }
}
