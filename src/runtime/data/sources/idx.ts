/** The files of MNIST and its relatives: magic number with type and rank, big-endian sizes, then the bytes; gzip or not. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import type { DataSource } from '../../../compiler/model/program.ts';
import type { Span } from '../../../compiler/source/source.ts';
import type { NpyArray } from '../../files/npy.ts';
import { asDiagnostic, locate } from '../locate.ts';
import type { ArrayPart } from './arrays.ts';

type Idx = Extract<DataSource, { kind: 'idx' }>;

/** Bytes of a header are 8 to 20; this many of the file are enough for it, packed or not. */
const start = 4096;
/** readFileSync takes no more in Node 20. */
const mostBytes = 2 ** 31 - 1;

/** Throws DiagnosticError: CNN4050 to CNN4052, CNN4065, CNN4067. @param headersOnly leaves the pictures unread */
export function readIdxParts(source: Idx, base: string, headersOnly: boolean): { train: ArrayPart; test: ArrayPart | null } {
  const { origin: span, images, labels, testImages, testLabels } = source;
  const part = (x: string, y: string): ArrayPart => ({
    xName: x,
    yName: y,
    x: headersOnly ? { dtype: 'uint8', shape: header(open(x, base, span, start), x, span).shape } : readIdx(x, base, span),
    y: readIdx(y, base, span),
  });
  const train = part(images, labels);
  return { train, test: testImages !== null && testLabels !== null ? part(testImages, testLabels) : null };
}

function readIdx(path: string, base: string, span: Span): NpyArray {
  const bytes = open(path, base, span, null);
  const { shape, at } = header(bytes, path, span);
  const size = shape.reduce((product, d) => product * d, 1);
  if (bytes.length - at !== size) throw damaged(path, span, `it should hold ${size.toLocaleString('en-US')} bytes after its header and holds ${(bytes.length - at).toLocaleString('en-US')}`);
  return { dtype: 'uint8', shape, data: bytes.subarray(at) };
}

const damaged = (path: string, span: Span, reason: string): DiagnosticError => new DiagnosticError([diagnostic('CNN4065', span, { path, reason })]);

function header(bytes: Uint8Array, path: string, span: Span): { shape: number[]; at: number } {
  const rank = bytes[3];
  if (bytes.length < 8 || bytes[0] !== 0 || bytes[1] !== 0) throw damaged(path, span, 'it does not begin like an idx file (MNIST)');
  if (bytes[2] !== 8) throw damaged(path, span, 'its numbers are not unsigned bytes');
  const at = 4 + 4 * rank;
  if (rank < 1 || rank > 4 || bytes.length < at) throw damaged(path, span, 'its header is damaged');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  if (!(shape.reduce((product, d) => product * d, 1) <= mostBytes)) throw damaged(path, span, `its sizes (${shape.join(', ')}) are too large`);
  return { shape, at };
}

/** The file's bytes unpacked; with `most`, those that its first `most` bytes give. */
function open(path: string, base: string, span: Span, most: number | null): Uint8Array {
  const located = locate(path, base, 'file', span);
  let bytes: Uint8Array;
  try {
    bytes = most === null ? readFileSync(located) : firstBytes(located, most);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_FS_FILE_TOO_LARGE') throw damaged(path, span, 'it is larger than 2 GiB');
    throw asDiagnostic(error, path, located, 'file', span);
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return most === null ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: most * 1100 });
  } catch {
    throw damaged(path, span, 'its gzip packing is damaged or cut off');
  }
}

function firstBytes(path: string, length: number): Uint8Array {
  const fd = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(fd, bytes, 0, length, 0));
  } finally {
    closeSync(fd);
  }
}
