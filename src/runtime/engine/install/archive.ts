/**
 * Takes single files out of big archives without reading them into memory: a wheel and a jar are zips of hundreds of
 * megabytes, of which two libraries are wanted. Every file is compared with its pinned SHA-256 while it is written.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, gunzipSync } from 'node:zlib';
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

/** Checks an npm archive (.tgz, ustar) against its integrity and writes the files of one of its folders flat into `to`. */
export async function unpackFolder(archive: string, integrity: string, folder: string, to: string): Promise<void> {
  const bytes = await readFile(archive);
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (found !== integrity) throw new WrongBytes(archive, integrity, found);
  await mkdir(to, { recursive: true });
  for (const { name, data } of tarFiles(gunzipSync(bytes))) {
    const [inside, file] = [name.slice(0, name.lastIndexOf('/')), name.slice(name.lastIndexOf('/') + 1)];
    if (inside === folder && /^[\w.-]+$/.test(file)) await writeFile(join(to, file), data);
  }
}

/** POSIX ustar: 512-byte headers, sizes in octal. */
export function* tarFiles(tar: Buffer): Generator<{ name: string; data: Buffer }> {
  const text = (at: number, length: number): string => tar.toString('utf8', at, at + length).replace(/\0.*$/s, '');
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = parseInt(text(at + 124, 12).trim(), 8);
    if (!Number.isFinite(size) || at + 512 + size > tar.length) throw new BadArchive('the package is damaged');
    const prefix = text(at + 345, 155);
    if (tar[at + 156] === 0x30 || tar[at + 156] === 0) yield { name: (prefix ? `${prefix}/` : '') + text(at, 100), data: tar.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
