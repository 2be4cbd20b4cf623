/**
 * What was once computed of each file of a folder, kept in the cache folder for as long as the file does not change (size and times
 * in nanoseconds). A file changed so shortly before that it may change again without a new time is not kept ("racy git").
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic.ts';
import { sha256 } from '../files/hash.ts';
import { inOrder } from './in-order.ts';

const settleNs = 2_000_000_000n;

/** size, modification time, change time (ns), value */
type Entry<T> = readonly [number, string, string, T];

export interface FileIndex<T> {
  /** Names the file of the index; another meaning of T needs another name. */
  readonly name: string;
  readonly isValue: (value: unknown) => value is T;
  /** Of one file by its full path. */
  readonly compute: (path: string) => Promise<T>;
}

/** Of each file in order. Rejects with the system's error when one cannot be read. @param cache null: nothing is kept. */
export async function computeOnce<T>(
  { name, isValue, compute }: FileIndex<T>,
  root: string,
  paths: readonly string[],
  cache: string | null,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number, total: number) => void } = {},
): Promise<T[]> {
  const index = cache === null ? null : join(cache, 'pictures', `${name}-${sha256(root).slice(0, 16)}.json`);
  const known = index === null ? new Map<string, Entry<T>>() : await readIndex(index, isValue);
  const fresh = new Map<string, Entry<T>>();
  const values: T[] = [];
  let changed = known.size !== paths.length;
  const one = async (path: string): Promise<{ entry: Entry<T>; settled: boolean; isNew: boolean }> => {
    const full = join(root, path);
    const info = await stat(full, { bigint: true });
    const entry = known.get(path);
    const times = [String(info.mtimeNs), String(info.ctimeNs)] as const;
    if (entry && entry[0] === Number(info.size) && entry[1] === times[0] && entry[2] === times[1]) return { entry, settled: true, isNew: false };
    const now = BigInt(Date.now()) * 1_000_000n;
    const value = await compute(full);
    return { entry: [Number(info.size), ...times, value], settled: now - info.mtimeNs > settleNs && now - info.ctimeNs > settleNs, isNew: true };
  };
  await inOrder(
    paths.length,
    (i) => one(paths[i]),
    ({ entry, settled, isNew }, i) => {
      values.push(entry[3]);
      changed ||= isNew && settled;
      if (settled) fresh.set(paths[i], entry);
      options.onProgress?.(i + 1, paths.length);
    },
    options.signal,
  );
  // Keeping the index is a convenience; a full disk must not stop anything here.
  if (index !== null && changed) await writeFileAtomic(index, JSON.stringify({ schema: 1, files: Object.fromEntries(fresh) })).catch(() => undefined);
  return values;
}

async function readIndex<T>(path: string, isValue: (value: unknown) => value is T): Promise<Map<string, Entry<T>>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    const { schema, files } = parsed as { schema?: unknown; files?: unknown };
    if (schema !== 1 || typeof files !== 'object' || files === null) return new Map();
    return new Map(Object.entries(files).filter((pair): pair is [string, Entry<T>] => isEntry(pair[1], isValue)));
  } catch {
    return new Map();
  }
}

const isEntry = <T>(value: unknown, isValue: (value: unknown) => value is T): value is Entry<T> =>
  Array.isArray(value) && value.length === 4 && typeof value[0] === 'number' && typeof value[1] === 'string' && typeof value[2] === 'string' && isValue(value[3]);
