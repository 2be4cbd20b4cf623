/** What samples are by content: SHA-256 of a file's bytes or of an array's slice. Files that did not change are not read again. */
import { createHash } from 'node:crypto';
import { sha256File } from '../files/hash.ts';
import { computeOnce } from './file-index.ts';

/** Of each file in order. Rejects with the system's error when one cannot be read. @param cache null: nothing is kept. */
export const hashFiles = (root: string, paths: readonly string[], cache: string | null, signal?: AbortSignal): Promise<string[]> =>
  computeOnce({ name: 'index', isValue: isHash, compute: (path) => sha256File(path, signal) }, root, paths, cache, signal ? { signal } : {});

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** Of each of `count` equal slices. */
export function hashSlices(data: Uint8Array | Float32Array, count: number): string[] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const size = bytes.length / count;
  return Array.from({ length: count }, (_, i) => createHash('sha256').update(bytes.subarray(i * size, (i + 1) * size)).digest('hex'));
}
