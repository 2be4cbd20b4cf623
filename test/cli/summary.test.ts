/** `cnnc summary` in a process of its own. */
import { execFile } from 'node:child_process';
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import sharp from 'sharp';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnc-summary-'));
  const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#808080' } }).png().toBuffer();
  for (const name of ['cat', 'dog', 'hamster']) {
    await mkdir(join(folder, 'pets', name), { recursive: true });
    for (let i = 0; i < 4; i++) await writeFile(join(folder, 'pets', name, `${i}.png`), picture);
  }
  await writeFile(join(folder, 'pets.cnn'), 'data { folder "pets"; image 32x32 }\nnetwork < conv 8; pool 2; flatten; dense classes >\n');
  await writeFile(join(folder, 'alone.cnn'), 'input 32x32x3\nclasses 4\nnetwork < conv 8; flatten; dense classes >\n');
  await writeFile(join(folder, 'wrong.cnn'), 'input 32x32x3\nclasses 4\nnetwork < conv 8; flatten; dense 5 >\n');
  await writeFile(join(folder, 'binary.cnn'), Buffer.from([0xff, 0xfe, 0x00, 0x80]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const summary = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [join(root, 'dist/cnnc.mjs'), 'summary', ...args], { cwd: folder, env: { ...process.env, NO_COLOR: '1' } }, (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }));
  });

it('shows a table, and nothing on stderr', async () => {
  const { code, out, err } = await summary('alone.cnn');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^alone {2}32x32x3 → 4 classes\n\nlayer .*\nconv_1 /);
});

it('looks at the data for the classes', async () => {
  const { code, out } = await summary('pets.cnn', '--json');
  expect(code).toBe(0);
  const found = JSON.parse(out) as { layers: readonly { output: readonly number[] }[]; schema: number };
  expect(found.schema).toBe(1);
  expect(found.layers.at(-1)?.output).toEqual([3]);
});

it('takes --set', async () => {
  const { out } = await summary('alone.cnn', '--json', '--set', 'classes=7', '--set', 'fit.batch=2');
  expect((JSON.parse(out) as { memory: { batch: number } }).memory.batch).toBe(32 * 32 * 3 * 2 * 4);
  expect(await summary('alone.cnn', '--set', 'fit')).toMatchObject({ code: 2 });
});

it.each([
  ['wrong.cnn', 1, 'CNN2107'],
  ['nowhere.cnn', 1, 'CNN6104'],
  ['binary.cnn', 1, 'CNN1100'],
])('%s ends with %i and says %s', async (file, code, text) => {
  const ended = await summary(file);
  expect(ended.code).toBe(code);
  expect(ended.out).toBe('');
  expect(ended.err).toContain(text);
});

it('draws the network as SVG and PNG beside the table', async () => {
  const drawn = await summary('alone.cnn', '--diagram', 'out.svg');
  expect(drawn).toMatchObject({ code: 0, err: '' });
  expect(drawn.out).toMatch(/^alone {2}32x32x3/);
  const svg = await readFile(join(folder, 'out.svg'), 'utf8');
  const { width, height } = await sharp(Buffer.from(svg)).metadata();
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(await summary('alone.cnn', '--json', '--diagram', 'out.png')).toMatchObject({ code: 0, err: '' });
  expect(await sharp(join(folder, 'out.png')).metadata()).toMatchObject({ format: 'png', width: 2 * width, height: 2 * height });
});

it('--all shows what is folded', async () => {
  await writeFile(join(folder, 'long.cnn'), 'input 32x32x3\nclasses 4\nnetwork < repeat 9 < conv 3 same >; flatten; dense classes >\n');
  expect((await summary('long.cnn')).out).not.toContain('conv_9');
  expect((await summary('long.cnn', '--all')).out).toContain('conv_9');
});

it.each([
  [['alone.cnn', '--diagram', 'out.jpg'], 'CNN6105'],
  [['alone.cnn', '--diagram', 'pets'], 'CNN6105'],
  [['alone.cnn', '--diagram', 'taken.svg'], 'CNN6107'],
  [['many.cnn', '--diagram', 'many.svg'], 'CNN6106'],
])('%j is refused with %s, and nothing is left', async (args, code) => {
  await mkdir(join(folder, 'taken.svg'), { recursive: true });
  await writeFile(join(folder, 'many.cnn'), `input 8x8x3\nclasses 2\nnetwork < ${Array.from({ length: 2000 }, (_, i) => `conv ${(i % 3) + 1} same`).join('\n')}\nflatten; dense classes >\n`);
  const before = await readdir(folder);
  const ended = await summary(...args);
  expect(ended).toMatchObject({ code: 1, out: '' });
  expect(ended.err).toContain(code);
  expect(await readdir(folder)).toEqual(before);
});
