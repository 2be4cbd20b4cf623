/** `precision mixed_bfloat16` on the command line: the warning before training, the refusals with their place, and what a trained network is good for. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compiler/compile.ts';
import { DiagnosticError } from '../../src/compiler/diagnostics/diagnostic.ts';
import { mustCompute, mustBePrintable, slowPrecision } from '../../src/cli/refusals.ts';
import { mustRun } from '../../src/runtime/engine/capable.ts';
import { buildTraining } from '../../src/compiler/graph/training.ts';
import { bfloat16Support } from '../../src/runtime/engine/processor.ts';
import { engineAvailable, onnxAvailable } from '../support/engine.ts';
import { cnnc } from '../support/cnnc.ts';

const text = `model Mixed
data { synthetic shapes 40 classes=2; image 12x12 gray }
network < conv 3 3x3; batch_norm; relu; pool 2; flatten; dense classes; softmax >
compile { optimizer adam; precision mixed_bfloat16 }
fit { epochs 1; batch 8; seed 3 }
`;
const facts = { labelKind: 'sparse', classes: ['a', 'b'], sampleShape: [12, 12, 1], pixelType: 'uint8', count: 40, perClass: [20, 20], parts: { test: false, validation: false } } as const;
const { program, ast } = compile(text, { path: 'mixed.cnn', facts });
const asked = 'precision mixed_bfloat16';

function refused(act: () => void): DiagnosticError {
  try {
    act();
  } catch (error) {
    if (error instanceof DiagnosticError) return error;
  }
  throw new Error('it was not refused');
}

describe('before anything is loaded', () => {
  it('is refused at the word where the engine asked for has no bfloat16', () => {
    const [{ code, span, help }] = refused(() => mustCompute(program!, ast, 'onnx')).diagnostics;
    expect([code, text.slice(span.start, span.end)]).toEqual(['CNN5041', asked]);
    expect(help.join()).toContain('--engine tensorflow');
    for (const engine of ['auto', 'tensorflow', undefined] as const) expect(() => mustCompute(program!, ast, engine)).not.toThrow();
    expect(() => mustCompute({ ...program!, compile: { ...program!.compile, precision: 'float32' } }, ast, 'onnx')).not.toThrow();
  });

  it('is refused wherever else a graph meets that engine', () => {
    expect(refused(() => mustRun('onnx', buildTraining(program!), program!)).diagnostics.map(({ code }) => code)).toEqual(['CNN5041']);
    expect(() => mustRun('tensorflow', buildTraining(program!), program!)).not.toThrow();
  });

  it('is warned of at the word where the processor does not multiply it', () => {
    const [{ code, severity, span, notes }] = slowPrecision(program!, ast, { native: false, reason: 'no such unit' });
    expect([code, severity, text.slice(span.start, span.end), notes[0]]).toEqual(['CNN5040', 'warning', asked, 'no such unit']);
    expect(slowPrecision(program!, ast, { native: true })).toEqual([]);
    expect(slowPrecision({ ...program!, compile: { ...program!.compile, precision: 'float32' } }, ast, { native: false, reason: '' })).toEqual([]);
  });

  it('is not written as TypeScript', () => {
    const [{ code, span }] = refused(() => mustBePrintable(program!, ast)).diagnostics;
    expect([code, text.slice(span.start, span.end)]).toEqual(['CNN1249', asked]);
  });
});

describe.skipIf(!engineAvailable())('the command line', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cnnc-precision-'));
    await writeFile(join(folder, 'mixed.cnn'), text);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('warns, trains, and keeps float32 weights that predict and are exported', async () => {
    const run = await cnnc(['run', 'mixed.cnn', '--engine', 'tensorflow'], { cwd: folder });
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr.includes('CNN5040')).toBe(!bfloat16Support().native);
    const header = (await readFile(join(folder, 'runs/mixed/1/weights.npz'))).toString('latin1');
    expect(header).toContain("'descr': '<f4'");
    expect(header.match(/'descr': '(?!<f4)/)).toBeNull();
    const savedModel = await cnnc(['build', 'mixed.cnn', '--to', 'savedmodel', '-o', 'saved', '--weights', 'runs/mixed/1'], { cwd: folder });
    expect(savedModel).toMatchObject({ code: 0 });
    const onnx = await cnnc(['build', 'mixed.cnn', '--to', 'onnx', '-o', 'onnx', '--weights', 'runs/mixed/1'], { cwd: folder });
    expect(onnx).toMatchObject({ code: 0 });
    expect(onnx.stderr).toContain('the model computes in float32');
  });

  it('takes a comment that allows the warning', async () => {
    await mkdir(join(folder, 'allowed'));
    await writeFile(join(folder, 'allowed/mixed.cnn'), text.replace('compile {', '# cnnc: allow CNN5040 for another machine\ncompile {'));
    const run = await cnnc(['run', 'mixed.cnn', '--quiet'], { cwd: join(folder, 'allowed') });
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).not.toContain('CNN5040');
  });

  it.skipIf(!onnxAvailable())('says what to type where ONNX is asked for', async () => {
    const run = await cnnc(['run', 'mixed.cnn', '--engine', 'onnx'], { cwd: folder });
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain('CNN5041');
    expect(run.stderr).toContain('mixed.cnn:4:');
  });
});
