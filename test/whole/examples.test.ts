/** Every program under examples/, the README's, and the forms of machine output on them: checked, formatted, summarised, built, compiled. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compiler/compile.ts';
import { workplace } from './workplace.ts';

const here = workplace();
/** The zoo has a test of its own: test/compiler/zoo.test.ts. */
const examples = readdirSync('examples', { withFileTypes: true }).filter((e) => e.isDirectory() && e.name !== 'zoo').map((e) => e.name).sort();
const paths = examples.map((name) => resolve('examples', name, `${name}.cnn`));
const number = expect.any(Number) as number;
const text = expect.any(String) as string;

it('are the ones that are spoken of', () => expect(examples).toEqual(expect.arrayContaining(['mnist', 'shapes', 'tutorial'])));

it('have no problems, not even small ones', async () => {
  const ran = await here.cnnc(['check', ...paths, '--no-data', '--strict']);
  expect(ran).toMatchObject({ code: 0, signal: null, stdout: '' });
  // Of those whose classes are known without their data, and that are not too deep, what training takes.
  const lines = ran.stderr.trimEnd().split('\n');
  expect(lines.pop()).toBe(`${paths.length} programs: no problems found`);
  for (const line of lines) expect(line).toMatch(/^\S+\.cnn: training takes about [\d.]+ [MG]B of memory \((TensorFlow|onnx), batches of \d+\)/);
  // Their data is there or drawn.
  expect(await here.cnnc(['check', resolve('examples/shapes/shapes.cnn'), resolve('examples/mnist/mnist.cnn'), '--strict'])).toMatchObject({ code: 0 });
});

it('are formatted, and stay so', async () => {
  expect(await here.cnnc(['fmt', '--check', ...paths])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  for (const path of paths) {
    const source = readFileSync(path, 'utf8');
    expect(await here.cnnc(['fmt', '-'], { input: source })).toMatchObject({ code: 0, stdout: source, stderr: '' });
    const spread = source.replaceAll('; ', ' ;   ').replaceAll('\n', '  \n');
    here.write('spread.cnn', spread);
    const checked = await here.cnnc(['fmt', '--check', 'spread.cnn']);
    expect(checked).toMatchObject({ code: 1, stdout: 'spread.cnn\n' });
    expect(here.read('spread.cnn').toString()).toBe(spread);
    expect(await here.cnnc(['fmt', 'spread.cnn'])).toMatchObject({ code: 0 });
    expect(here.read('spread.cnn').toString()).toBe(source);
  }
});

describe('summary --json', () => {
  it.each([
    ['shapes', [32, 32, 3], 4],
    ['mnist', [28, 28, 1], 10],
  ] as const)('of %s', async (name, input, classes) => {
    const ran = await here.cnnc(['summary', resolve('examples', name, `${name}.cnn`), '--json']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    interface Layer { readonly name: string; readonly word: string; readonly params: number; readonly trainable: number; readonly macs: number; readonly output: readonly number[] }
    const summary = JSON.parse(ran.stdout) as { layers: Layer[]; params: { total: number; trainable: number; nonTrainable: number }; macs: number };
    expect(summary).toMatchObject({
      schema: 1, model: text, input, layers: expect.any(Array), params: { total: number, trainable: number, nonTrainable: number }, macs: number,
      memory: { weights: number, optimizer: number, activations: number, batch: number, training: number }, batchSize: number, tree: expect.any(Array),
    });
    const { layers, params } = summary;
    for (const [index, layer] of layers.entries()) expect(layer).toMatchObject({ index, name: text, word: text, output: expect.any(Array), params: number, trainable: number, macs: number });
    expect(layers.at(-1)).toMatchObject({ word: 'softmax', output: [classes] });
    expect(new Set(layers.map((l) => l.name)).size).toBe(layers.length);
    expect(params).toEqual({ total: layers.reduce((s, l) => s + l.params, 0), trainable: layers.reduce((s, l) => s + l.trainable, 0), nonTrainable: params.total - params.trainable });
    expect(summary.macs).toBe(layers.reduce((s, l) => s + l.macs, 0));
  });

  it('of MNIST is Keras’s count', async () => {
    const ran = await here.cnnc(['summary', resolve('examples/mnist/mnist.cnn')]);
    expect(ran.stdout).toContain('1,199,882');
  });
});

it('check --format json and sarif have the shapes of docs/cli.md', async () => {
  here.write('wrong.cnn', 'data { folder "ä"; image 32x32 }\n# ünïcödé 🌻\nnetwork < conv 8; relu; relu; pool 2; flatten; dens classes >\n');
  const json = await here.cnnc(['check', 'wrong.cnn', '--no-data', '--format', 'json']);
  expect(json).toMatchObject({ code: 1, stderr: '' });
  const place = (line: number, column: number, offset: number): object => ({ line, column, offset });
  const at = here.read('wrong.cnn').toString().indexOf('dens');
  const column = at - here.read('wrong.cnn').toString().lastIndexOf('\n', at);
  expect(JSON.parse(json.stdout)).toEqual({
    schema: 1,
    files: [{
      path: 'wrong.cnn',
      diagnostics: expect.arrayContaining([{
        code: 'CNN1001', severity: 'error', message: 'there is no layer called `dens`', label: 'did you mean `dense`?', start: place(3, column, at), end: place(3, column + 4, at + 4), related: [], notes: [], help: [],
        fixes: [{ title: 'write dense', safe: true, edits: [{ path: 'wrong.cnn', start: place(3, column, at), end: place(3, column + 4, at + 4), text: 'dense' }] }],
      }]) as unknown,
    }],
  });
  const sarif = await here.cnnc(['check', 'wrong.cnn', '--no-data', '--format', 'sarif']);
  expect(sarif).toMatchObject({ code: 1, stderr: '' });
  expect(JSON.parse(sarif.stdout)).toMatchObject({
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'cnnc', rules: expect.arrayContaining([expect.objectContaining({ id: 'CNN1001' })]) as unknown } },
      results: expect.arrayContaining([expect.objectContaining({
        ruleId: 'CNN1001', level: 'error',
        locations: [expect.objectContaining({ physicalLocation: expect.objectContaining({ artifactLocation: expect.objectContaining({ uri: 'wrong.cnn' }) as unknown, region: expect.objectContaining({ startLine: 3, startColumn: column }) as unknown }) as unknown })],
      })]) as unknown,
    }],
  });
  expect(await here.cnnc(['check', 'wrong.cnn', '--no-data', '--fix'])).toMatchObject({ code: 0 });
  expect(here.read('wrong.cnn').toString()).toContain('; dense classes >');
});

// Within the project, where tfjs-core is found.
const out = resolve('node_modules/.cache', `cnnc-whole-${process.pid}`);
afterAll(() => rmSync(out, { recursive: true, force: true }));
it('are built as TypeScript that compiles under --strict, again to the same files, and as a SavedModel', async () => {
  mkdirSync(out, { recursive: true });
  // The tutorial's pictures are not in the repository, and only they say how many classes there are.
  const built = examples.filter((name) => name !== 'tutorial');
  for (const name of built) {
    const ran = await here.cnnc(['build', resolve('examples', name, `${name}.cnn`), '--to', 'typescript', '-o', join(out, name)]);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: '' });
    const files = ran.stdout.trim().split('\n');
    expect(files).toEqual(expect.arrayContaining([join(out, name, 'src/index.ts'), join(out, name, 'package.json'), join(out, name, 'tsconfig.json')]));
    const before = files.map((file) => readFileSync(file, 'utf8'));
    expect(before.filter((code) => /\b(any|ts-ignore)\b/.test(code.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')))).toEqual([]);
    expect(await here.cnnc(['build', resolve('examples', name, `${name}.cnn`), '--to', 'typescript', '-o', join(out, name)])).toMatchObject({ code: 0, stdout: ran.stdout });
    expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(before);
    await promisify(execFile)(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '--noEmit', '-p', join(out, name, 'tsconfig.json')]).catch((error: { stdout: string }) => expect(error.stdout).toBe(''));
  }
  const saved = await here.cnnc(['build', resolve('examples/shapes/shapes.cnn'), '--to', 'savedmodel', '-o', 'saved']);
  expect(saved, saved.stderr).toMatchObject({ code: 0, stderr: '' });
  expect(saved.stdout).toContain('saved/saved_model.pb\n');
});

it('the programs of the README and of the documentation compile', () => {
  const pages = ['README.md', 'docs/language.md', ...examples.map((name) => `examples/${name}/README.md`)];
  for (const page of pages) {
    const whole = [...readFileSync(page, 'utf8').matchAll(/```cnn\n([^]*?)```/g)].map(([, code]) => code).filter((code) => /^data\b/m.test(code) && /^network\b/m.test(code));
    if (page === 'README.md') expect(whole.length).toBeGreaterThan(0);
    for (const code of whole) {
      const { diagnostics } = compile(code, { path: page });
      expect(diagnostics.filter((d) => d.severity === 'error').map((d) => `${d.code} ${d.message}`), `${page}\n${code}`).toEqual([]);
    }
  }
});
