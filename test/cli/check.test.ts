/** `cnnc check` as a process: exit codes, formats, fixes, data. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cnnc } from '../support/cnnc.ts';

let folder = '';
const put = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);
const get = (name: string) => readFileSync(join(folder, name), 'utf8');
const check = (...args: string[]) => cnnc(['check', ...args], { cwd: folder });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-check-'));
  let n = 0;
  const picture = () => sharp({ create: { width: 32, height: 32, channels: 3, background: { r: n * 5, g: n++, b: 99 } } }).png().toBuffer();
  for (const name of ['cat', 'dog', 'hamster']) {
    mkdirSync(join(folder, 'pets', name), { recursive: true });
    for (let i = 0; i < 12; i++) put(`pets/${name}/${i}.png`, await picture());
  }
  put('good.cnn', 'data { folder "pets"; image 32x32 }\nnetwork < conv 8; pool 2; flatten; dense classes >\nfit { batch 4 }\n');
  put('head.cnn', 'data { folder "pets"; image 32x32 }\nnetwork < conv 8; pool 2; flatten; dense 5; softmax >\n');
  put('nodata.cnn', 'data { folder "nowhere"; image 32x32 }\nnetwork < conv 8; flatten; dense classes >\n');
  put('broken.cnn', 'data {\n  folder "pets"\n  image 32x32\n>\nnetwork < conv 8; flatten; dens classes >\nfit {\n  epochs=5\n}\n');
  put('gap.cnn', 'data { folder "pets"; image 32x32 }\nnetwork\n\n< conv 8; flatten; dense classes >\n');
  put('old.cnn', 'data { folder "pets"; image 32x32 }\nnetwork < Conv2D(8, (3, 3)); flatten; dense classes >\nfit {\n  batch_size=4\n  epochs=2\n}\n');
  put('empty.cnn', '');
  put('comments.cnn', '# nothing\n');
  put('binary.cnn', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]));
  put('large.cnn', `# ${'x'.repeat(5_000_000)}\n`);
  put('deep.cnn', `network ${'a <'.repeat(10_000)}${'>'.repeat(10_000)}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('is content with a good program', async () => {
  expect(await check('good.cnn')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/^good\.cnn: 36 pictures of 3 classes: 21 train, 7 validation, 8 test; 32x32\ngood\.cnn: training takes about \d+ MB of memory \((TensorFlow|onnx), batches of \d+\)\ngood\.cnn: no problems found\n$/),
  });
});

it('looks at the data: what would go wrong is said before training', async () => {
  mkdirSync(join(folder, 'bad/cat'), { recursive: true });
  for (const name of ['cat', 'dog']) {
    mkdirSync(join(folder, 'bad', name), { recursive: true });
    for (let i = 0; i < 11; i++) put(`bad/${name}/${i}.png`, readFileSync(join(folder, `pets/${name}/${i}.png`)));
  }
  put('bad/cat/broken.png', 'not a picture');
  put('bad/dog/same.png', readFileSync(join(folder, 'pets/cat/0.png')));
  put('bad.cnn', get('good.cnn').replace('pets', 'bad'));
  const { code, stderr } = await check('bad.cnn');
  expect(code).toBe(1);
  expect(stderr).toContain('error CNN4059: 1 picture of 24 cannot be decoded');
  expect(stderr).toContain('cat/broken.png: it is text, not png, jpg or webp');
  expect(stderr).toContain('warning CNN4064: 1 picture is in more than one class');
  expect(stderr).toMatch(/^bad\.cnn: 23 pictures of 2 classes: \d+ train, \d+ validation, \d+ test; 32x32\n/);
});

it('sees what only the data knows, and not with --no-data', async () => {
  const seen = await check('head.cnn');
  expect(seen.code).toBe(1);
  expect(seen.stderr).toContain('error CNN2107');
  expect(seen.stderr).toMatch(/\n1 error\n$/);
  expect(await check('head.cnn', '--no-data')).toMatchObject({ code: 0 });
  expect((await check('nodata.cnn')).stderr).toContain('error CNN4050');
  expect(await check('nodata.cnn', '--no-data')).toMatchObject({ code: 0 });
});

it('reports all sections of a damaged program', async () => {
  const { code, stderr } = await check('broken.cnn', '--no-data');
  expect(code).toBe(1);
  expect(stderr.match(/^error CNN\d{4}/gm)).toEqual(['error CNN1111', 'error CNN1001', 'error CNN1120']);
});

it('warnings alone exit with 0, with --strict 1', async () => {
  expect(await check('gap.cnn')).toMatchObject({ code: 0, stderr: expect.stringContaining('warning CNN1114') as string });
  expect(await check('gap.cnn', '--strict')).toMatchObject({ code: 1 });
});

it('writes JSON', async () => {
  const { code, stdout, stderr } = await check('--format', 'json', 'good.cnn', 'broken.cnn', '--no-data');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const report = JSON.parse(stdout) as { schema: number; files: { path: string; diagnostics: { code: string; start: unknown }[] }[] };
  expect(report.schema).toBe(1);
  expect(report.files.map((f) => [f.path, f.diagnostics.map((d) => d.code)])).toEqual([
    ['good.cnn', []],
    ['broken.cnn', ['CNN1111', 'CNN1001', 'CNN1120']],
  ]);
  expect(report.files[1].diagnostics[0].start).toEqual({ line: 4, column: 1, offset: 37 });
});

it('writes SARIF', async () => {
  const { stdout } = await check('--format', 'sarif', 'broken.cnn', '--no-data');
  const log = JSON.parse(stdout) as { version: string; runs: { results: { ruleId: string }[] }[] };
  expect(log.version).toBe('2.1.0');
  expect(log.runs[0].results.map((r) => r.ruleId)).toEqual(['CNN1111', 'CNN1001', 'CNN1120']);
});

it('--fix writes what was plainly meant', async () => {
  const { code, stderr } = await check('--fix', 'old.cnn');
  expect(stderr).toMatch(/\d problems fixed\n$/);
  expect(code).toBe(0);
  expect(get('old.cnn')).toBe('data { folder "pets"; image 32x32 }\nnetwork < conv 8 3x3; flatten; dense classes >\nfit {\n  batch 4\n  epochs 2\n}\n');
});

it.each([
  ['empty.cnn', 1],
  ['comments.cnn', 1],
  ['binary.cnn', 1],
  ['large.cnn', 1],
  ['deep.cnn', 1],
  ['missing.cnn', 1],
  ['.', 1],
])('%s is answered with a coded message', async (file, code) => {
  for (const args of [[file], [file, '--format', 'json']]) {
    const start = performance.now();
    const result = await check(...args);
    expect(result.code).toBe(code);
    expect(performance.now() - start).toBeLessThan(20_000);
    if (args.length === 1) expect(result.stderr).toMatch(/^error CNN\d{4}: /);
    else expect(JSON.parse(result.stdout)).toMatchObject({ schema: 1, files: [{ path: file, diagnostics: [{ code: expect.stringMatching(/^CNN\d{4}$/) as string }] }] });
    expect(result.stderr).not.toContain('    at ');
  }
});

it('wrong usage exits with 2', async () => {
  expect(await check()).toMatchObject({ code: 2 });
  expect(await check('--format', 'xml', 'good.cnn')).toMatchObject({ code: 2 });
});

it('a comment allows a warning, of the program and of the data, also with --strict; SARIF says so', async () => {
  const body = 'network < conv 8; relu; flatten\n# cnnc: allow CNN3209 two maps\ndense 32; dense classes >\n';
  put('allowed.cnn', `data { folder "pets"; image 32x32 }\n${body}fit {\n# cnnc: allow CNN2207 a test\nbatch 4000 }\n`);
  expect(await check('--strict', 'allowed.cnn')).toMatchObject({ code: 0 });
  const sarif = await check('--format', 'sarif', 'allowed.cnn');
  const { results } = (JSON.parse(sarif.stdout) as { runs: [{ results: { ruleId: string; suppressions?: { justification: string }[] }[] }] }).runs[0];
  expect(results.map((r) => [r.ruleId, r.suppressions?.[0].justification])).toEqual([['CNN3209', 'two maps'], ['CNN2207', 'a test']]);
});

it('an idle comment about the data is seen when the data is looked at; --fix takes out what the program alone shows to be idle', async () => {
  put('idle.cnn', 'data {\n  folder "pets"\n  # cnnc: allow CNN4011 copies\n  split test=20%\n  image 32x32\n}\nnetwork < conv 8; flatten; dense classes >\nfit { batch 4 }\n');
  expect((await check('--no-data', 'idle.cnn')).stderr).toContain('no problems found');
  expect((await check('idle.cnn')).stderr).toContain('warning CNN1232: CNN4011 is allowed here');
  put('idle.cnn', 'data { synthetic }\n# cnnc: allow CNN3209 once\nnetwork < conv 8; flatten; dense classes >\n');
  expect(await check('--fix', 'idle.cnn')).toMatchObject({ code: 0, stdout: '' });
  expect(get('idle.cnn')).toBe('data { synthetic }\nnetwork < conv 8; flatten; dense classes >\n');
});
