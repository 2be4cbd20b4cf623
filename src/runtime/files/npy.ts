/**
 * NumPy's array files, format 1.0 to 3.0 (numpy.lib.format). Reading trusts nothing: sizes are checked before anything is
 * allocated, Python objects are refused. Writing gives the same bytes for the same array, always little-endian and C order.
 */
export type NpyDType = 'bool' | 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'int64' | 'float32' | 'float64';
export type NpyData = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export interface NpyArray {
  readonly dtype: NpyDType;
  readonly shape: readonly number[];
  /** Row-major. int64 comes as Float64Array (refused if a value is not exact there), bool as Uint8Array of 0 and 1. */
  readonly data: NpyData;
}

export interface NpyHeader {
  readonly dtype: NpyDType;
  readonly shape: readonly number[];
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  /** Offset of the first element. */
  readonly start: number;
  /** Bytes of all elements. */
  readonly size: number;
}

/** The file is not what it should be; `message` is a clause for a diagnostic: "it holds Python objects". */
export class NpyError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NpyError';
  }
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy's own headers are below 200 bytes; this is also as far as a header is looked for. */
export const mostHeaderBytes = 65_536;

const kinds: Readonly<Record<string, NpyDType>> = {
  b1: 'bool', u1: 'uint8', i1: 'int8', u2: 'uint16', i2: 'int16', u4: 'uint32', i4: 'int32', i8: 'int64', f4: 'float32', f8: 'float64',
};

/** Reads the header at the beginning of `bytes`, which may be only the first part of the file. Throws NpyError. */
export function readNpyHeader(bytes: Uint8Array): NpyHeader {
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) throw new NpyError('it is not a NumPy array');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = bytes[6];
  if (version < 1 || version > 3) throw new NpyError(`its format ${version}.${bytes[7]} is unknown`);
  const from = version === 1 ? 10 : 12;
  if (bytes.length < from) throw new NpyError('it is cut off in its header');
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > mostHeaderBytes - 12) throw new NpyError(`its header says it is ${length} bytes long`);
  if (from + length > bytes.length) throw new NpyError('it is cut off in its header');
  return { ...parseHeader(Buffer.from(bytes.subarray(from, from + length)).toString('latin1')), start: from + length };
}

function parseHeader(text: string): Omit<NpyHeader, 'start'> {
  if (!/^\s*\{[^{}]*\}\s*$/.test(text)) throw new NpyError('its header is damaged');
  if (/'descr'\s*:\s*\[/.test(text)) throw new NpyError('it holds records (a structured array); save plain arrays');
  const descr = /'descr'\s*:\s*'([<>|=])?([a-zA-Z])(\d*)[^']*'/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const shape = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text);
  if (!descr || !order || !shape) throw new NpyError('its header is damaged');
  if (descr[2] === 'O') throw new NpyError('it holds Python objects (dtype object); save numbers only');
  const dtype = kinds[descr[2] + descr[3]];
  if (!dtype) throw new NpyError(`its numbers are of the kind ${descr[2]}${descr[3]}, which is not read; save uint8, int32, int64, float32 or float64`);
  const dimensions = shape[1].split(',').map((d) => d.trim().replace(/L$/, '')).filter((d) => d !== '').map(Number);
  if (dimensions.length > 32) throw new NpyError(`it has ${dimensions.length} dimensions`);
  const size = dimensions.reduce((product, d) => product * d, itemSize(dtype));
  if (!Number.isSafeInteger(size)) throw new NpyError(`its shape (${dimensions.join(', ')}) is too large`);
  return { dtype, shape: dimensions, bigEndian: descr[1] === '>', fortranOrder: order[1] === 'True', size };
}

const itemSize = (dtype: NpyDType): number =>
  dtype === 'bool' || dtype === 'uint8' || dtype === 'int8' ? 1 : dtype === 'uint16' || dtype === 'int16' ? 2 : dtype === 'int64' || dtype === 'float64' ? 8 : 4;

/** Throws NpyError for anything but one whole array. */
export function readNpy(bytes: Uint8Array): NpyArray {
  const header = readNpyHeader(bytes);
  const there = bytes.length - header.start;
  if (there !== header.size) throw new NpyError(`it should hold ${header.size} bytes of numbers and holds ${there}`);
  // A copy of its own: aligned, and free of the file's buffer (`slice` of a Buffer would be neither).
  const raw = new Uint8Array(there);
  raw.set(bytes.subarray(header.start));
  if (header.bigEndian) swapBytes(raw, itemSize(header.dtype));
  const data = viewAs(header.dtype, raw);
  if (header.dtype === 'bool' && (data as Uint8Array).some((b) => b > 1)) throw new NpyError('its truth values are damaged');
  return { dtype: header.dtype, shape: header.shape, data: header.fortranOrder ? toRowMajor(data, header.shape) : data };
}

function swapBytes(raw: Uint8Array, size: number): void {
  const buffer = Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
}

function viewAs(dtype: NpyDType, raw: Uint8Array): NpyData {
  const { buffer, byteOffset: at, length } = raw;
  switch (dtype) {
    case 'bool':
    case 'uint8':
      return raw;
    case 'int8':
      return new Int8Array(buffer, at, length);
    case 'uint16':
      return new Uint16Array(buffer, at, length / 2);
    case 'int16':
      return new Int16Array(buffer, at, length / 2);
    case 'uint32':
      return new Uint32Array(buffer, at, length / 4);
    case 'int32':
      return new Int32Array(buffer, at, length / 4);
    case 'float32':
      return new Float32Array(buffer, at, length / 4);
    case 'float64':
      return new Float64Array(buffer, at, length / 8);
    case 'int64': {
      const whole = new BigInt64Array(buffer, at, length / 8);
      const data = Float64Array.from(whole, Number);
      const wrong = data.findIndex((x) => !Number.isSafeInteger(x));
      if (wrong >= 0) throw new NpyError(`its number ${whole[wrong]} is too large`);
      return data;
    }
  }
}

/** NumPy stores transposed arrays column by column. */
function toRowMajor(data: NpyData, shape: readonly number[]): NpyData {
  const result = data.slice();
  const strides: number[] = [];
  shape.reduce((product, d, i) => ((strides[i] = product), product * d), 1);
  const index = shape.map(() => 0);
  let source = 0;
  for (let i = 0; i < data.length; i++) {
    result[i] = data[source];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]++;
      source += strides[axis];
      if (index[axis] < shape[axis]) break;
      source -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

const descriptions: readonly (readonly [new (n: number) => NpyData, string])[] = [
  [Uint8Array, '|u1'], [Int8Array, '|i1'], [Uint16Array, '<u2'], [Int16Array, '<i2'], [Uint32Array, '<u4'], [Int32Array, '<i4'], [Float32Array, '<f4'], [Float64Array, '<f8'],
];

/** The bytes of a format 1.0 file. */
export const writeNpy = (shape: readonly number[], data: NpyData): Uint8Array => new Uint8Array(Buffer.concat(npyPieces(shape, data)));

/** Header and numbers of a format 1.0 file, the numbers where they are; the dtype follows from the array's class. Needs a little-endian machine, as all that Node runs on here are. */
export function npyPieces(shape: readonly number[], data: NpyData): readonly Uint8Array[] {
  const count = shape.reduce((product, d) => product * d, 1);
  if (count !== data.length) throw new RangeError(`shape (${shape.join(', ')}) is not of ${data.length} elements`);
  const descr = descriptions.find(([kind]) => data instanceof kind)?.[1];
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Header, newline included, ends on a multiple of 64.
  const header = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11, ' ') + '\n';
  return [Buffer.concat([Uint8Array.of(...magic, 1, 0, header.length & 255, header.length >> 8), Buffer.from(header, 'latin1')]), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
}
