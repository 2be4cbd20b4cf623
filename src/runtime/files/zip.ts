/**
 * Just enough of zip (PKWARE APPNOTE 6.3) for .npz: stored and deflated entries, ZIP64 sizes, and files that are not trusted:
 * counts and sizes are checked before memory is taken, an entry may not unpack to more than it declares, checksums must match.
 */
import { constants as bufferConstants } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import * as zlib from 'node:zlib';
import { constants, inflateRawSync } from 'node:zlib';

/** The archive is damaged or refused; `message` is a clause for a diagnostic. */
export class ZipError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'ZipError';
  }
}

/** Random access to bytes in memory or in a file. */
interface Source {
  readonly size: number;
  read(at: number, length: number): Uint8Array;
  close(): void;
}

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly header: number;
}

export interface ZipFile {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** The whole entry, checked. Throws ZipError. */
  read(name: string): Uint8Array;
  /** At least the first bytes of an entry, if it has that many; unchecked. */
  start(name: string, length: number): Uint8Array;
  close(): void;
}

export interface ZipLimits {
  /** Bytes of all entries together, unpacked. Default 16 GiB. */
  readonly total?: number;
  /** Bytes of an entry above which it may not be packed more than 200-fold (deflate reaches 1032). Default 1 GiB. */
  readonly plain?: number;
}

const mostRatio = 200;

const mostEntries = 100_000;

export function openZip(from: string | Uint8Array, limits: ZipLimits = {}): ZipFile {
  const source = typeof from === 'string' ? fileSource(from) : memorySource(from);
  try {
    const entries = readDirectory(source, { total: limits.total ?? 16 * 2 ** 30, plain: limits.plain ?? 2 ** 30 });
    const entryOf = (name: string): ZipEntry => {
      const entry = entries.get(name);
      if (!entry) throw new ZipError(`it has no ${name}`);
      return entry;
    };
    return {
      entries,
      read: (name) => readEntry(source, entryOf(name)),
      start: (name, length) => readStart(source, entryOf(name), length),
      close: () => source.close(),
    };
  } catch (error) {
    source.close();
    throw error;
  }
}

function memorySource(bytes: Uint8Array): Source {
  return { size: bytes.length, read: (at, length) => checkedRange(bytes.length, at, length) && bytes.subarray(at, at + length), close: () => undefined };
}

function fileSource(path: string): Source {
  const fd = openSync(path, 'r');
  const { size } = fstatSync(fd);
  return {
    size,
    read(at, length) {
      checkedRange(size, at, length);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        // One read call takes at most 2 GiB.
        const n = readSync(fd, bytes, done, Math.min(length - done, 1 << 30), at + done);
        if (n === 0) throw new ZipError('it became shorter while it was read');
        done += n;
      }
      return bytes;
    },
    close: () => closeSync(fd),
  };
}

function checkedRange(size: number, at: number, length: number): true {
  if (!(at >= 0 && length >= 0 && at + length <= size)) throw new ZipError('it is cut off or damaged');
  return true;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function readDirectory(source: Source, limits: Required<ZipLimits>): Map<string, ZipEntry> {
  const end = findEnd(source);
  if (end.count > mostEntries) throw new ZipError(`it claims ${end.count} entries`);
  const bytes = source.read(end.at, end.size);
  const view = viewOf(bytes);
  const entries = new Map<string, ZipEntry>();
  let total = 0;
  let at = 0;
  for (let i = 0; i < end.count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw new ZipError('its directory is damaged');
    const [nameLength, extraLength, commentLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)];
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > bytes.length) throw new ZipError('its directory is damaged');
    if (view.getUint16(at + 8, true) & 1) throw new ZipError('it is encrypted');
    const name = Buffer.from(bytes.subarray(at + 46, at + 46 + nameLength)).toString('utf8');
    const sizes = wideSizes(view, at, at + 46 + nameLength, extraLength);
    const entry: ZipEntry = { name, method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true), ...sizes };
    if (entries.has(name)) throw new ZipError(`it has two entries ${name}`);
    if (entry.packed > source.size) throw new ZipError('its directory is damaged');
    if (entry.size > limits.plain && entry.size > entry.packed * mostRatio) throw new ZipError(`its entry ${name} would unpack ${Math.round(entry.size / entry.packed)}-fold`);
    total += entry.size;
    if (total > limits.total) throw new ZipError(`it would unpack to more than ${limits.total} bytes`);
    entries.set(name, entry);
    at = next;
  }
  return entries;
}

/** Sizes that do not fit 32 bits stand in the ZIP64 extra field, in this order, each only if its short form is all ones. */
function wideSizes(view: DataView, at: number, extra: number, extraLength: number): { size: number; packed: number; header: number } {
  const short = { size: view.getUint32(at + 24, true), packed: view.getUint32(at + 20, true), header: view.getUint32(at + 42, true) };
  for (let p = extra; p + 4 <= extra + extraLength; p += 4 + view.getUint16(p + 2, true)) {
    if (view.getUint16(p, true) !== 1) continue;
    const stop = Math.min(p + 4 + view.getUint16(p + 2, true), extra + extraLength);
    let from = p + 4;
    for (const field of ['size', 'packed', 'header'] as const) {
      if (short[field] !== 0xffffffff || from + 8 > stop) continue;
      short[field] = Number(view.getBigUint64(from, true));
      from += 8;
    }
  }
  return short;
}

function findEnd(source: Source): { at: number; size: number; count: number } {
  const length = Math.min(source.size, 22 + 65_535);
  const tail = source.read(source.size - length, length);
  const view = viewOf(tail);
  for (let p = length - 22; p >= 0; p--) {
    if (view.getUint32(p, true) !== 0x06054b50) continue;
    const short = { count: view.getUint16(p + 10, true), size: view.getUint32(p + 12, true), at: view.getUint32(p + 16, true) };
    if (p < 20 || view.getUint32(p - 20, true) !== 0x07064b50) return short;
    const wide = viewOf(source.read(Number(view.getBigUint64(p - 12, true)), 56));
    if (wide.getUint32(0, true) !== 0x06064b50) throw new ZipError('its directory is damaged');
    return { count: Number(wide.getBigUint64(32, true)), size: Number(wide.getBigUint64(40, true)), at: Number(wide.getBigUint64(48, true)) };
  }
  throw new ZipError('it is not a zip archive, or it is cut off');
}

/** Where an entry's bytes begin: its local header repeats the name and has an extra field of its own. */
function startOf(source: Source, entry: ZipEntry): number {
  const view = viewOf(source.read(entry.header, 30));
  if (view.getUint32(0, true) !== 0x04034b50) throw new ZipError(`its entry ${entry.name} is damaged`);
  return entry.header + 30 + view.getUint16(26, true) + view.getUint16(28, true);
}

function readEntry(source: Source, entry: ZipEntry): Uint8Array {
  const most = bufferConstants.MAX_LENGTH;
  if (entry.size > most || entry.packed > most) throw new ZipError(`its entry ${entry.name} of ${entry.size} bytes is too large for this version of Node`);
  const packed = source.read(startOf(source, entry), entry.packed);
  const bytes = unpack(packed, entry);
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) throw new ZipError(`its entry ${entry.name} is damaged`);
  return bytes;
}

function unpack(packed: Uint8Array, entry: ZipEntry): Uint8Array {
  if (entry.method === 0) return packed;
  if (entry.method !== 8) throw new ZipError(`its entry ${entry.name} is packed by method ${entry.method}; only deflate is read`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) });
  } catch {
    throw new ZipError(`its entry ${entry.name} is damaged`);
  }
}

function readStart(source: Source, entry: ZipEntry, length: number): Uint8Array {
  const from = startOf(source, entry);
  if (entry.method === 0) return source.read(from, Math.min(length, entry.packed));
  if (entry.method !== 8) return unpack(new Uint8Array(0), entry);
  // Headers are text: they shrink, so as many packed bytes are enough; numbers after them may unpack 1000-fold.
  const packed = source.read(from, Math.min(length, entry.packed));
  try {
    return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: length * 1100 });
  } catch {
    throw new ZipError(`its entry ${entry.name} is damaged`);
  }
}

let table: Uint32Array | null = null;

/** Not in every Node 20; several times faster than a table. It answers 0 for no bytes, whatever came before. */
const native = (zlib as { readonly crc32?: (bytes: Uint8Array, before: number) => number }).crc32;

/** CRC-32 of ISO 3309, of bytes that may come in several pieces. */
export const crc32 = (...pieces: readonly Uint8Array[]): number => (native ? pieces.reduce((crc, bytes) => (bytes.length > 0 ? native(bytes, crc) : crc), 0) : crc32ByTable(...pieces));

export function crc32ByTable(...pieces: readonly Uint8Array[]): number {
  if (!table) {
    table = new Uint32Array(256);
    for (let n = 0; n < 256; n++) {
      let c = n;
      for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
      table[n] = c;
    }
  }
  let c = -1;
  for (const bytes of pieces) for (let i = 0; i < bytes.length; i++) c = table[(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return ~c >>> 0;
}

/** The same as `zipPieces` in one piece. */
export function writeZip(entries: Iterable<readonly [string, Uint8Array]>): Uint8Array {
  return new Uint8Array(Buffer.concat([...zipPieces([...entries].map(([name, bytes]) => [name, [bytes]] as const))]));
}

/**
 * An archive of stored entries in the order given, all dated 1980-01-01: equal contents are equal bytes. Entries and archive
 * come in pieces, the large ones uncopied, so that an archive of all weights needs no memory of its own. At most 4 GiB.
 */
export function* zipPieces(entries: Iterable<readonly [string, readonly Uint8Array[]]>): Generator<Uint8Array> {
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, pieces] of entries) {
    const encoded = Buffer.from(name, 'utf8');
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(0x0800, 2); // names are UTF-8
    shared.writeUInt16LE(0, 4);
    shared.writeUInt16LE(0, 6);
    shared.writeUInt16LE(0x21, 8);
    shared.writeUInt32LE(crc32(...pieces), 10);
    if (at + 30 + encoded.length + length > 0xffffffff) throw new RangeError('an npz file of more than 4 GiB is not written');
    shared.writeUInt32LE(length, 14);
    shared.writeUInt32LE(length, 18);
    shared.writeUInt16LE(encoded.length, 22);
    const position = Buffer.alloc(14);
    position.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, position, encoded);
    yield Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, encoded]);
    yield* pieces;
    at += 30 + encoded.length + length;
  }
  const count = directory.length / 4;
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.reduce((sum, piece) => sum + piece.length, 0), 12);
  end.writeUInt32LE(at, 16);
  yield Buffer.concat([...directory, end]);
}
