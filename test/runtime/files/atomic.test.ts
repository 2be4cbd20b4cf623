import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diskFull, isTemporaryName, simulateFault, writeFileAtomic, writeFileAtomicWith } from '../../../src/runtime/files/atomic.ts';
import { cacheFolder } from '../../../src/runtime/files/cache-folder.ts';
import { sha256, sha256File, sha256Of } from '../../../src/runtime/files/hash.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'cnnc-files-'))));
afterEach(() => {
  simulateFault(null);
  rmSync(folder, { recursive: true, force: true });
});

it('writes a file, makes its folder, and leaves nothing else', async () => {
  const path = join(folder, 'a', 'b', 'x.json');
  await writeFileAtomic(path, 'one');
  await writeFileAtomic(path, new Uint8Array([116, 119, 111]));
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['x.json']);
});

it('keeps the old file and removes the temporary one when the disk is full', async () => {
  const path = join(folder, 'weights.npz');
  await writeFileAtomic(path, 'old');
  let seen: string[] = [];
  simulateFault((p) => {
    seen = readdirSync(folder);
    throw diskFull(p);
  });
  await expect(writeFileAtomic(path, 'new content')).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(seen.filter(isTemporaryName)).toHaveLength(1);
  expect(readdirSync(folder)).toEqual(['weights.npz']);
  expect(readFileSync(path, 'utf8')).toBe('old');
});

it('shows nothing under the name while a file is written in pieces, and nothing when its writer fails', async () => {
  const path = join(folder, 'pack');
  await writeFileAtomicWith(path, async (write) => {
    await write(Buffer.from('he'));
    expect(readdirSync(folder)).not.toContain('pack');
    await write(Buffer.from('llo'));
  });
  expect(readFileSync(path, 'utf8')).toBe('hello');
  await expect(writeFileAtomicWith(path, () => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
  expect(readFileSync(path, 'utf8')).toBe('hello');
  expect(readdirSync(folder)).toEqual(['pack']);
});

it('lets many writers of one file end with one whole file', async () => {
  const path = join(folder, 'x');
  const texts = Array.from({ length: 8 }, (_, i) => String(i).repeat(1000));
  await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
  expect(texts).toContain(readFileSync(path, 'utf8'));
  expect(readdirSync(folder)).toEqual(['x']);
});

it.skipIf(process.getuid?.() === 0)('says when a folder may not be written (root may write anywhere)', async () => {
  chmodSync(folder, 0o500);
  await expect(writeFileAtomic(join(folder, 'x'), 'y')).rejects.toMatchObject({ code: 'EACCES' });
  chmodSync(folder, 0o700);
});

it('hashes bytes, files and lists', async () => {
  const path = join(folder, 'x');
  writeFileSync(path, 'abc');
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(sha256('abc')).toBe(abc);
  expect(await sha256File(path)).toBe(abc);
  expect(sha256Of(['ab', 'c'])).not.toBe(sha256Of(['a', 'bc']));
});

it('finds the cache folder', () => {
  expect(cacheFolder({ CNNC_CACHE: '/x/y', XDG_CACHE_HOME: '/z' })).toBe('/x/y');
  expect(cacheFolder({ XDG_CACHE_HOME: '/z' })).toBe(join('/z', 'cnnc'));
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/\.cache.cnnc$|Cache$/);
});
