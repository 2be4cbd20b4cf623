import { copyFileSync, existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { draws, Purpose } from '../../../src/compiler/graph/philox.ts';
import type { DataPlan } from '../../../src/compiler/model/program.ts';
import { surveyData } from '../../../src/runtime/data/index.ts';
import type { Survey } from '../../../src/runtime/data/index.ts';
import { folderPlan, optionsFor, origin, planOf, temporaryFolder, textOf, write, writeClasses } from './support.ts';

const survey = (plan: DataPlan, base: string, batch: number | null = null, balanced = false): Promise<Survey> => surveyData(plan, optionsFor(base), batch === null ? null : { batch, balanced });
const codes = ({ diagnostics }: Survey): string[] => diagnostics.map((d) => d.code);
const said = ({ diagnostics }: Survey, code: string): string => diagnostics.filter((d) => d.code === code).map(textOf).join('\n\n');
const fixture = (name: string): Uint8Array => readFileSync(new URL(`../../fixtures/images/${name}`, import.meta.url));

/** Like a photograph: 64 by 96, smooth, its own. */
async function scene(seed: number, width = 96, height = 64): Promise<Sharp> {
  const random = draws(seed, Purpose.synthetic);
  const corners = Buffer.from(Array.from({ length: 5 * 5 * 3 }, () => 20 + 215 * random.uniform()));
  return sharp(await sharp(corners, { raw: { width: 5, height: 5, channels: 3 } }).resize(width, height, { fit: 'fill', kernel: 'cubic' }).png().toBuffer());
}
async function scenes(base: string, counts: Readonly<Record<string, number>>): Promise<void> {
  let seed = 100;
  for (const [name, count] of Object.entries(counts)) for (let i = 0; i < count; i++) write(base, { [`${name}/${i}.png`]: await (await scene(seed++)).png().toBuffer() });
}

describe('the data pass', () => {
  it('is content with good data, and counts it', async () => {
    const base = temporaryFolder();
    await scenes(base, { 'd/a': 12, 'd/b': 12 });
    write(base, { 'd/b/large.png': await (await scene(1, 300, 200)).png().toBuffer() });
    const seen = await survey(folderPlan('d', { split: { test: 0.2, validation: 0.25 }, image: { height: 64, width: 96 } }), base, 8);
    expect(seen.diagnostics).toEqual([]);
    expect(seen).toMatchObject({ facts: { count: 25, perClass: [12, 13] }, parts: { train: 15, validation: 5, test: 5 }, corrupt: [], sizes: { smallest: { height: 64, width: 96 }, largest: { height: 200, width: 300 } } });
  });

  it('names corrupt pictures and goes on without them', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 10, 'd/b': 10 });
    const jpg = fixture('rgb.jpg');
    write(base, { 'd/a/cut.jpg': jpg.subarray(0, jpg.length >> 1), 'd/a/text.png': 'hello', 'd/b/empty.jpg': '' });
    for (const [onCorrupt, code] of [['error', 'CNN4059'], ['skip', 'CNN4060']] as const) {
      const seen = await survey(folderPlan('d', { onCorrupt, split: { test: 0.5 } }), base);
      expect(codes(seen)).toEqual([code]);
      expect(said(seen, code)).toContain('a/cut.jpg: it is cut off\na/text.png: it is text, not png, jpg or webp\nb/empty.jpg: it is empty');
      expect(seen.parts).toEqual({ train: 10, validation: 0, test: 10 });
    }
  });

  it('finds exact and near copies across parts', async () => {
    const base = temporaryFolder();
    await scenes(base, { 'd/train/a': 12, 'd/train/b': 12, 'd/test/a': 2, 'd/test/b': 2 });
    copyFileSync(join(base, 'd/train/a/3.png'), join(base, 'd/test/a/same.png'));
    write(base, { 'd/test/b/near.jpg': await sharp(join(base, 'd/train/b/5.png')).resize(72, 50, { fit: 'fill' }).jpeg({ quality: 50 }).toBuffer() });
    const seen = await survey(folderPlan('d', { image: { height: 64, width: 96 } }), base);
    expect(codes(seen)).toEqual(['CNN4011', 'CNN4093']);
    expect(said(seen, 'CNN4011')).toContain('train/a/3.png (train) = test/a/same.png (test)');
    expect(said(seen, 'CNN4093')).toContain('CNN4093 1 picture of the test part is nearly the same as one of the training part\ne.g. train/b/5.png (train) and test/b/near.jpg (test)');
  });

  it('near copies within one part are no matter', async () => {
    const base = temporaryFolder();
    await scenes(base, { 'd/a': 12, 'd/b': 12 });
    write(base, { 'd/b/near.jpg': await sharp(join(base, 'd/b/5.png')).jpeg({ quality: 50 }).toBuffer() });
    expect(codes(await survey(folderPlan('d', { image: { height: 64, width: 96 } }), base))).toEqual([]);
  });

  it('warns of few pictures and of classes out of proportion', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 60, 'd/b': 5, 'd/c': 12 });
    const seen = await survey(folderPlan('d'), base, 16);
    expect(codes(seen)).toEqual(['CNN4094', 'CNN4095']);
    expect(said(seen, 'CNN4094')).toContain('the class b has only 5 pictures');
    expect(said(seen, 'CNN4095')).toContain('the class a has 12 times as many pictures as b\na: 60, b: 5\nalways answering a would be right for 77.9 % of them');
    expect(codes(await survey(folderPlan('d'), base, 16, true))).toEqual(['CNN4094']);
    expect(said(await survey(folderPlan('d'), base, 100), 'CNN4096')).toContain('a batch of 100 is larger than the training part, which has 77 pictures');
  });

  it('warns of sizes that do not suit', async () => {
    const base = temporaryFolder();
    await scenes(base, { 'd/a': 12, 'd/b': 12 });
    for (let i = 0; i < 4; i++) write(base, { [`d/a/wide${i}.png`]: await (await scene(i, 200, 40)).png().toBuffer() });
    expect(said(await survey(folderPlan('d', { image: { height: 64, width: 64 } }), base), 'CNN4097')).toContain('14.3 % of the pictures are stretched more than twofold to fit 64x64\ne.g. a/wide0.png is 40x200');
    expect(codes(await survey(folderPlan('d', { image: { height: 64, width: 64, resize: 'crop' } }), base))).toEqual([]);
    expect(said(await survey(folderPlan('d', { image: { height: 224, width: 224 } }), base), 'CNN4098')).toContain('85.7 % of the pictures are less than half as large as 224x224, and are enlarged');
    expect(said(await survey(folderPlan('d', { image: { height: 96, width: 64 } }), base), 'CNN4074')).toContain('100 % of the pictures are wider than high');
  });

  it('tables: labels, several at once', async () => {
    const base = temporaryFolder();
    await scenes(base, { p: 12 });
    write(base, { 't.csv': `file,label\n${Array.from({ length: 12 }, (_, i) => `p/${i}.png,${i < 3 ? 'sea|sky' : 'sky'}`).join('\n')}\n` });
    const seen = await survey(planOf({ kind: 'csv', path: 't.csv', folder: null, delimiter: 'comma', pathColumn: null, ending: '', labelColumns: null, separator: '|', weightColumn: null, partColumn: null, origin }, { image: { height: 64, width: 96 } }), base);
    expect(seen.facts).toMatchObject({ labelKind: 'multilabel', perClass: [3, 12] });
    expect(said(seen, 'CNN4094')).toContain('the label sea has only 3 pictures');
  });

  it('what the tool draws is only counted', async () => {
    const seen = await survey(planOf({ kind: 'synthetic', count: 500_000, classes: 2, seed: 0, noise: 0, origin }, { split: { test: 0.2, validation: 0.25 }, limit: 1000 }), temporaryFolder(), 32);
    expect(seen).toMatchObject({ parts: { train: 600, validation: 200, test: 200 }, diagnostics: [] });
  });
});

describe('what was found out of a file', () => {
  const looks = (base: string): string => readFileSync(join(base, '.cache/pictures', readdirSync(join(base, '.cache/pictures')).find((name) => name.startsWith('looks-')) as string), 'utf8');

  it('is kept until the file changes', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 10, 'd/b': 10 });
    const old = new Date(Date.now() - 100_000);
    for (const name of ['a', 'b']) for (let i = 0; i < 10; i++) utimesSync(join(base, `d/${name}/${i}.png`), old, old);
    await new Promise((resolve) => setTimeout(resolve, 2100)); // the change time cannot be set back
    const plan = folderPlan('d');
    expect(codes(await survey(plan, base))).toEqual([]);
    const kept = JSON.parse(looks(base)) as { files: Record<string, [number, string, string, [number, number, string, string]]> };
    expect(Object.keys(kept.files)).toHaveLength(20);
    kept.files['a/0.png'][3] = [8, 8, '', 'it was kept'];
    writeFileSync(join(base, '.cache/pictures', readdirSync(join(base, '.cache/pictures')).find((name) => name.startsWith('looks-')) as string), JSON.stringify(kept));
    expect(said(await survey(plan, base), 'CNN4059')).toContain('a/0.png: it was kept');
    writeFileSync(join(base, 'd/a/0.png'), 'no picture');
    expect(said(await survey(plan, base), 'CNN4059')).toContain('a/0.png: it is text');
  });

  it('is not trusted when it is damaged, and not kept with cache off', async () => {
    const base = temporaryFolder();
    await writeClasses(base, { 'd/a': 10, 'd/b': 10 });
    await survey(folderPlan('d', { cache: false }), base);
    expect(existsSync(join(base, '.cache'))).toBe(false);
  });
});
