import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initialWeights } from '../../../src/compiler/graph/initial.ts';
import { variablesOf } from '../../../src/compiler/graph/training.ts';
import { DiagnosticError } from '../../../src/compiler/diagnostics/diagnostic.ts';
import { loadBundle } from '../../../src/runtime/bundle/files.ts';
import { predictorOn, ranked } from '../../../src/runtime/bundle/predictor.ts';
import { diskFull, simulateFault } from '../../../src/runtime/files/atomic.ts';
import { readNpz, writeNpz } from '../../../src/runtime/files/npz.ts';
import { readInitialWeights } from '../../../src/runtime/train/initial-file.ts';
import { readManifest } from '../../../src/runtime/train/manifest.ts';
import { asTensors } from '../../../src/runtime/train/tensors.ts';
import { interpreterEngine, type InterpreterEngine } from '../../support/interpreter-engine.ts';
import { memoryDataset } from '../../support/memory-data.ts';
import { tinyRun } from '../../support/run-folder.ts';
import { tinyProgram } from '../../support/tiny-program.ts';

let base = '';
let folder = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'cnnc-run-'));
  folder = join(base, '1');
});
afterEach(async () => {
  simulateFault(null);
  await rm(base, { recursive: true });
});

const bytes = (name: string, of = folder): Promise<Buffer> => readFile(join(of, name));
const json = async (name: string): Promise<Record<string, unknown>> => JSON.parse((await bytes(name)).toString()) as Record<string, unknown>;
const fault = async (run: Promise<unknown>): Promise<DiagnosticError> => {
  const error: unknown = await run.then(() => null, (e: unknown) => e);
  expect(error).toBeInstanceOf(DiagnosticError);
  return error as DiagnosticError;
};

const stopping = { monitor: 'val_loss', mode: 'min' as const, patience: 9, minDelta: 0, restoreBest: true, startFromEpoch: 0, baseline: null };

describe('a finished run', () => {
  it('leaves everything behind', async () => {
    const result = await tinyRun(folder, tinyProgram({ fit: { earlyStopping: stopping, checkpoint: { every: 2, best: false, monitor: 'val_loss', mode: 'min', initialValueThreshold: null } } }));
    expect(result).toMatchObject({ status: 'finished', epochs: 3, kept: { restored: true }, test: { count: 4 } });
    expect((await readdir(folder)).sort()).toEqual(['checkpoints', 'figures.json', 'history.csv', 'history.json', 'manifest.json', 'metrics.json', 'model', 'plots', 'predictions.csv', 'weights.npz']);
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual(['epoch-0002.npz', 'program.json', 'step-00000006.npz', 'step-00000009.npz']);
    expect((await readdir(join(folder, 'plots'))).sort()).toEqual(['confusion.png', 'confusion.svg', 'loss.png', 'loss.svg']);
    expect(Object.keys(await json('metrics.json'))).toEqual(['loss', 'accuracy', 'count']);
    expect(Object.keys(await json('history.json'))).toEqual(['epoch', 'loss', 'accuracy', 'val_loss', 'val_accuracy', 'learning_rate']);
    expect(Object.keys(await readNpz(join(folder, 'weights.npz')))).toEqual(['conv_1/kernel', 'conv_1/bias', 'dense_1/kernel', 'dense_1/bias']);
    const manifest = await readManifest(folder);
    expect(manifest).toMatchObject({
      status: 'finished', model: 'Tiny', seed: 7, program: { path: '../tiny.cnn', text: '# tiny\n' }, data: { hash: 'data-hash', train: 12, validation: 4, test: 4 },
      epochs: { asked: 3, done: 3, stoppedEarly: false }, engine: { version: 'interpreter' }, fault: null, memory: { engine: 1_000_000 },
    });
    expect(manifest!.times.finished).not.toBeNull();
  });

  it('is the same bytes again, and others with another seed', async () => {
    await tinyRun(folder, tinyProgram());
    await tinyRun(join(base, '2'), tinyProgram());
    await tinyRun(join(base, '3'), tinyProgram({ fit: { seed: 8 } }));
    for (const name of ['weights.npz', 'history.json', 'history.csv', 'metrics.json', 'figures.json', 'predictions.csv', 'model/weights.npz', 'plots/loss.svg', 'plots/confusion.svg']) {
      expect(Buffer.compare(await bytes(name), await bytes(name, join(base, '2')))).toBe(0);
    }
    expect(Buffer.compare(await bytes('weights.npz'), await bytes('weights.npz', join(base, '3')))).not.toBe(0);
  });

  it('has no metrics.json without a test part', async () => {
    await tinyRun(folder, tinyProgram({ fit: { epochs: 1 } }), { count: 4 });
    expect(await readdir(folder)).not.toContain('metrics.json');
  });

  it('predicts from its bundle', async () => {
    const program = tinyProgram({ fit: { epochs: 8 } });
    await tinyRun(folder, program);
    const predictor = await predictorOn(interpreterEngine(), await loadBundle(folder));
    const data = memoryDataset(program);
    const pixels = new Uint8Array(20 * 16);
    for (let i = 0; i < 20; i++) data.read(i, pixels, i * 16);
    const y = await predictor.predictPixels(pixels, 20);
    expect(y).toHaveLength(40);
    expect(y[0] + y[1]).toBeCloseTo(1, 5);
    await expect(predictor.predict(new Uint8Array([1, 2, 3]), 2)).rejects.toThrow('CNN6063');
    await predictor.close();
  });
});

describe('an interrupted run', () => {
  it.each([1, 2, 3, 4, 6, 8])('stopped after step %i goes on to the same bytes', async (stopAfter) => {
    const program = tinyProgram({ fit: { earlyStopping: stopping } });
    await tinyRun(join(base, 'whole'), program);
    expect(await tinyRun(folder, program, { stopAfter })).toMatchObject({ status: 'interrupted', test: null });
    expect((await readManifest(folder))?.status).toBe('interrupted');
    expect(await readdir(folder)).not.toContain('weights.npz');
    expect(await tinyRun(folder, program, { resume: true })).toMatchObject({ status: 'finished', epochs: 3 });
    for (const name of ['weights.npz', 'history.json', 'metrics.json']) expect(Buffer.compare(await bytes(name), await bytes(name, join(base, 'whole')))).toBe(0);
  });

  it('goes on from the checkpoint before a damaged one', async () => {
    const program = tinyProgram();
    await tinyRun(join(base, 'whole'), program);
    await tinyRun(folder, program, { stopAfter: 8 });
    const [newest] = (await readdir(join(folder, 'checkpoints'))).filter((n) => n.startsWith('step-')).sort().reverse();
    await writeFile(join(folder, 'checkpoints', newest), 'nonsense');
    await tinyRun(folder, program, { resume: true });
    expect(Buffer.compare(await bytes('weights.npz'), await bytes('weights.npz', join(base, 'whole')))).toBe(0);
  });
});

describe('a fault', () => {
  it('of the engine keeps the checkpoint and says what to type', async () => {
    const program = tinyProgram();
    await tinyRun(join(base, 'whole'), program);
    const engine: InterpreterEngine = interpreterEngine({ beforeStep: (step) => void (step === 5 && engine.kill('killed (SIGKILL)')) });
    const [said] = (await fault(tinyRun(folder, program, { engine }))).diagnostics;
    expect(said).toMatchObject({ code: 'CNN5002', help: ['continue: cnnc run tiny.cnn --resume'] });
    expect(said.notes[0]).toBe('nothing before epoch 1 is lost: its checkpoint is kept');
    expect(await readManifest(folder)).toMatchObject({ status: 'failed', fault: { code: 'CNN5002' }, epochs: { done: 1 } });
    await tinyRun(folder, program, { resume: true });
    expect(Buffer.compare(await bytes('weights.npz'), await bytes('weights.npz', join(base, 'whole')))).toBe(0);
  });

  it('of a full disk leaves the last checkpoint whole', async () => {
    const program = tinyProgram();
    simulateFault((path) => {
      if (path.includes('step-00000009')) throw diskFull(path);
    });
    // Without a third to give way, the second try fails too.
    const [said] = (await fault(tinyRun(folder, program))).diagnostics;
    expect(said).toMatchObject({ code: 'CNN5003', message: 'the checkpoint could not be written: the disk is full' });
    simulateFault(null);
    expect((await readdir(join(folder, 'checkpoints'))).filter((n) => n.endsWith('.tmp') || n.includes('00009'))).toEqual([]);
    expect(await tinyRun(folder, program, { resume: true })).toMatchObject({ status: 'finished' });
  });

  it('of the numbers is told with its step', async () => {
    const program = tinyProgram({ compile: { optimizer: { kind: 'sgd', lr: 1e39, momentum: 0, nesterov: false } } });
    const [said] = (await fault(tinyRun(folder, program))).diagnostics;
    expect(said.code).toBe('CNN5001');
    expect(said.help[0]).toBe('try a smaller learning rate: optimizer sgd lr=.01');
    expect(await readManifest(folder)).toMatchObject({ status: 'failed', fault: { code: 'CNN5001' } });
  });
});

describe('initial weights', () => {
  const program = tinyProgram();
  const variables = variablesOf(program);
  const file = (): string => join(base, 'w.npz');

  it('start the run, also after it was cut off before its first epoch', async () => {
    await writeFile(file(), writeNpz(asTensors(initialWeights(program, 99), variables)));
    const initial = await readInitialWeights(file(), variables, []);
    await tinyRun(join(base, 'whole'), program, { initial });
    await tinyRun(folder, program, { initial, stopAfter: 1 });
    await rm(file());
    for (const name of await readdir(join(folder, 'checkpoints'))) if (/step-0000000[1-9]/.test(name)) await rm(join(folder, 'checkpoints', name));
    await tinyRun(folder, program, { resume: true });
    expect(Buffer.compare(await bytes('weights.npz'), await bytes('weights.npz', join(base, 'whole')))).toBe(0);
  });

  it('that do not fit are named', async () => {
    const { 'conv_1/bias': _, ...rest } = asTensors(initialWeights(program, 1), variables);
    await writeFile(file(), writeNpz({ ...rest, 'dense_1/kernel': { shape: [2, 8], data: new Float32Array(16) }, extra: { shape: [], data: new Float32Array(1) } }));
    const [said] = (await fault(readInitialWeights(file(), variables, []))).diagnostics;
    expect(said.code).toBe('CNN6055');
    expect(said.notes).toEqual([file(), 'the file has no conv_1/bias', 'the network has no extra', 'dense_1/kernel is 2x8 in the file, 8x2 in the network']);
    await writeFile(file(), 'PK nonsense');
    expect((await fault(readInitialWeights(file(), variables, []))).diagnostics[0].code).toBe('CNN6056');
    expect((await fault(readInitialWeights(join(base, 'none.npz'), variables, []))).diagnostics[0].code).toBe('CNN6056');
  });
});

it('ranks outputs for every kind of labels', () => {
  const labels = (kind: 'sparse' | 'binary' | 'values' | 'multilabel', count: number) => ({ kind, count, names: null });
  expect(ranked([0.2, 0.5, 0.3], labels('sparse', 3), ['a', 'b', 'c'], 2).top).toEqual([{ class: 'b', probability: 0.5 }, { class: 'c', probability: 0.3 }]);
  expect(ranked([0.25], labels('binary', 1), ['no', 'yes'], 2).top).toEqual([{ class: 'no', probability: 0.75 }, { class: 'yes', probability: 0.25 }]);
  // Above a lower threshold the second class is the answer, though less probable.
  expect(ranked([0.25], labels('binary', 1), ['no', 'yes'], 1, 0.2).top).toEqual([{ class: 'yes', probability: 0.25 }]);
  expect(ranked([3, 9], labels('values', 2), ['x', 'y'], 1)).toEqual({ top: [], values: [{ name: 'x', value: 3 }, { name: 'y', value: 9 }] });
  expect(ranked([0.25, 0.75, 0.625], labels('multilabel', 3), ['x', 'y', 'z'], 1, 0.2)).toEqual({ top: [{ class: 'y', probability: 0.75 }], labels: ['y', 'z', 'x'] });
  expect(ranked([0.25, 0.75, 0.5], labels('multilabel', 3), ['x', 'y', 'z'], 9).labels).toEqual(['y']);
});
