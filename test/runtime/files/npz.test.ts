import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNpy, readNpyHeader, writeNpy } from '../../../src/runtime/files/npy.ts';
import type { NpyData } from '../../../src/runtime/files/npy.ts';
import { isArchiveError, openNpz, readNpz, writeNpz } from '../../../src/runtime/files/npz.ts';
import { crc32, crc32ByTable, openZip, writeZip } from '../../../src/runtime/files/zip.ts';

const fixture = (name: string): string => new URL(`../../fixtures/npz/${name}`, import.meta.url).pathname;
const runs = process.env.CNNC_SOAK ? 5000 : 200;

describe.each(['plain.npz', 'packed.npz'])('%s as NumPy wrote it', (name) => {
  it('is read, from a path and from bytes', async () => {
    const arrays = await readNpz(fixture(name));
    const list = (key: string): number[] => [...arrays[key].data];
    expect(arrays.u1).toMatchObject({ dtype: 'uint8', shape: [2, 3] });
    expect(list('u1')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(list('i1')).toEqual([-1, 2]);
    expect(list('i2')).toEqual([-300, 2]);
    expect(list('u2')).toEqual([65535, 2]);
    expect(list('i4')).toEqual([-(2 ** 31), 7]);
    expect(arrays.i8.dtype).toBe('int64');
    expect(list('i8')).toEqual([2 ** 40, -1, 3]);
    expect(list('f4')).toEqual([0.5, -1.25, NaN, Infinity]);
    expect(arrays.f8.shape).toEqual([]);
    expect(list('f8')).toEqual([0.1]);
    expect(arrays.bool.dtype).toBe('bool');
    expect(list('bool')).toEqual([1, 0, 1]);
    expect(list('big')).toEqual([1.5, -2]);
    expect(list('big_i8')).toEqual([1, -2]);
    expect(list('fortran')).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(arrays.empty.shape).toEqual([0, 3]);
    expect(arrays['conv_1/kernel'].shape).toEqual([1, 1, 2, 2]);
    expect(await readNpz(readFileSync(fixture(name)))).toEqual(arrays);
  });

  it('gives headers without reading the numbers', () => {
    const file = openNpz(fixture(name));
    expect(file.header('fortran')).toMatchObject({ dtype: 'float32', shape: [2, 3, 4], fortranOrder: true });
    expect(() => file.header('missing')).toThrow('no array missing');
    file.close();
  });
});

it.each([
  ['objects.npz', 'Python objects'],
  ['records.npz', 'records'],
  ['half.npz', 'f2'],
])('refuses %s', async (name, reason) => {
  await expect(readNpz(fixture(name))).rejects.toThrow(reason);
});

const sample = { 'conv_1/kernel': { shape: [1, 2], data: new Float32Array([1, 2]) }, step: { shape: [], data: new Int32Array([7]) } };

it('writes the same bytes for the same arrays, and reads them back', async () => {
  const bytes = writeNpz(sample);
  expect(writeNpz(sample)).toEqual(bytes);
  const back = await readNpz(bytes);
  expect(Object.keys(back)).toEqual(['conv_1/kernel', 'step']);
  expect(back.step).toEqual({ dtype: 'int32', shape: [], data: new Int32Array([7]) });
  expect(openZip(bytes).entries.has('conv_1/kernel.npy')).toBe(true);
});

it('reads back any array it writes', () => {
  type Make = { new (values: number[]): NpyData; name: string };
  const arrays: readonly Make[] = [Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array];
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 4 }), { maxLength: 5 }), fc.constantFrom(...arrays), fc.integer(), (shape, kind, start) => {
      const data = new kind(Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => start + i));
      const back = readNpy(writeNpy(shape, data));
      expect(back.shape).toEqual(shape);
      expect(back.data).toEqual(data);
      expect(readNpyHeader(writeNpy(shape, data)).start % 64).toBe(0);
    }),
    { numRuns: runs },
  );
});

it('answers damaged bytes with a reason, never with anything else', () => {
  const good = writeNpz(sample);
  const packed = new Uint8Array(readFileSync(fixture('packed.npz')));
  const damage = fc.record({ base: fc.constantFrom(good, packed), cut: fc.nat(), edits: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }) });
  fc.assert(
    fc.property(damage, ({ base, cut, edits }) => {
      const bytes = base.slice(0, cut % 4 === 0 ? cut % base.length : base.length);
      for (const [at, value] of edits) if (bytes.length > 0) bytes[at % bytes.length] = value;
      try {
        const file = openNpz(bytes);
        for (const name of file.names) {
          file.header(name);
          file.array(name);
        }
      } catch (error) {
        if (!isArchiveError(error)) throw error;
      }
    }),
    { numRuns: runs },
  );
});

it('notices a flipped bit in the numbers', async () => {
  const bytes = writeNpz({ x: { shape: [4], data: new Float32Array([1, 2, 3, 4]) } });
  const at = Buffer.from(bytes).indexOf(Buffer.from(new Float32Array([3]).buffer));
  bytes[at] ^= 1;
  await expect(readNpz(bytes)).rejects.toThrow('x.npy is damaged');
});

it('refuses an archive that would unpack beyond its limit', () => {
  const bytes = writeZip([['a.npy', new Uint8Array(1000)], ['b.npy', new Uint8Array(1000)]]);
  expect(() => openZip(bytes, { total: 1500 })).toThrow('more than 1500 bytes');
  // Declares more than a deflate stream of its length can hold.
  const declared = Buffer.from(writeZip([['a.npy', new Uint8Array(1000)]]));
  declared.writeUInt32LE(0xfffffff0, declared.lastIndexOf('PK\x01\x02') + 24);
  expect(() => openZip(declared)).toThrow('would unpack');
});

it('does not believe an entry that unpacks to more than it declares', () => {
  const bytes = Buffer.from(readFileSync(fixture('packed.npz')));
  const at = bytes.indexOf('PK\x01\x02');
  bytes.writeUInt32LE(10, at + 24);
  const [first] = openZip(bytes).entries.keys();
  expect(() => openZip(bytes).read(first)).toThrow('damaged');
});

it('keeps hostile names as plain keys', async () => {
  const back = await readNpz(writeNpz(Object.fromEntries([['__proto__', { shape: [1], data: new Uint8Array([1]) }], ['../x', { shape: [1], data: new Uint8Array([2]) }]])));
  expect(Object.keys(back)).toEqual(['__proto__', '../x']);
  expect(({} as Record<string, unknown>).shape).toBeUndefined();
});

it('has the published check value of CRC-32', () => {
  for (const sum of [crc32, crc32ByTable]) {
    expect(sum(Buffer.from('123456789'))).toBe(0xcbf43926);
    expect(sum(Buffer.from('1234'), new Uint8Array(0), Buffer.from('56789'), new Uint8Array(0))).toBe(0xcbf43926);
  }
});

const python = process.env.CNNC_PYTHON ?? '';
it.skipIf(!existsSync(python))('is read by NumPy itself (needs CNNC_PYTHON, a Python with NumPy)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cnnc-npz-'));
  writeFileSync(join(folder, 'x.npz'), writeNpz(sample));
  const code = `import numpy, sys; z = numpy.load(sys.argv[1]); print(z['conv_1/kernel'].tolist(), z['step'].dtype, int(z['step']))`;
  expect(execFileSync(python, ['-c', code, join(folder, 'x.npz')], { encoding: 'utf8' }).trim()).toBe('[[1.0, 2.0]] int32 7');
  rmSync(folder, { recursive: true });
});
