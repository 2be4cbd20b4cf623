/** `cnnc build`: what it writes, where it refuses to, what it says. */
import { Command } from 'commander';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { add } from '../../src/cli/commands/build.ts';
import { decodeModel } from '../../src/compiler/backend/onnx/messages.ts';
import { decodeSavedModel } from '../../src/compiler/backend/tensorflow/messages.ts';
import { compile } from '../../src/compiler/compile.ts';
import { DiagnosticError } from '../../src/compiler/diagnostics/diagnostic.ts';
import { simulateFault, diskFull } from '../../src/runtime/files/atomic.ts';
import type { Bundle } from '../../src/runtime/bundle/bundle.ts';
import { trainedRun } from './trained.ts';

const text = `model Flowers
input 20x24x3
classes 3
preprocess { scale 1/255; featurewise_center; featurewise_std_normalization }
network <
  repeat 2 < conv 4 3x3; batch_norm; pool 2; relu; dropout .25 >
  flatten
  dense classes; softmax
>
`;
const classes = ['daisy', 'rose', 'black tulip'];

let base: string;
let file: string;
let bundle: Bundle;
let stdout: string[];
let stderr: string[];

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'cnnc-build-'));
  file = join(base, 'flowers.cnn');
  await writeFile(file, text);
  bundle = await trainedRun(join(base, 'run'), compile(text, { path: file }).program!, classes);
});
afterAll(() => rm(base, { recursive: true, force: true }));
beforeEach(() => {
  stdout = [];
  stderr = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => (stdout.push(String(chunk)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => (stderr.push(String(chunk)), true));
  return () => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  };
});

const run = async (...args: string[]): Promise<void> => {
  const cli = new Command('cnnc').exitOverride();
  add(cli);
  for (const command of cli.commands) command.exitOverride();
  await cli.parseAsync(['build', ...args], { from: 'user' });
};
const codeOf = (promise: Promise<void>): Promise<string> =>
  promise.then(() => 'no error', (error: unknown) => (error instanceof DiagnosticError ? error.diagnostics.map(({ code }) => code).join() : String(error)));
let folders = 0;
const fresh = (): string => join(base, `out${folders++}`);

describe('typescript', () => {
  it('writes formatted code and lists it', async () => {
    const out = fresh();
    await run(file, '--to', 'typescript', '-o', out);
    expect(process.exitCode).toBe(0);
    expect(stdout.join('').split('\n')).toContain(`${out}/src/model.ts`);
    const model = await readFile(join(out, 'src/model.ts'), 'utf8');
    expect(model).toContain('for (const block of parameters.blocks) x = runBlock(x, block, mode);');
    expect(await readdir(out)).not.toContain('weights.bin');
  });

  it('writes trained weights in the order of the manifest', async () => {
    const out = fresh();
    await run(file, '--to', 'typescript', '-o', out, '--weights', join(base, 'run'));
    const manifest = JSON.parse(await readFile(join(out, 'weights.json'), 'utf8')) as { tensors: { name: string; shape: number[] }[] };
    expect(manifest.tensors.map(({ name }) => name)).toEqual([...Object.keys(bundle.weights), 'preprocess/mean', 'preprocess/std']);
    const numbers = await readFile(join(out, 'weights.bin'));
    const floats = new Float32Array(numbers.buffer.slice(numbers.byteOffset, numbers.byteOffset + numbers.byteLength));
    expect([...floats]).toEqual([...Object.values(bundle.weights), ...Object.values(bundle.statistics)].flatMap(({ data }) => [...data]));
    expect(await readFile(join(out, 'src/classes.ts'), 'utf8')).toContain("['daisy', 'rose', 'black tulip']");
  });
});

describe('savedmodel', () => {
  it('writes the training graph', async () => {
    const out = fresh();
    await run(file, '--to', 'savedmodel', '-o', out);
    const [{ signatureDef }] = decodeSavedModel(await readFile(join(out, 'saved_model.pb'))).metaGraphs;
    expect(Object.keys(signatureDef).sort()).toEqual(['evaluate', 'predict', 'restore', 'state', 'train']);
  });

  it('with weights writes a network that predicts, without variables', async () => {
    const out = fresh();
    await run(file, '--to', 'savedmodel', '-o', out, '--weights', join(base, 'run'));
    const [{ metaInfoDef, graphDef, signatureDef }] = decodeSavedModel(await readFile(join(out, 'saved_model.pb'))).metaGraphs;
    expect(metaInfoDef.tags).toEqual(['serve']);
    expect(Object.keys(signatureDef)).toEqual(['serving_default']);
    const { inputs, outputs, methodName } = signatureDef.serving_default;
    expect(methodName).toBe('tensorflow/serving/predict');
    expect(inputs.images).toMatchObject({ encoding: { value: 'images:0' }, dtype: 4, tensorShape: { dim: [-1n, 20n, 24n, 3n].map((size) => ({ size })) } });
    expect(outputs.probabilities).toMatchObject({ encoding: { value: 'probabilities:0' }, dtype: 1, tensorShape: { dim: [-1n, 3n].map((size) => ({ size })) } });
    const names = new Set(graphDef.node.map(({ name }) => name));
    for (const node of graphDef.node) {
      expect(node.op).not.toMatch(/Var|Resource/);
      for (const input of node.input) expect(names, input).toContain(input.replace(/^\^|:\d+$/g, ''));
    }
    const kernel = graphDef.node.find(({ name }) => name === 'weights/conv_1/kernel')!.attr.value.value;
    expect(kernel.case === 'tensor' && new Float32Array(Uint8Array.from(kernel.value.tensorContent).buffer)).toEqual(bundle.weights['conv_1/kernel'].data);
    expect(JSON.parse(await readFile(join(out, 'model.json'), 'utf8'))).toMatchObject({ classes, input: { name: 'images', dtype: 'uint8' }, output: { name: 'probabilities' } });
  });
});

describe('onnx', () => {
  const modelIn = async (out: string) => decodeModel(await readFile(join(out, 'model.onnx')));
  const metadata = (model: Awaited<ReturnType<typeof modelIn>>): Record<string, string> => Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]));

  it('writes a network that predicts, its weights inside, its meaning in the metadata', async () => {
    const out = fresh();
    await run(file, '--to', 'onnx', '-o', out, '--weights', join(base, 'run'));
    expect(stderr.join('')).toBe('');
    const model = await modelIn(out);
    const dims = (info: (typeof model.graph.input)[number]) => info.type.tensorType.shape.dim.map(({ value }) => value.value);
    expect(model.graph.input.map((i) => [i.name, i.type.tensorType.elemType, dims(i)])).toEqual([['images', 2, ['N', 20n, 24n, 3n]]]);
    expect(model.graph.output.map((o) => [o.name, o.type.tensorType.elemType, dims(o)])).toEqual([['probabilities', 1, ['N', 3n]]]);
    expect(model.opsetImport.map(({ domain }) => domain)).toEqual(['']);
    const given = new Set(['images', ...model.graph.initializer.map(({ name }) => name)]);
    for (const node of model.graph.node) {
      for (const input of node.input) expect(given, input).toContain(input);
      node.output.forEach((name) => given.add(name));
    }
    const bias = model.graph.initializer.find(({ name }) => name === 'conv_1/bias')!;
    expect(new Float32Array(Uint8Array.from(bias.rawData).buffer)).toEqual(bundle.weights['conv_1/bias'].data);
    const { classes: names, input, output, ...rest } = metadata(model);
    expect(JSON.parse(names)).toEqual(classes);
    expect(JSON.parse(input)).toMatchObject({ name: 'images', dtype: 'uint8', shape: ['N', 20, 24, 3], colour: 'rgb' });
    expect(JSON.parse(output)).toEqual({ name: 'probabilities', shape: ['N', 3] });
    expect(rest).toEqual({ cnnc: expect.stringMatching(/^\d+\./), model: 'Flowers', labels: 'categorical', weights: 'trained' });
  });

  it('without weights takes those that training begins with, and says so', async () => {
    const out = fresh();
    await run(file, '--to', 'onnx', '-o', out);
    expect(stderr.join('')).toContain('untrained');
    expect(metadata(await modelIn(out)).weights).toBe('initial');
  });

  it('writes the same bytes again', async () => {
    const [a, b] = [fresh(), fresh()];
    for (const out of [a, b]) await run(file, '--to', 'onnx', '-o', out, '--weights', join(base, 'run'));
    expect((await readFile(join(a, 'model.onnx'))).equals(await readFile(join(b, 'model.onnx')))).toBe(true);
  });
});

describe('refuses', () => {
  it.each([['keras', /does not write keras yet[^]*typescript, savedmodel, onnx/], ['toString', /no target called/], ['', /no target called/]])('the target %j', async (target, message) => {
    await run(file, '--to', target, '-o', fresh());
    expect(process.exitCode).toBe(2);
    expect(stderr.join('')).toMatch(/CNN6100/);
    expect(stderr.join('')).toMatch(message);
  });

  it('a folder that holds other things, unless told to', async () => {
    const out = fresh();
    await mkdir(out);
    await writeFile(join(out, 'thesis.txt'), 'years of work');
    expect(await codeOf(run(file, '--to', 'savedmodel', '-o', out))).toBe('CNN6101');
    expect(await readdir(out)).toEqual(['thesis.txt']);
    await run(file, '--to', 'savedmodel', '-o', out, '--force');
    expect((await readdir(out)).sort()).toEqual(['.cnnc-build.json', 'saved_model.pb', 'thesis.txt']);
    expect(await readFile(join(out, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  it('to overwrite what a person changed, but replaces and removes its own', async () => {
    const out = fresh();
    await run(file, '--to', 'typescript', '-o', out);
    await writeFile(join(out, 'src/mine.ts'), 'export {};');
    await run(file, '--to', 'typescript', '-o', out);
    expect(await readdir(join(out, 'src'))).toContain('mine.ts');

    await writeFile(join(out, 'src/model.ts'), '// better');
    expect(await codeOf(run(file, '--to', 'typescript', '-o', out))).toBe('CNN6101');
    expect(await readFile(join(out, 'src/model.ts'), 'utf8')).toBe('// better');
    await run(file, '--to', 'typescript', '-o', out, '--force');
    expect(await readFile(join(out, 'src/model.ts'), 'utf8')).not.toBe('// better');

    await run(file, '--to', 'savedmodel', '-o', out);
    expect((await readdir(out)).sort()).toEqual(['.cnnc-build.json', 'saved_model.pb', 'src']);
    expect(await readdir(join(out, 'src'))).toEqual(['mine.ts']);
  });

  it('to believe a marker that points out of the folder', async () => {
    const out = fresh();
    await mkdir(out);
    const precious = join(base, 'precious.txt');
    await writeFile(precious, 'x');
    const hash = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
    await writeFile(join(out, '.cnnc-build.json'), JSON.stringify({ schema: 1, files: { '../precious.txt': hash } }));
    expect(await codeOf(run(file, '--to', 'savedmodel', '-o', out))).toBe('CNN6101');
    await run(file, '--to', 'savedmodel', '-o', out, '--force');
    expect(await readFile(precious, 'utf8')).toBe('x');
  });

  it('a file where the folder should be', async () => {
    expect(await codeOf(run(file, '--to', 'savedmodel', '-o', file))).toBe('CNN6101');
    expect(await codeOf(run(file, '--to', 'savedmodel', '-o', join(file, 'deep')))).toBe('CNN6103');
  });

  it('weights of another network', async () => {
    const other = join(base, 'other.cnn');
    await writeFile(other, text.replace('conv 4 3x3', 'conv 5 3x3 same').replace('; dropout .25', '').replace('scale 1/255', 'scale 1/127'));
    const error = await run(other, '--to', 'typescript', '-o', fresh(), '--weights', join(base, 'run')).catch((e: unknown) => e);
    expect((error as DiagnosticError).diagnostics[0]).toMatchObject({ code: 'CNN6102' });
    const { notes } = (error as DiagnosticError).diagnostics[0];
    expect(notes).toContain('conv_1 filters: trained with 4, now 5');
    expect(notes).toContain('conv_1 padding: trained with valid, now same');
    expect(notes).toContain('dropout_1: not in the program now');
  });

  it('a program with errors, a missing one, a run without a model', async () => {
    const wrong = join(base, 'wrong.cnn');
    await writeFile(wrong, text.replace('softmax', 'softmx'));
    const out = fresh();
    await run(wrong, '--to', 'typescript', '-o', out);
    expect(process.exitCode).toBe(1);
    expect(stderr.join('')).toContain('CNN1001');
    expect(await readdir(base)).not.toContain(basename(out));
    expect(await codeOf(run(join(base, 'none.cnn'), '--to', 'typescript', '-o', out))).toBe('CNN6104');
    expect(await codeOf(run(file, '--to', 'typescript', '-o', out, '--weights', base))).toBe('CNN6057');
  });

  it('half a file when the disk is full, and can be done again', async () => {
    const out = fresh();
    await run(file, '--to', 'typescript', '-o', out);
    const other = join(base, 'grey.cnn');
    await writeFile(other, text.replace('20x24x3', '28x28x1'));
    simulateFault((path) => {
      if (path.endsWith('train.ts')) throw diskFull(path);
    });
    try {
      expect(await codeOf(run(other, '--to', 'typescript', '-o', out))).toBe('CNN6103');
    } finally {
      simulateFault(null);
    }
    expect((await readdir(join(out, 'src'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await readFile(join(out, 'src/train.ts'), 'utf8')).toContain('[n, 20, 24, 3]');
    await run(other, '--to', 'typescript', '-o', out);
    expect(await readFile(join(out, 'src/train.ts'), 'utf8')).toContain('[n, 28, 28, 1]');
  });
});
