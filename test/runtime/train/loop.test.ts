import { describe, expect, it } from 'vitest';
import { initialSlots, initialWeights } from '../../../src/compiler/graph/initial.ts';
import { buildTraining } from '../../../src/compiler/graph/training.ts';
import type { Program } from '../../../src/compiler/model/program.ts';
import { EngineDied } from '../../../src/runtime/engine/engine.ts';
import { batchesOf } from '../../../src/runtime/train/batches.ts';
import { historyJson } from '../../../src/runtime/train/history.ts';
import { measure, NotFinite, train, type EpochReport, type Outcome, type StepReport } from '../../../src/runtime/train/loop.ts';
import { orderOf } from '../../../src/runtime/train/order.ts';
import { explainNotFinite } from '../../../src/runtime/train/nan.ts';
import { startOfRun, type Snapshot } from '../../../src/runtime/train/state.ts';
import { asTensors } from '../../../src/runtime/train/tensors.ts';
import { interpreterEngine, type InterpreterEngine } from '../../support/interpreter-engine.ts';
import { memoryDataset } from '../../support/memory-data.ts';
import { tinyProgram } from '../../support/tiny-program.ts';

interface Run {
  readonly outcome: Outcome;
  readonly steps: StepReport[];
  readonly epochs: EpochReport[];
  readonly saved: { snapshot: Snapshot; why: string }[];
  readonly copies: string[];
  readonly engine: InterpreterEngine;
  readonly weights: Uint8Array;
}

async function run(program: Program, options: { from?: Snapshot; stopAfter?: number; count?: number; engine?: InterpreterEngine } = {}): Promise<Run> {
  const graph = buildTraining(program);
  const dataset = memoryDataset(program, options.count);
  const engine = options.engine ?? interpreterEngine();
  await engine.load(graph);
  const fresh = { ...asTensors(initialWeights(program, program.fit.seed), graph.variables), ...asTensors(initialSlots(graph), graph.variables) };
  await engine.restore(options.from?.variables ?? fresh);
  const control = new AbortController();
  const [steps, epochs, saved, copies]: [StepReport[], EpochReport[], Run['saved'], string[]] = [[], [], [], []];
  const outcome = await train({
    program,
    variables: graph.variables,
    engine,
    batches: batchesOf(dataset, program),
    start: options.from ?? { progress: startOfRun(2), best: null },
    store: { checkpoint: async (snapshot, why) => void saved.push({ snapshot, why }), copy: async (kind, epoch) => void copies.push(`${kind} ${epoch}`) },
    listener: {
      step: (report) => {
        steps.push(report);
        if (report.step === options.stopAfter) control.abort();
      },
      measured: () => undefined,
      epoch: (report) => void epochs.push(report),
    },
    signal: control.signal,
  });
  const state = await engine.state(graph.variables.filter((v) => v.role === 'weight').map((v) => v.name));
  const weights = Buffer.concat(Object.values(state).map((t) => Buffer.from(t.data.buffer)));
  return { outcome, steps, epochs, saved, copies, engine, weights };
}

describe('the loop', () => {
  it('counts steps from 1 over the whole run and keeps the last short batch', async () => {
    const { steps, epochs, outcome } = await run(tinyProgram());
    expect(steps.map((s) => [s.step, s.epoch, s.batch, s.samples])).toEqual([
      [1, 0, 1, 5], [2, 0, 2, 10], [3, 0, 3, 12], [4, 1, 1, 5], [5, 1, 2, 10], [6, 1, 3, 12], [7, 2, 1, 5], [8, 2, 2, 10], [9, 2, 3, 12],
    ]);
    expect(Object.keys(outcome.progress.history.values)).toEqual(['loss', 'accuracy', 'val_loss', 'val_accuracy', 'learning_rate']);
    expect(epochs.at(-1)?.logs.loss).toBeLessThan(epochs[0].logs.loss);
    expect(outcome).toMatchObject({ status: 'finished', progress: { epoch: 3, step: 9 } });
  });

  it('shuffles by seed and epoch only, and not when told so', () => {
    const part = Int32Array.from({ length: 30 }, (_, i) => i);
    const program = tinyProgram();
    expect(orderOf(part, program, 0)).toEqual(orderOf(part, program, 0));
    expect(orderOf(part, program, 0)).not.toEqual(orderOf(part, program, 1));
    expect(orderOf(part, program, 0)).not.toEqual(orderOf(part, tinyProgram({ fit: { seed: 8 } }), 0));
    expect([...orderOf(part, program, 5)].sort((a, b) => a - b)).toEqual([...part]);
    expect(orderOf(part, tinyProgram({ fit: { shuffle: false } }), 3)).toEqual(part);
  });

  it('gives the same bytes whenever it was interrupted', async () => {
    const program = tinyProgram({ fit: { earlyStopping: { monitor: 'val_loss', mode: 'min', patience: 5, minDelta: 0, restoreBest: true, startFromEpoch: 0, baseline: null } } });
    const whole = await run(program);
    for (let stopAfter = 1; stopAfter < 9; stopAfter++) {
      const first = await run(program, { stopAfter });
      expect(first.outcome.status).toBe('interrupted');
      const snapshot = first.saved.at(-1)!.snapshot;
      expect(snapshot.progress.step).toBeGreaterThanOrEqual(stopAfter);
      const second = await run(program, { from: snapshot });
      expect(second.outcome.status).toBe('finished');
      expect(Buffer.compare(second.weights, whole.weights)).toBe(0);
      expect(historyJson(second.outcome.progress.history)).toBe(historyJson(whole.outcome.progress.history));
    }
  });

  it('goes on to more epochs as if they had been asked for at first', async () => {
    const short = await run(tinyProgram({ fit: { epochs: 2 } }));
    const longer = await run(tinyProgram({ fit: { epochs: 4 } }), { from: short.saved.at(-1)!.snapshot });
    const whole = await run(tinyProgram({ fit: { epochs: 4 } }));
    expect(Buffer.compare(longer.weights, whole.weights)).toBe(0);
  });

  it('stops early and restores the best weights', async () => {
    // A monitor that can only get worse: accuracy watched for its minimum.
    const program = tinyProgram({ fit: { epochs: 30, earlyStopping: { monitor: 'loss', mode: 'max', patience: 2, minDelta: 0, restoreBest: true, startFromEpoch: 1, baseline: null } } });
    const { outcome, epochs, saved, weights } = await run(program);
    expect(outcome.status).toBe('finished');
    expect(epochs.length).toBeLessThan(30);
    const { bestEpoch, stoppedEpoch } = outcome.progress.earlyStopping;
    expect(stoppedEpoch).toBe(epochs.length - 1);
    const best = saved[bestEpoch!].snapshot.variables;
    const names = Object.keys(outcome.best!);
    expect(Buffer.compare(weights, Buffer.concat(names.map((name) => Buffer.from(best[name].data.buffer))))).toBe(0);
    expect(epochs.at(-1)?.stopping).toBe(true);
  });

  it('keeps the copies asked for', async () => {
    expect((await run(tinyProgram({ fit: { epochs: 4, checkpoint: { every: 2, best: false, monitor: 'val_loss', mode: 'min', initialValueThreshold: null } } }))).copies).toEqual(['epoch 1', 'epoch 3']);
    expect((await run(tinyProgram({ fit: { epochs: 3, checkpoint: { every: 1, best: true, monitor: 'learning_rate', mode: 'min', initialValueThreshold: null } } }))).copies).toEqual(['best 0']);
  });

  it('trains without a validation part', async () => {
    const { outcome } = await run(tinyProgram({ fit: { epochs: 1 } }), { count: 4 });
    expect(Object.keys(outcome.progress.history.values)).toEqual(['loss', 'accuracy', 'learning_rate']);
  });

  it('measures the same numbers as one batch over the part', async () => {
    const program = tinyProgram({ fit: { epochs: 1 } });
    const { engine } = await run(program);
    const listener = { step: () => undefined, measured: () => undefined, epoch: () => undefined };
    const by = async (batch: number) => {
      const p = { ...program, fit: { ...program.fit, batch } };
      return (await measure({ program: p, engine, batches: batchesOf(memoryDataset(p), p), listener, signal: new AbortController().signal }, 'train'))!;
    };
    const [small, large] = [await by(5), await by(12)];
    expect(small.loss).toBeCloseTo(large.loss, 5);
    expect(small.accuracy).toBe(large.accuracy);
  });

  it('passes the end of the engine on, and nothing else is left hanging', async () => {
    const engine: InterpreterEngine = interpreterEngine({ beforeStep: (step) => void (step === 5 && engine.kill('killed by SIGKILL')) });
    await expect(run(tinyProgram(), { engine })).rejects.toThrow(EngineDied);
  });
});

describe('a loss that is no number', () => {
  const wild = tinyProgram({ compile: { optimizer: { kind: 'adam', lr: 1e39, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, amsgrad: false } } });

  it('stops at once, naming the step and the layer', async () => {
    const engine = interpreterEngine();
    const fault = await run(wild, { engine }).then(() => null, (error: unknown) => error);
    expect(fault).toBeInstanceOf(NotFinite);
    const said = await explainNotFinite(fault as NotFinite, wild, engine);
    expect(said.code).toBe('CNN5001');
    expect(said.message).toMatch(/^training stopped at step \d+ \(epoch \d\): the loss is/);
    expect(said.label).toMatch(/^weights of conv_1 became (NaN|infinite)$/);
    expect(said.notes.join('\n')).toContain("times adam's usual .001");
    expect(said.help[0]).toContain('lr=.001');
  });

  it('is found in the weights where the loss hides it, and never kept', async () => {
    const program = tinyProgram({ fit: { epochs: 3 } });
    const inner = interpreterEngine();
    let asked = 0;
    // As kernels do that drop a NaN in relu: the losses stay numbers.
    const engine: InterpreterEngine = {
      ...inner,
      state: async (names) => {
        const variables = await inner.state(names);
        if (++asked >= 2) (variables['conv_1/kernel'].data as Float32Array)[3] = NaN;
        return variables;
      },
    };
    const fault = await run(program, { engine }).then(() => null, (error: unknown) => error);
    expect(fault).toBeInstanceOf(NotFinite);
    const said = await explainNotFinite(fault as NotFinite, program, engine);
    expect(said.message).toMatch(/^training stopped after step \d+ \(epoch 2\): weights are not finite any more$/);
    expect(said.label).toBe('weights of conv_1 became NaN');
    expect(said.notes[0]).toContain('the loss still looks like a number');
    await expect(run({ ...program, fit: { ...program.fit, stopOnNan: false } }, { engine })).resolves.toMatchObject({ outcome: { status: 'finished' } });
  });

  it('goes on where the program says so', async () => {
    const { outcome } = await run({ ...wild, fit: { ...wild.fit, stopOnNan: false } });
    expect(outcome.status).toBe('finished');
    expect(historyJson(outcome.progress.history)).toContain('null');
  });
});
