import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/runtime/data/dataset.ts';
import { fillBatch, openDataset } from '../../../src/runtime/data/index.ts';
import { diskFull, simulateFault } from '../../../src/runtime/files/atomic.ts';
import { folderPlan, optionsFor, picture, problemsOf, temporaryFolder, textOf, write, writeClasses } from './support.ts';

afterEach(() => simulateFault(null));

const sample = (dataset: Dataset, index: number): number[] => {
  const out = new Uint8Array(dataset.shape[0] * dataset.shape[1] * dataset.shape[2]);
  dataset.read(index, out, 0);
  return [...out];
};
const namesOf = (dataset: Dataset, part: 'train' | 'test' | 'validation'): string[] => Array.from(dataset.parts[part], dataset.describe);
const packs = (base: string): string[] => (existsSync(join(base, '.cache/pictures')) ? readdirSync(join(base, '.cache/pictures')).filter((name) => name.endsWith('.pack')) : []);
const fixture = (name: string): Uint8Array => readFileSync(new URL(`../../fixtures/images/${name}`, import.meta.url));

describe('opening a folder', () => {
  it('decodes, splits, batches', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 10, 'd/b': 20 });
    const seen: number[] = [];
    const dataset = await openDataset(folderPlan('d', { split: { test: 0.2, validation: 0.25 } }), optionsFor(base, { onProgress: (done, total) => void seen.push(done / total) }));
    expect([dataset.parts.train.length, dataset.parts.validation.length, dataset.parts.test.length]).toEqual([18, 6, 6]);
    expect(dataset.warnings).toEqual([]);
    expect(seen).toHaveLength(30);
    expect(seen[29]).toBe(1);
    const { x, y } = fillBatch(dataset, [29, 0]);
    expect(x).toMatchObject({ dtype: 'uint8', shape: [2, 8, 8, 3] });
    expect([...x.data.subarray(0, 2), x.data[4]]).toEqual([19, 0, 19]); // b/9.png: its number, and its colour
    expect(y).toEqual({ dtype: 'int32', shape: [2], data: Int32Array.of(1, 0) });
    expect(fillBatch(dataset, [29]).x.data.buffer).not.toBe(fillBatch(dataset, [29]).x.data.buffer);
    dataset.close();
  });

  it('gives the same from the cache, and from a file when memory is short', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 5, 'd/b': 5 });
    const plan = folderPlan('d', { split: { test: 0.2 } });
    const first = await openDataset(plan, optionsFor(base));
    expect(packs(base)).toHaveLength(1);
    const stamp = statSync(join(base, '.cache/pictures', packs(base)[0])).mtimeMs;
    const again = await openDataset(plan, optionsFor(base));
    const fromFile = await openDataset(plan, optionsFor(base, { memory: 100 }));
    const uncached = await openDataset({ ...plan, cache: false }, optionsFor(base));
    const uncachedFromFile = await openDataset({ ...plan, cache: false }, optionsFor(base, { memory: 100 }));
    for (const other of [again, fromFile, uncached, uncachedFromFile]) {
      expect(other.hash).toBe(first.hash);
      for (let i = 0; i < 10; i++) expect(sample(other, i)).toEqual(sample(first, i));
      other.close();
    }
    expect(statSync(join(base, '.cache/pictures', packs(base)[0])).mtimeMs).toBe(stamp);
  });

  it('keeps packs of other sizes apart', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 2, 'd/b': 2 });
    const hashes = new Set<string>();
    for (const image of [{}, { channels: 1 as const }, { height: 4 }, { resize: 'crop' as const }, { interpolation: 'nearest' as const }, { exif: true }]) {
      hashes.add((await openDataset(folderPlan('d', { image }), optionsFor(base))).hash);
    }
    expect(hashes.size).toBe(6);
    expect(packs(base)).toHaveLength(6);
  });

  it('makes a damaged pack anew', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 4, 'd/b': 4 });
    const plan = folderPlan('d');
    const good = await openDataset(plan, optionsFor(base));
    const path = join(base, '.cache/pictures', packs(base)[0]);
    const whole = readFileSync(path);
    const flipped = Buffer.from(whole);
    flipped[300] ^= 1;
    const trailer = Buffer.from(whole);
    trailer[whole.length - 60] ^= 1;
    for (const damaged of [whole.subarray(0, 500), whole.subarray(0, whole.length - 1), flipped, trailer, Buffer.alloc(0), Buffer.concat([whole, whole])]) {
      for (const memory of [1e9, 10]) {
        writeFileSync(path, damaged);
        const dataset = await openDataset(plan, optionsFor(base, { memory }));
        for (let i = 0; i < 8; i++) expect(sample(dataset, i)).toEqual(sample(good, i));
        dataset.close();
        expect(readFileSync(path).equals(whole)).toBe(true);
      }
    }
  });

  it('notices a picture that changed, even with its old size and time', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 3, 'd/b': 3 });
    const old = new Date(Date.now() - 100_000);
    const path = join(base, 'd/a/0.png');
    const before = await openDataset(folderPlan('d'), optionsFor(base));
    const other = await picture(77);
    writeFileSync(path, other);
    utimesSync(path, old, old);
    const after = await openDataset(folderPlan('d'), optionsFor(base));
    expect(after.hash).not.toBe(before.hash);
    expect(sample(after, 0)).not.toEqual(sample(before, 0));
  });

  it('goes on without a cache when the disk is full, unless memory is short', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 3, 'd/b': 3 });
    simulateFault((path) => {
      throw diskFull(path);
    });
    const dataset = await openDataset(folderPlan('d'), optionsFor(base));
    expect(dataset.warnings.map((d) => d.code)).toEqual(['CNN4078']);
    expect(textOf(dataset.warnings[0])).toContain('the disk is full');
    expect(sample(dataset, 5)[0]).toBe(5);
    const [problem] = await problemsOf(openDataset(folderPlan('d'), optionsFor(base, { memory: 10 })));
    expect(problem.code).toBe('CNN4079');
    expect(packs(base)).toEqual([]);
    expect(readdirSync(join(base, '.cache/pictures')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('stops when asked', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 20, 'd/b': 20 });
    const stop = new AbortController();
    const opening = openDataset(folderPlan('d'), optionsFor(base, { signal: stop.signal, onProgress: (done) => void (done === 5 && stop.abort()) }));
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    expect(packs(base)).toEqual([]);
  });

  it('says so when its file of pictures vanishes under it', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 3, 'd/b': 3 });
    const dataset = await openDataset(folderPlan('d'), optionsFor(base, { memory: 10 }));
    writeFileSync(join(base, '.cache/pictures', packs(base)[0]), '');
    expect(() => sample(dataset, 5)).toThrow('CNN4080');
  });
});

describe('corrupt pictures', () => {
  async function withCorrupt(): Promise<string> {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 6, 'd/b': 6 });
    const jpg = fixture('rgb.jpg');
    write(base, { 'd/a/cut.jpg': jpg.subarray(0, jpg.length >> 1), 'd/a/text.png': 'hello', 'd/b/empty.jpg': '', 'd/b/zeros.png': new Uint8Array(100), 'd/b/gif.png': fixture('picture.gif') });
    return base;
  }

  it('are named with their reasons', async () => {
    const base = await withCorrupt();
    for (const round of [1, 2]) {
      const [problem] = await problemsOf(openDataset(folderPlan('d'), optionsFor(base)));
      expect(problem.code, `round ${round}`).toBe('CNN4059');
      expect(problem.message).toBe('5 pictures of 17 cannot be decoded');
      expect(problem.notes[0].split('\n')).toEqual([
        'a/cut.jpg: it is cut off',
        'a/text.png: it is text, not png, jpg or webp',
        'b/empty.jpg: it is empty',
        'b/gif.png: it is a GIF picture, not png, jpg or webp',
        'b/zeros.png: it is filled with zero bytes, not png, jpg or webp',
      ]);
    }
  });

  it('are listed up to ten, then counted', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 1, 'd/b': 1 });
    for (let i = 0; i < 14; i++) write(base, { [`d/a/bad${i}.png`]: `text ${i}` });
    const [problem] = await problemsOf(openDataset(folderPlan('d'), optionsFor(base)));
    const lines = problem.notes[0].split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[10]).toBe('and 4 more');
  });

  it('are left out with a warning when skipped', async () => {
    const base = await withCorrupt();
    for (const memory of [1e9, 10]) {
      const dataset = await openDataset(folderPlan('d', { onCorrupt: 'skip' }), optionsFor(base, { memory }));
      expect(dataset.warnings.map((d) => d.code)).toEqual(['CNN4060']);
      expect(dataset.facts).toMatchObject({ count: 12, perClass: [6, 6] });
      expect(namesOf(dataset, 'train')).toEqual([0, 1, 2, 3, 4, 5].map((i) => `a/${i}.png`).concat([0, 1, 2, 3, 4, 5].map((i) => `b/${i}.png`)));
      for (let i = 0; i < 12; i++) expect(sample(dataset, i)[0]).toBe(i);
      dataset.close();
    }
  });
});

describe('the split of a folder', () => {
  it('depends on content, not on names', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 20, 'd/b': 20 });
    const plan = folderPlan('d', { split: { test: 0.25 } });
    const first = await openDataset(plan, optionsFor(base));
    const firsts = new Set(Array.from(first.parts.test, (i) => sample(first, i).join()));
    for (let i = 0; i < 20; i++) renameSync(join(base, `d/a/${i}.png`), join(base, `d/a/x${(i * 7) % 20}.png`));
    const renamed = await openDataset(plan, optionsFor(base));
    expect(new Set(Array.from(renamed.parts.test, (i) => sample(renamed, i).join()))).toEqual(firsts);
    const other = await openDataset(folderPlan('d', { split: { test: 0.25, seed: 1 } }), optionsFor(base));
    expect(new Set(Array.from(other.parts.test, (i) => sample(other, i).join()))).not.toEqual(firsts);
  });

  it('warns of copies on both sides when they are allowed, and keeps them together otherwise', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 20, 'd/b': 20 });
    for (let i = 0; i < 20; i++) copyFileSync(join(base, `d/a/${i}.png`), join(base, `d/a/copy ${i}.png`));
    const allowed = await openDataset(folderPlan('d', { split: { test: 0.3, duplicates: 'allow' } }), optionsFor(base));
    const warning = allowed.warnings.find((d) => d.code === 'CNN4011');
    expect(warning && textOf(warning)).toMatch(/pictures are in both the training and the test part\nexact copies, e\.g\. a\/.*\.png \(train\) = a\/.*\.png \(test\)/);
    const together = await openDataset(folderPlan('d', { split: { test: 0.3 } }), optionsFor(base));
    expect(together.warnings).toEqual([]);
    expect(together.parts.test.length).toBe(18);
  });

  it('warns of one picture in two classes', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 3, 'd/b': 3 });
    copyFileSync(join(base, 'd/a/1.png'), join(base, 'd/b/z.png'));
    const dataset = await openDataset(folderPlan('d'), optionsFor(base));
    expect(dataset.warnings.map(textOf)).toEqual([expect.stringContaining('CNN4064 1 picture is in more than one class\nexact copies, e.g. a/1.png = b/z.png')]);
  });

  it('warns of a class that a part lacks, and refuses an empty part', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 30, 'd/rose': 2, 'e/a': 1, 'e/b': 1 });
    const dataset = await openDataset(folderPlan('d', { split: { test: 0.2 } }), optionsFor(base));
    expect(textOf(dataset.warnings[0])).toContain('CNN4063 the class rose has 2 pictures: none of them is in the test part');
    const [problem] = await problemsOf(openDataset(folderPlan('e', { split: { test: 0.2 } }), optionsFor(base)));
    expect(textOf(problem)).toContain('CNN4062 with 2 pictures, 20 % for the test part leaves one of the parts empty');
  });

  it('keeps to a limit, stratified', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 30, 'd/b': 10 });
    const dataset = await openDataset(folderPlan('d', { limit: 20, split: { test: 0.2 } }), optionsFor(base));
    expect(dataset.facts).toMatchObject({ count: 20, perClass: [15, 5] });
    expect([dataset.parts.train.length, dataset.parts.test.length]).toEqual([16, 4]);
    const [problem] = await problemsOf(openDataset(folderPlan('d', { limit: 2, split: { test: 0.2 } }), optionsFor(base)));
    expect(textOf(problem)).toContain('CNN4073 a limit of 2 is below 3');
  });

  it('warns when the pictures lie the other way', async () => {
    const base = temporaryFolder();
    for (let i = 0; i < 6; i++) write(base, { [`d/${i % 2 ? 'a' : 'b'}/${i}.png`]: await picture(i, 30, 40) });
    const dataset = await openDataset(folderPlan('d', { image: { height: 40, width: 30 } }), optionsFor(base));
    expect(dataset.warnings.map(textOf)).toEqual([expect.stringContaining('CNN4074 the program takes 40x30 (height x width), but 100 % of the pictures are wider than high')]);
  });

  it('takes parts that the folder brings', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/train/a': 8, 'd/train/b': 8 });
    await writeClasses(base, { 'd/test/a': 2, 'd/test/b': 1 }, 100);
    copyFileSync(join(base, 'd/train/a/0.png'), join(base, 'd/test/a/same.png'));
    const dataset = await openDataset(folderPlan('d', { split: { validation: 0.25 } }), optionsFor(base));
    expect(namesOf(dataset, 'test')).toEqual(['test/a/0.png', 'test/a/1.png', 'test/a/same.png', 'test/b/0.png']);
    expect(dataset.parts.validation.length).toBe(4);
    expect(textOf(dataset.warnings[0])).toContain('remove the copies from one of the two parts');
  });
});

it('closes what it opened when something is wrong', async () => {
  const base = temporaryFolder();
  await writeClasses(base, { 'd/a': 1, 'd/b': 1 });
  await problemsOf(openDataset(folderPlan('d', { cache: false, split: { test: 0.5 } }), optionsFor(base, { memory: 10 })));
  rmSync(join(base, 'd'), { recursive: true });
});
