/**
 * Takes single files out of big archives without reading them into memory: a wheel and a jar are zips of hundreds of
 * megabytes, of which two libraries are wanted; onnxruntime's package holds the libraries of all platforms. Every file of a zip is
 * compared with its pinned SHA-256 while it is written, a package with its integrity before anything is.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { openZip, ZipError } from '../../files/zip.ts';
import type { Library } from './pins.ts';

/** The bytes are not those that were pinned. */
export class WrongBytes extends Error {
  constructor(
    readonly file: string,
    readonly expected: string,
    readonly found: string,
  ) {
    super(`${file} is not the file that was expected`);
    this.name = 'WrongBytes';
  }
}

/** An archive that holds no such file, or is cut short. */
export class BadArchive extends Error {}

const LOCAL_HEADER = 30;

/** Unpacks `library` (found under whatever folder) from a zip to `to`, and checks it. `progress` gets the bytes written. */
export async function extractLibrary(archive: string, library: Library, to: string, progress: (bytes: number) => void, signal?: AbortSignal): Promise<void> {
  try {
    const zip = openZip(archive);
    const entry = [...zip.entries.values()].find((e) => e.name.split('/').pop() === library.name);
    zip.close();
    if (!entry) throw new BadArchive(`${archive} holds no ${library.name}`);
    if (entry.size !== library.size) throw new WrongBytes(library.name, `${library.size} bytes`, `${entry.size} bytes`);
    const start = await dataStart(archive, entry.header);
    await mkdir(dirname(to), { recursive: true });

    const hash = createHash('sha256');
    let written = 0;
    const check = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        written += chunk.length;
        progress(written);
        // Inflating stops at what was declared: an archive cannot fill the disk.
        done(written > library.size ? new WrongBytes(library.name, `${library.size} bytes`, 'more') : null, chunk);
      },
    });
    const packed = createReadStream(archive, { start, end: start + entry.packed - 1, highWaterMark: 1 << 20 });
    const out = createWriteStream(to);
    if (entry.method === 8) await pipeline(packed, createInflateRaw({ chunkSize: 1 << 20 }), check, out, { signal });
    else await pipeline(packed, check, out, { signal });
    const found = hash.digest('hex');
    if (found !== library.sha256) throw new WrongBytes(library.name, library.sha256, found);
  } catch (error) {
    if (error instanceof ZipError) throw new BadArchive(`${archive}: ${error.message}`);
    if (isZlibError(error)) throw new BadArchive(`${archive} is damaged`);
    throw error;
  }
}

const isZlibError = (error: unknown): boolean => String((error as NodeJS.ErrnoException).code ?? '').startsWith('Z_');

/** A local header repeats the name and has its own extra field. */
async function dataStart(archive: string, header: number): Promise<number> {
  const file = await open(archive, 'r');
  try {
    const local = Buffer.alloc(LOCAL_HEADER);
    await file.read(local, 0, LOCAL_HEADER, header);
    if (local.readUInt32LE(0) !== 0x04034b50) throw new BadArchive(`${archive} is damaged`);
    return header + LOCAL_HEADER + local.readUInt16LE(26) + local.readUInt16LE(28);
  } finally {
    await file.close();
  }
}

/**
 * Checks an npm archive (.tgz, ustar) against its integrity, which covers every byte in it, and writes those of its files that
 * `place` gives a path for. `progress` gets the bytes written.
 */
export async function unpackPackage(archive: string, integrity: string, place: (name: string) => string | undefined, progress: (bytes: number) => void = () => {}, signal?: AbortSignal): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive, { highWaterMark: 1 << 20 }), hash, { signal });
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== integrity) throw new WrongBytes(archive, integrity, found);
  // The pipeline may report that it was ended instead of what ended it.
  let fault: unknown;
  const write = (tar: AsyncIterable<Buffer>): Promise<void> => writeFiles(tar, place, progress).catch((error: unknown) => {
    fault = error;
    throw error;
  });
  try {
    await pipeline(createReadStream(archive, { highWaterMark: 1 << 20 }), createGunzip({ chunkSize: 1 << 20 }), write, { signal });
  } catch (caught) {
    signal?.throwIfAborted();
    const error = fault ?? caught;
    if (isZlibError(error)) throw new BadArchive(`${archive} is damaged`);
    throw error;
  }
}

/** The files that one folder of the package holds, and no deeper: their places for `unpackPackage`, by the names that are wanted. */
export const filesOf = (folder: string, wanted: RegExp, to: string) => (name: string): string | undefined => {
  const file = name.slice(folder.length + 1);
  return name.startsWith(`${folder}/`) && /^[\w-][\w.-]*$/.test(file) && wanted.test(file) ? join(to, file) : undefined;
};

const BLOCK = 512;

/** POSIX ustar: headers of one block, sizes in octal, files filled up to whole blocks. Directories and extended headers are passed over. */
async function writeFiles(tar: AsyncIterable<Buffer>, place: (name: string) => string | undefined, progress: (bytes: number) => void): Promise<void> {
  let header = Buffer.alloc(0);
  let left = 0;
  let filling = 0;
  let written = 0;
  let ended = false;
  let file: FileHandle | undefined;
  try {
    for await (const chunk of tar) {
      for (let at = 0; at < chunk.length && !ended; ) {
        if (left > 0) {
          const part = chunk.subarray(at, at + left);
          if (file) {
            await file.writeFile(part);
            progress((written += part.length));
          }
          left -= part.length;
          at += part.length;
        } else if (filling > 0) {
          const part = Math.min(filling, chunk.length - at);
          filling -= part;
          at += part;
        } else {
          const part = chunk.subarray(at, at + BLOCK - header.length);
          header = Buffer.concat([header, part]);
          at += part.length;
          if (header.length < BLOCK) break;
          await file?.close();
          file = undefined;
          // Blocks of zeros end it.
          ended = header[0] === 0;
          if (ended) break;
          const { name, size, regular } = readHeader(header);
          const to = regular ? place(name) : undefined;
          if (to !== undefined) {
            await mkdir(dirname(to), { recursive: true });
            file = await open(to, 'w');
          }
          left = size;
          filling = (BLOCK - (size % BLOCK)) % BLOCK;
          header = Buffer.alloc(0);
        }
      }
    }
    if (!ended && (left > 0 || header.length > 0)) throw new BadArchive('the package is damaged: it ends within a file');
  } finally {
    await file?.close();
  }
}

function readHeader(block: Buffer): { readonly name: string; readonly size: number; readonly regular: boolean } {
  const text = (at: number, length: number): string => block.toString('utf8', at, at + length).replace(/\0.*$/s, '');
  const size = parseInt(text(124, 12).trim(), 8);
  if (!Number.isFinite(size)) throw new BadArchive('the package is damaged');
  const prefix = text(345, 155);
  return { name: (prefix ? `${prefix}/` : '') + text(0, 100), size, regular: block[156] === 0x30 || block[156] === 0 };
}
