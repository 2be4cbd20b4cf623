/** The ONNX engine in its child process: meaning of updates, order, refusals, equal bytes, and what happens when a process dies. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interpretFunction } from '../../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../../src/compiler/graph/ndarray.ts';
import type { NDArray } from '../../../../src/compiler/graph/ndarray.ts';
import type { TrainingGraph } from '../../../../src/compiler/graph/types.ts';
import { EngineDied } from '../../../../src/runtime/engine/engine.ts';
import type { Engine, Tensor } from '../../../../src/runtime/engine/engine.ts';
import { openOnnx } from '../../../../src/runtime/engine/onnx/engine.ts';
import { findOnnxRuntime } from '../../../../src/runtime/engine/onnx/locate.ts';
import { onnxAvailable } from '../../../support/engine.ts';
import { stepGraph } from '../../../compiler/backend/tensorflow/steps.ts';

const BATCH = 4;
const x: Tensor = { dtype: 'float32', shape: [BATCH, 6], data: Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)) };
const scalar = (value: number): Tensor => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
const feeds = (step: number): Record<string, Tensor> => ({ x, lr: scalar(0.1), step: { dtype: 'int32', shape: [], data: Int32Array.of(step) } });
const open = (threads: number): Promise<Engine> => openOnnx({ runtimePath: findOnnxRuntime()!, threads });

function start(graph: TrainingGraph): Record<string, Tensor> {
  return Object.fromEntries(
    graph.variables.map(({ name, type }, n): [string, Tensor] => {
      const size = type.shape.reduce((a, b) => a * b, 1);
      const values = Array.from({ length: size }, (_, i) => (name.endsWith('/v') ? 0 : (n + i) % 5));
      return [name, { dtype: type.dtype, shape: type.shape, data: type.dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values) }];
    }),
  );
}

const arrays = (tensors: Record<string, Tensor>): Record<string, NDArray> => Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, ndarray(t.shape, t.data, t.dtype)]));

function expectClose(got: Record<string, Tensor>, want: Iterable<readonly [string, NDArray]>): void {
  for (const [name, { data, shape, dtype }] of want) {
    expect(got[name].dtype, name).toBe(dtype);
    expect(got[name].shape, name).toEqual(shape);
    data.forEach((w, i) => expect(Math.abs(got[name].data[i] - w), `${name}[${i}]: ${got[name].data[i]} for ${w}`).toBeLessThanOrEqual(1e-4 * (1 + Math.abs(w))));
  }
}

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number));
const engineChildren = (pid: number): number[] => childrenOf(pid).filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('onnx-child.cjs'));
const alive = (pid: number): boolean => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

describe.skipIf(!onnxAvailable())('one ONNX engine', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(2);
  });
  afterAll(() => engine?.close());

  it('says what it is', () => {
    expect(engine.info.kind).toBe('onnx');
    expect(engine.info.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(engine.info.threads).toBe(2);
  });

  it.each([false, true])('updates see the old values, and steps follow on each other (running mean: %s)', async (average) => {
    const graph = stepGraph({ average });
    let values = new Map(Object.entries(arrays(start(graph))));
    await engine.load(graph);
    await engine.restore(start(graph));
    for (let step = 1; step <= 4; step++) {
      const answer = await engine.run('train', feeds(step));
      const wanted = interpretFunction(graph.train, arrays(feeds(step)), values);
      expectClose(answer, Object.entries(wanted.outputs));
      values = new Map([...values, ...wanted.updates]);
    }
    expectClose(await engine.state(), values);
  });

  it('reads and sets any of the variables', async () => {
    const graph = stepGraph({ average: false });
    await engine.load(graph);
    await engine.restore(start(graph));
    const seven: Tensor = { dtype: 'float32', shape: [6], data: new Float32Array(6).fill(7) };
    await engine.restore({ sum: seven });
    expect(Object.keys(await engine.state(['sum', 'counter']))).toEqual(['sum', 'counter']);
    expect((await engine.run('predict', {})).y.data).toEqual(seven.data);
    expect((await engine.state(['swap/a']))['swap/a'].data).toEqual(start(graph)['swap/a'].data);
    expect(await engine.state([])).toEqual({});
    // After a step the values lie in the other set of buffers.
    await engine.run('train', feeds(1));
    await engine.restore({ sum: seven });
    expect((await engine.state(['sum'])).sum.data).toEqual(seven.data);
  });

  it('a buffer fed may be used again at once', async () => {
    const graph = stepGraph({ average: false });
    await engine.load(graph);
    const data = new Float32Array(6).fill(3);
    const restored = engine.restore({ ...start(graph), sum: { dtype: 'float32', shape: [6], data } });
    data.fill(9);
    await restored;
    const before = (await engine.state(['sum'])).sum.data[0];
    for (let i = 0; i < 20; i++) await engine.run('evaluate', { x: { ...x, data: new Float32Array(24).fill(i) } });
    expect(before).toBe(3);
    expect((await engine.state(['sum'])).sum.data[0]).toBe(before);
  });

  it('answers in the order of the calls', async () => {
    const graph = stepGraph({ average: false });
    await engine.load(graph);
    await engine.restore(start(graph));
    const order: number[] = [];
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => engine.run('train', feeds(i + 1)).then((a) => (order.push(i), a.count.data[0]))));
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
    const first = start(graph).counter.data[0];
    expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => first + i));
  });

  it('batches of other sizes follow each other', async () => {
    const graph = stepGraph({ average: false });
    await engine.load(graph);
    await engine.restore(start(graph));
    for (const rows of [4, 1, 3, 4]) {
      const part: Tensor = { dtype: 'float32', shape: [rows, 6], data: x.data.slice(0, rows * 6) as Float32Array };
      const wanted = interpretFunction(graph.evaluate, arrays({ x: part }), new Map(Object.entries(arrays(start(graph)))));
      expectClose(await engine.run('evaluate', { x: part }), Object.entries(wanted.outputs));
    }
  });

  it('measures memory', async () => expect(await engine.memory()).toBeGreaterThan(50e6));

  it.each<[string, Record<string, Tensor>, string]>([
    ['an input left out', { x, lr: scalar(1) }, 'input step is missing'],
    ['another type', { ...feeds(1), lr: { dtype: 'int32', shape: [], data: Int32Array.of(1) } }, 'input lr takes float32, not int32'],
    ['another shape', { ...feeds(1), x: { ...x, shape: [6, 4] } }, 'input x takes [N, 6], not [6, 4]'],
    ['another rank', { ...feeds(1), lr: { ...scalar(1), shape: [1] } }, 'input lr takes [], not [1]'],
    ['too few numbers', { ...feeds(1), x: { ...x, shape: [5, 6] } }, 'input x has 96 bytes for [5, 6] of float32'],
    ['no samples', { ...feeds(1), x: { dtype: 'float32', shape: [0, 6], data: new Float32Array(0) } }, 'input x is an empty batch'],
    ['a name it has not', { ...feeds(1), z: scalar(1) }, 'there is no input z'],
  ])('refuses %s, and goes on', async (_, bad, message) => {
    const graph = stepGraph({ average: false });
    await engine.load(graph);
    await expect(engine.run('train', feeds(1))).rejects.toThrow('has no value yet');
    await engine.restore(start(graph));
    await expect(engine.run('train', bad)).rejects.toThrow(message);
    await expect(engine.state(['nothing'])).rejects.toThrow('there is no state of nothing');
    await expect(engine.restore({ nothing: x })).rejects.toThrow('there is no input nothing');
    expect((await engine.run('train', feeds(1))).count.data[0]).toBe(start(graph).counter.data[0]);
  });
});

it.skipIf(!onnxAvailable())('says that no graph is loaded, and that it was closed', async () => {
  const engine = await open(1);
  await expect(engine.run('predict', {})).rejects.toThrow('no graph is loaded');
  await engine.close();
  await expect(engine.memory()).rejects.toThrow(EngineDied);
  await engine.close();
});

it.skipIf(!onnxAvailable())('says why a runtime does not open', async () => {
  await expect(openOnnx({ runtimePath: '/nowhere/onnxruntime', threads: 1 })).rejects.toThrow('/nowhere/onnxruntime');
});

it.skipIf(!onnxAvailable())('two engines give equal bytes', async () => {
  const graph = stepGraph({ average: true });
  const results = [];
  for (let n = 0; n < 2; n++) {
    const engine = await open(2);
    await engine.load(graph);
    await engine.restore(start(graph));
    for (let step = 1; step <= 5; step++) await engine.run('train', feeds(step));
    const state = await engine.state();
    results.push(Object.keys(state).sort().map((name) => Buffer.from(state[name].data.buffer).toString('hex')));
    await engine.close();
  }
  expect(results[0].join() === results[1].join()).toBe(true);
});

describe.skipIf(!onnxAvailable() || process.platform !== 'linux')('when a process of the ONNX engine dies (found through /proc, so on Linux only)', () => {
  it('all that was asked is rejected, with the reason', async () => {
    const before = engineChildren(process.pid);
    const engine = await open(1);
    const [pid] = engineChildren(process.pid).filter((p) => !before.includes(p));
    const graph = stepGraph({ average: false });
    await engine.load(graph);
    await engine.restore(start(graph));
    // The terminal's Ctrl-C does not reach it, and does not end it when it does.
    process.kill(pid, 'SIGINT');
    expect((await engine.run('train', feeds(1))).count.dtype).toBe('int32');
    process.kill(pid, 'SIGSTOP');
    const asked = Promise.allSettled([engine.run('train', feeds(2)), engine.state(), engine.memory()]);
    process.kill(pid, 'SIGKILL');
    for (const answer of await asked) {
      expect(answer.status).toBe('rejected');
      expect((answer as PromiseRejectedResult).reason).toBeInstanceOf(EngineDied);
      expect(String((answer as PromiseRejectedResult).reason)).toContain('SIGKILL');
    }
    await expect(engine.run('train', feeds(3))).rejects.toThrow(EngineDied);
    await engine.close();
  });

  it('a parent killed takes its child with it', async () => {
    const script = `
      import { openOnnx } from ${JSON.stringify(resolve('src/runtime/engine/onnx/engine.ts'))};
      const engine = await openOnnx({ runtimePath: ${JSON.stringify(findOnnxRuntime())}, threads: 1 });
      console.log('ready');
      await new Promise(() => setInterval(() => {}, 1000));`;
    const folder = mkdtempSync(join(tmpdir(), 'cnnc-test-'));
    const path = join(folder, 'parent.mts');
    writeFileSync(path, script);
    const parent = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), path], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await new Promise((done) => parent.stdout.once('data', done));
      const [child] = engineChildren(parent.pid!);
      expect(alive(child)).toBe(true);
      parent.kill('SIGKILL');
      await until(() => !alive(child), 'the child has ended');
    } finally {
      parent.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  });
});
