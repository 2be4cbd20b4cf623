/**
 * Decodes once: pictures of one size in memory, and in the cache folder for the next run under a key of their content, the image
 * settings and the decoder's version. Sets too large for memory are read from that file.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { Span } from '../../compiler/source/source.ts';
import { writeFileAtomicWith } from '../files/atomic.ts';
import { ImageError } from './decode.ts';
import { mostHeld } from '../../compiler/memory/limits.ts';
import { inOrder } from './in-order.ts';
import { systemReason } from './locate.ts';
import { memorySamples, openPack, packEnd } from './pack.ts';
import type { PackTrailer, Samples } from './pack.ts';

export interface DecodeRequest {
  readonly count: number;
  readonly sampleBytes: number;
  readonly key: string;
  /** Pixels and stored size of a picture; rejects with ImageError for one that cannot be decoded. */
  readonly decode: (index: number) => Promise<{ readonly pixels: Uint8Array; readonly width: number; readonly height: number }>;
  /** null: nothing is kept for the next run. */
  readonly cache: string | null;
  readonly memory?: number;
  readonly span: Span;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface Decoded {
  readonly samples: Samples;
  readonly warnings: readonly Diagnostic[];
}

export const packPath = (cache: string, key: string): string => join(cache, 'pictures', `${key}.pack`);

/** Rejects with DiagnosticError CNN4079 (neither memory nor disk can hold them), or the signal's reason. */
export async function decodeAll(request: DecodeRequest): Promise<Decoded> {
  const { cache, key, count, sampleBytes } = request;
  const memory = request.memory ?? mostHeld;
  const path = cache === null ? null : packPath(cache, key);
  const kept = path === null ? null : openPack(path, key, memory);
  if (kept) {
    request.onProgress?.(count, count);
    return { samples: kept, warnings: [] };
  }
  return count * sampleBytes <= memory ? inMemory(request, path) : inFile(request, path, memory);
}

async function inMemory(request: DecodeRequest, path: string | null): Promise<Decoded> {
  const { count, sampleBytes, span } = request;
  const all = new Uint8Array(count * sampleBytes);
  let at = 0;
  const trailer = await decodeInto(request, (pixels) => {
    all.set(pixels, at);
    at += pixels.length;
  });
  const bytes = all.subarray(0, at);
  const samples = memorySamples(trailer, bytes);
  if (path === null) return { samples, warnings: [] };
  try {
    await writeFileAtomicWith(path, async (write) => {
      await write(bytes);
      await write(packEnd(trailer));
    });
    return { samples, warnings: [] };
  } catch (error) {
    return { samples, warnings: [diagnostic('CNN4078', span, { folder: request.cache ?? '', reason: systemReason(error) })] };
  }
}

async function inFile(request: DecodeRequest, path: string | null, memory: number): Promise<Decoded> {
  const { count, sampleBytes, key, span } = request;
  const temporary = path === null ? mkdtempSync(join(tmpdir(), 'cnnc-')) : null;
  const target = path ?? join(temporary as string, 'pack');
  try {
    await writeFileAtomicWith(target, async (write) => {
      const gather = gatherer(write, 1 << 22);
      const trailer = await decodeInto(request, gather.add);
      await gather.flush();
      await write(packEnd(trailer));
    });
    const samples = openPack(target, key, memory);
    if (!samples) throw new Error('it is not what was written');
    if (temporary === null) return { samples, warnings: [] };
    return { samples: { ...samples, close: () => (samples.close(), rmSync(temporary, { recursive: true, force: true })) }, warnings: [] };
  } catch (error) {
    if (temporary !== null) rmSync(temporary, { recursive: true, force: true });
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    const folder = request.cache ?? tmpdir();
    throw new DiagnosticError([diagnostic('CNN4079', span, { bytes: count * sampleBytes, reason: systemReason(error), folder })]);
  }
}

/** Decodes in order, gives the good ones to `take`, and describes the whole. */
async function decodeInto(request: DecodeRequest, take: (pixels: Uint8Array) => void | Promise<void>): Promise<PackTrailer> {
  const { count, sampleBytes, key, onProgress, signal } = request;
  const hash = createHash('sha256');
  const corrupt: [number, string][] = [];
  const sizes: number[] = [];
  let good = 0;
  const attempt = async (index: number): Promise<Awaited<ReturnType<DecodeRequest['decode']>> | ImageError> => {
    try {
      return await request.decode(index);
    } catch (error) {
      if (error instanceof ImageError) return error;
      throw error;
    }
  };
  await inOrder(
    count,
    attempt,
    async (result, index) => {
      if (result instanceof ImageError) {
        corrupt.push([index, result.reason]);
        sizes.push(0, 0);
      } else {
        hash.update(result.pixels);
        sizes.push(result.width, result.height);
        good++;
        await take(result.pixels);
      }
      onProgress?.(index + 1, count);
    },
    signal,
  );
  return { schema: 1, key, count: good, sampleBytes, sha256: hash.digest('hex'), corrupt, sizes };
}

/** Small samples are written in larger pieces. */
function gatherer(write: (bytes: Uint8Array) => Promise<void>, size: number): { add: (bytes: Uint8Array) => Promise<void>; flush: () => Promise<void> } {
  const buffer = new Uint8Array(size);
  let filled = 0;
  const flush = async (): Promise<void> => {
    await write(buffer.subarray(0, filled));
    filled = 0;
  };
  return {
    flush,
    async add(bytes) {
      if (filled + bytes.length > size) await flush();
      if (bytes.length > size) return write(bytes);
      buffer.set(bytes, filled);
      filled += bytes.length;
    },
  };
}
