/**
 * Decoded pictures in one file: samples of one size one after another, then a trailer (JSON), then a footer
 * [magic 8 bytes, trailer length uint32, SHA-256 of the trailer]. The trailer holds the SHA-256 of the samples. A pack that is not
 * whole and sound is not used. Written atomically, so that two processes may make the same one.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Buffer } from 'node:buffer';

export interface PackTrailer {
  readonly schema: 1;
  readonly key: string;
  readonly count: number;
  readonly sampleBytes: number;
  readonly sha256: string;
  /** Samples asked for that could not be decoded and are not among the `count`: index asked, reason. */
  readonly corrupt: readonly (readonly [number, string])[];
  /** Width and height of each picture asked for, as stored; 0 where unknown. */
  readonly sizes: readonly number[];
}

/** Samples of one size: in memory, or in a file that is read sample by sample. */
export interface Samples {
  readonly trailer: PackTrailer;
  readonly inMemory: boolean;
  /** Copies sample `index` to `target` at `at`. Throws PackGone when the file is no longer what it was. */
  read(index: number, target: Uint8Array | Float32Array, at: number): void;
  close(): void;
}

export class PackGone extends Error {}

const magic = Buffer.from('CNNCPAK1');
const footerBytes = 44;
const mostTrailer = 512 * 2 ** 20;

/** What follows the samples in the file. */
export function packEnd(trailer: PackTrailer): Uint8Array {
  const json = Buffer.from(JSON.stringify(trailer));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([json, magic, length, createHash('sha256').update(json).digest()]);
}

/** Opens a pack and checks all of it; null when it is missing, damaged, or another. Up to `memory` bytes it is held in memory. */
export function openPack(path: string, key: string, memory: number): Samples | null {
  let fd = -1;
  try {
    fd = openSync(path, 'r');
    const samples = openSound(fd, key, memory);
    if (samples === null || samples.inMemory) closeSync(fd);
    return samples;
  } catch {
    if (fd >= 0) closeSync(fd);
    return null;
  }
}

function openSound(fd: number, key: string, memory: number): Samples | null {
  const { size } = fstatSync(fd);
  if (size < footerBytes) return null;
  const footer = readAt(fd, size - footerBytes, footerBytes);
  const length = Buffer.from(footer.buffer).readUInt32LE(8);
  if (!magic.equals(footer.subarray(0, 8)) || length > mostTrailer || length + footerBytes > size) return null;
  const json = readAt(fd, size - footerBytes - length, length);
  if (!createHash('sha256').update(json).digest().equals(footer.subarray(12))) return null;
  const trailer = JSON.parse(Buffer.from(json).toString()) as PackTrailer;
  const bytes = trailer.count * trailer.sampleBytes;
  if (trailer.schema !== 1 || trailer.key !== key || bytes + length + footerBytes !== size) return null;

  const all = bytes <= memory ? new Uint8Array(bytes) : null;
  const piece = all ? null : new Uint8Array(Math.min(bytes, 1 << 24));
  const hash = createHash('sha256');
  for (let at = 0; at < bytes; ) {
    const want = Math.min(1 << 24, bytes - at);
    const target = all ? all.subarray(at, at + want) : (piece as Uint8Array).subarray(0, want);
    const n = readSync(fd, target, 0, want, at);
    if (n === 0) return null;
    hash.update(target.subarray(0, n));
    at += n;
  }
  if (hash.digest('hex') !== trailer.sha256) return null;
  return all ? memorySamples(trailer, all) : fileSamples(trailer, fd);
}

function readAt(fd: number, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  if (readSync(fd, bytes, 0, length, at) !== length) throw new PackGone();
  return bytes;
}

export function memorySamples(trailer: PackTrailer, all: Uint8Array): Samples {
  const { sampleBytes } = trailer;
  return { trailer, inMemory: true, read: (index, target, at) => target.set(all.subarray(index * sampleBytes, (index + 1) * sampleBytes), at), close: () => undefined };
}

function fileSamples(trailer: PackTrailer, fd: number): Samples {
  const { sampleBytes } = trailer;
  let open = true;
  return {
    trailer,
    inMemory: false,
    read(index, target, at) {
      if (!open) throw new PackGone();
      if (readSync(fd, target as Uint8Array, at, sampleBytes, index * sampleBytes) !== sampleBytes) throw new PackGone();
    },
    close() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}
