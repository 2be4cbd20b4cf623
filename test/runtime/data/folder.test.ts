import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probe } from '../../../src/runtime/data/index.ts';
import { scanFolder } from '../../../src/runtime/data/sources/folder.ts';
import type { DataPlan } from '../../../src/compiler/model/program.ts';
import { folderPlan, optionsFor, picture, problemsOf, temporaryFolder, textOf, write, writeClasses } from './support.ts';

const scan = (plan: DataPlan, base: string): ReturnType<typeof scanFolder> => scanFolder(plan.source as Extract<DataPlan['source'], { kind: 'folder' }>, plan, base);
const problem = async (base: string, plan: DataPlan): Promise<string> => textOf((await problemsOf(probe(plan, optionsFor(base))))[0]);

describe('a folder of classes', () => {
  it('gives classes and pictures by code unit, whatever the case of endings', async () => {
    const base = temporaryFolder();
    write(base, { 'd/b/x.PNG': 'x', 'd/b/A.jpeg': 'x', 'd/b/a.JPG': 'x', 'd/b/10.webp': 'x', 'd/b/2.png': 'x', 'd/Ä/1.png': 'x', 'd/B/deeper/still/1.png': 'x', 'd/B/notes.txt': 'x' });
    const found = scan(folderPlan('d'), base);
    expect(found.labels.classes).toEqual(['B', 'b', 'Ä']);
    expect(Array.from({ length: found.count }, (_, i) => found.describe(i))).toEqual(['B/deeper/still/1.png', 'b/10.webp', 'b/2.png', 'b/A.jpeg', 'b/a.JPG', 'b/x.PNG', 'Ä/1.png']);
    expect([...found.labels.values]).toEqual([0, 1, 1, 1, 1, 1, 2]);
    expect(await probe(folderPlan('d'), optionsFor(base))).toEqual({
      labelKind: 'categorical', classes: ['B', 'b', 'Ä'], sampleShape: null, pixelType: 'uint8', count: 7, perClass: [1, 5, 1], parts: { test: false, validation: false },
    });
  });

  it('takes the order of `classes`, and warns of sub-folders that are left out', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { a: 1, b: 1, c: 2 });
    const found = scan(folderPlan('.', { classes: ['c', 'a'] }), base);
    expect(found.labels.classes).toEqual(['c', 'a']);
    expect([...found.labels.values]).toEqual([0, 0, 1]);
    expect(found.warnings.map(textOf)).toEqual(['CNN4057 the sub-folder b is not in `classes` and is left out']);
    await writeClasses(base, { tulip: 1 });
    expect(await problem(base, folderPlan('.', { classes: ['a', 'tulpi'] }))).toContain('CNN4056 the class tulpi of `classes` has no sub-folder\nsub-folders: a, b, c, tulip\ndid you mean "tulip"?');
  });

  it('ignores what is hidden, and says what else it left out', async () => {
    const base = temporaryFolder();
    write(base, { '.git/x.png': 'x', '__MACOSX/x.png': 'x', 'a/.hidden.png': 'x', 'a/1.png': 'x', 'a/2.gif': 'x', 'a/3.HEIC': 'x', 'a/Thumbs.db': 'x', 'b/1.png': 'x', 'loose.jpg': 'x', 'readme.md': 'x' });
    const found = scan(folderPlan('.'), base);
    expect(found.count).toBe(2);
    const said = found.warnings.map(textOf).join('\n');
    expect(said).toContain('2 pictures are of a kind that is not read');
    expect(said).toContain('a/2.gif');
    expect(said).toContain('1 picture lies beside the class folders');
  });

  it('follows links inside, and none out, broken or round', async () => {
    const base = temporaryFolder();
    write(base, { 'd/a/1.png': 'x', 'd/b/1.png': 'x', 'secret/s.png': 'x' });
    symlinkSync('1.png', join(base, 'd/a/link.png'));
    symlinkSync('../../secret/s.png', join(base, 'd/a/out.png'));
    symlinkSync('../../secret', join(base, 'd/b/out'));
    symlinkSync('nowhere.png', join(base, 'd/b/broken.png'));
    symlinkSync('.', join(base, 'd/b/round'));
    symlinkSync('..', join(base, 'd/b/up'));
    const found = scan(folderPlan('d'), base);
    expect(Array.from({ length: found.count }, (_, i) => found.describe(i))).toEqual(['a/1.png', 'a/link.png', 'b/1.png']);
    expect(found.warnings.map(textOf).join()).toContain('lead out of the folder or nowhere');
  });

  it('binary labels are 0 and 1 as floats', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { no: 1, yes: 2 });
    const { labels } = scan(folderPlan('.', { labels: 'binary' }), base);
    expect(labels).toEqual({ kind: 'binary', classes: ['no', 'yes'], values: Float32Array.of(0, 1, 1), width: 1 });
  });
});

describe('parts', () => {
  it('are folders only if every sub-folder is so named', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'p/train/a': 2, 'p/train/b': 2, 'p/test/a': 1, 'p/test/b': 1, 'p/validation/b': 1, 'q/train/x': 1, 'q/boat/x': 1 });
    const found = scan(folderPlan('p'), base);
    expect(found.labels.classes).toEqual(['a', 'b']);
    expect([...found.part]).toEqual([0, 0, 0, 0, 1, 2, 2]);
    expect([...found.labels.values]).toEqual([0, 0, 1, 1, 1, 0, 1]);
    expect(found.brings).toEqual({ test: true, validation: true });
    expect(scan(folderPlan('q'), base).labels.classes).toEqual(['boat', 'train']);
  });

  it('need a train folder, and no class of their own', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'p/test/a': 1, 'p/validation/a': 1, 'q/train/a': 1, 'q/train/b': 1, 'q/test/c': 1 });
    expect(await problem(base, folderPlan('p'))).toContain('"p" has the parts validation, test and no folder train');
    expect(await problem(base, folderPlan('q'))).toContain('CNN4076 the test part has the class c that train does not have');
    mkdirSync(join(base, 'q/test/a'));
    expect(await problem(base, folderPlan('q', { classes: ['a', 'b'] }))).toContain('CNN4062 the test part has no pictures');
  });
});

describe('what is wrong with a folder', () => {
  it('is missing', async () => {
    const base = temporaryFolder();
    mkdirSync(join(base, 'pictures/flowers'), { recursive: true });
    const said = await problem(base, folderPlan('pictures/flowrs'));
    expect(said).toContain('CNN4050 there is no folder "pictures/flowrs"');
    expect(said).toContain('did you mean "pictures/flowers"?');
    expect(said).toContain(join(base, 'pictures/flowrs'));
  });

  it('is a file', async () => {
    const base = temporaryFolder();
    writeFileSync(join(base, 'digits.npz'), 'x');
    const said = await problem(base, folderPlan('digits.npz'));
    expect(said).toContain('CNN4051 "digits.npz" is a file, not a folder of pictures');
    expect(said).toContain('npz "digits.npz"');
  });

  it.skipIf(process.getuid?.() === 0)('may not be read (root may read anything)', async () => {
    const base = temporaryFolder();
    mkdirSync(join(base, 'x'), { mode: 0 });
    expect(await problem(base, folderPlan('x'))).toContain('CNN4052 "x" cannot be read: permission denied');
    chmodSync(join(base, 'x'), 0o700);
  });

  it('has no classes, one, or an empty one', async () => {
    const base = temporaryFolder();
    const one = await picture(1);
    mkdirSync(join(base, 'nothing'));
    write(base, { 'flat/1.png': one, 'flat/2.png': one, 'single/rose/1.png': one, 'gap/a/1.png': one, 'gap/b/readme.txt': 'x' });
    expect(await problem(base, folderPlan('nothing'))).toContain('CNN4053 "nothing" has no sub-folders with pictures');
    expect(await problem(base, folderPlan('flat'))).toContain('"flat" holds 2 pictures but no sub-folders');
    expect(await problem(base, folderPlan('single'))).toContain('CNN4054 the data has one class only, rose');
    expect(await problem(base, folderPlan('gap'))).toContain('CNN4055 the class b has no pictures');
  });

  it('has three classes where two are asked for, or is asked for values', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { a: 1, b: 1, c: 1 });
    expect(await problem(base, folderPlan('.', { labels: 'binary' }))).toContain('CNN4081');
    expect(await problem(base, folderPlan('.', { labels: 'values' }))).toContain('CNN4082');
  });
});

it('points at the source in the program', async () => {
  const [first] = await problemsOf(probe(folderPlan('x'), optionsFor(temporaryFolder())));
  expect(first.span).toEqual({ file: 'test.cnn', start: 10, end: 20 });
});
