/**
 * What samples are by content: SHA-256 of a file's bytes or of an array's slice. Files that did not change since they were last
 * hashed (size and times in nanoseconds) are not read again; the index of that lies in the cache folder.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, sha256File } from '../files/hash.ts';
import { writeFileAtomic } from '../files/atomic.ts';
import { inOrder } from './in-order.ts';

/** size, modification time, change time (ns), SHA-256 */
type Entry = readonly [number, string, string, string];

/** A file changed so shortly before it was hashed may change again without a new time ("racy git"). */
const settleNs = 2_000_000_000n;

/** Of each file in order. Rejects with the system's error when one cannot be read. @param cache null: nothing is kept. */
export async function hashFiles(root: string, paths: readonly string[], cache: string | null, signal?: AbortSignal): Promise<string[]> {
  const index = cache === null ? null : join(cache, 'pictures', `index-${sha256(root).slice(0, 16)}.json`);
  const known = index === null ? new Map<string, Entry>() : await readIndex(index);
  const fresh = new Map<string, Entry>();
  const hashes: string[] = [];
  let changed = known.size !== paths.length;
  const hashOne = async (path: string): Promise<{ entry: Entry; settled: boolean; isNew: boolean }> => {
    const full = join(root, path);
    const info = await stat(full, { bigint: true });
    const entry = known.get(path);
    const times = [String(info.mtimeNs), String(info.ctimeNs)] as const;
    if (entry && entry[0] === Number(info.size) && entry[1] === times[0] && entry[2] === times[1]) return { entry, settled: true, isNew: false };
    const now = BigInt(Date.now()) * 1_000_000n;
    const hash = await sha256File(full, signal);
    return { entry: [Number(info.size), ...times, hash], settled: now - info.mtimeNs > settleNs && now - info.ctimeNs > settleNs, isNew: true };
  };
  await inOrder(
    paths.length,
    (i) => hashOne(paths[i]),
    ({ entry, settled, isNew }, i) => {
      hashes.push(entry[3]);
      changed ||= isNew && settled;
      if (settled) fresh.set(paths[i], entry);
    },
    signal,
  );
  // Keeping the index is a convenience; a full disk must not stop anything here.
  if (index !== null && changed) await writeFileAtomic(index, JSON.stringify({ schema: 1, files: Object.fromEntries(fresh) })).catch(() => undefined);
  return hashes;
}

async function readIndex(path: string): Promise<Map<string, Entry>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    const { schema, files } = parsed as { schema?: unknown; files?: unknown };
    if (schema !== 1 || typeof files !== 'object' || files === null) return new Map();
    return new Map(Object.entries(files).filter((pair): pair is [string, Entry] => isEntry(pair[1])));
  } catch {
    return new Map();
  }
}

const isEntry = (value: unknown): value is Entry =>
  Array.isArray(value) && value.length === 4 && typeof value[0] === 'number' && value.slice(1).every((x) => typeof x === 'string') && /^[0-9a-f]{64}$/.test(value[3] as string);

/** Of each of `count` equal slices. */
export function hashSlices(data: Uint8Array | Float32Array, count: number): string[] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const size = bytes.length / count;
  return Array.from({ length: count }, (_, i) => createHash('sha256').update(bytes.subarray(i * size, (i + 1) * size)).digest('hex'));
}
