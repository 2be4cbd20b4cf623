/** What fit and compile say of a whole run: orders, weights, epochs by steps, averages, rates; and that a stop anywhere changes nothing. */
import { describe, expect, it } from 'vitest';
import { initialSlots, initialWeights } from '../../../src/compiler/graph/initial.ts';
import { averageName } from '../../../src/compiler/graph/optimizers/apply.ts';
import { sizeOfSums } from '../../../src/compiler/graph/metrics/finish.ts';
import { buildTraining } from '../../../src/compiler/graph/training.ts';
import type { Compile, Program } from '../../../src/compiler/model/program.ts';
import { batchesOf } from '../../../src/runtime/train/batches.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/runtime/train/checkpoint.ts';
import { classWeights, sampleWeights } from '../../../src/runtime/train/class-weights.ts';
import { train, type EpochReport, type StepReport } from '../../../src/runtime/train/loop.ts';
import { orderOf } from '../../../src/runtime/train/order.ts';
import { startOfRun, type Snapshot } from '../../../src/runtime/train/state.ts';
import { asTensors } from '../../../src/runtime/train/tensors.ts';
import { interpreterEngine } from '../../support/interpreter-engine.ts';
import { memoryDataset } from '../../support/memory-data.ts';
import { tinyProgram, type TinyOptions } from '../../support/tiny-program.ts';

const around = { weight_decay: null, clip: null, ema: null, gradient_accumulation_steps: null } as const;

async function run(program: Program, { from, stopAfter }: { from?: Snapshot; stopAfter?: number } = {}) {
  const graph = buildTraining(program);
  const engine = interpreterEngine();
  await engine.load(graph);
  await engine.restore(from?.variables ?? { ...asTensors(initialWeights(program, program.fit.seed), graph.variables), ...asTensors(initialSlots(graph), graph.variables) });
  const control = new AbortController();
  const [steps, epochs, saved]: [StepReport[], EpochReport[], Snapshot[]] = [[], [], []];
  const fed: { readonly weights: readonly number[] | null; readonly lr: number }[] = [];
  const batches = batchesOf(memoryDataset(program), program);
  const outcome = await train({
    program,
    variables: graph.variables,
    engine: {
      ...engine,
      run: (fn, feeds) => {
        if (fn === 'train') fed.push({ weights: feeds.weights ? [...feeds.weights.data] : null, lr: feeds.lr.data[0] });
        return engine.run(fn, feeds);
      },
    },
    batches,
    start: from ?? { progress: startOfRun(sizeOfSums(program)), best: null },
    store: { checkpoint: async (snapshot) => void saved.push(await decodeCheckpoint(encodeCheckpoint(snapshot, 'h'), 'h')), copy: async () => undefined },
    listener: {
      step: (report) => {
        steps.push(report);
        if (report.step === stopAfter) control.abort();
      },
      measured: () => undefined,
      epoch: (report) => void epochs.push(report),
    },
    signal: control.signal,
  });
  return { outcome, steps, epochs, saved, fed, state: await engine.state() };
}

/** With this seed the one convolution is alive. */
const tiny = (fit: TinyOptions['fit'] = {}, compile: Partial<Compile> = {}): Program => tinyProgram({ fit: { seed: 4, ...fit }, compile });

describe('orders', () => {
  const labels = [0, 0, 0, 0, 0, 1, 1, 2];
  const part = Int32Array.from(labels, (_, i) => i);

  it('oversample: as many of each class as the largest has, others in each pass', () => {
    const program = tiny({ sampling: 'oversample' });
    const order = orderOf(part, program, 0, labels);
    expect(order).toHaveLength(15);
    for (const label of [0, 1, 2]) expect([...order].filter((sample) => labels[sample] === label)).toHaveLength(5);
    expect([0, 1, 2, 3, 4].every((sample) => order.includes(sample))).toBe(true);
    // Five of two: both twice, and one of them once more, not always the same.
    const extra = new Set(Array.from({ length: 12 }, (_, pass) => [...orderOf(part, program, pass, labels)].filter((sample) => sample === 5).length));
    expect([...extra].sort()).toEqual([2, 3]);
    expect(orderOf(part, program, 3, labels)).toEqual(orderOf(part, program, 3, labels));
    expect(orderOf(part, tiny({ sampling: 'oversample', shuffle: false }), 0, labels).slice(0, 5)).toEqual(Int32Array.of(0, 1, 2, 3, 4));
  });

  it('class weights: balanced as scikit-learn counts, or by name; times the sample’s own', () => {
    const data = { classes: ['a', 'b', 'c'], labels: Int32Array.from(labels), parts: { train: part, validation: new Int32Array(), test: new Int32Array() }, weights: null };
    expect(classWeights(tiny({ classWeight: 'balanced' }), data)).toEqual([8 / 15, 8 / 6, 8 / 3]);
    expect(classWeights(tiny({ classWeight: [{ class: 'c', weight: 3 }] }), data)).toEqual([1, 1, 3]);
    expect(classWeights(tiny({ classWeight: 'balanced' }), { ...data, classes: ['a', 'b', 'c', 'd'] })?.[3]).toBe(1);
    expect(classWeights(tiny(), data)).toBe(null);
    const own = sampleWeights(tiny({ classWeight: [{ class: 'b', weight: 2 }] }), { ...data, weights: Float32Array.from(labels, () => 0.5) })!;
    expect([own(0), own(5)]).toEqual([0.5, 1]);
    expect(sampleWeights(tiny(), data)).toBe(null);
  });

  it('each picture of a batch is fed the weight of its class', async () => {
    const { fed } = await run(tiny({ epochs: 1, shuffle: false, classWeight: [{ class: 'b', weight: 4 }] }));
    expect(fed[0].weights).toEqual([1, 4, 1, 4, 1]);
    expect((await run(tiny({ epochs: 1 }))).fed[0].weights).toBe(null);
  });
});

describe('steps_per_epoch', () => {
  it('makes epochs of so many steps, which go on where the last one ended', async () => {
    // 12 pictures in batches of 5: three steps a pass.
    const whole = await run(tiny({ epochs: 4 }));
    const cut = await run(tiny({ epochs: 6, stepsPerEpoch: 2 }));
    expect(cut.steps.map(({ epoch, batch, batches }) => [epoch, batch, batches]).slice(0, 3)).toEqual([[0, 1, 2], [0, 2, 2], [1, 1, 2]]);
    expect(cut.steps.map(({ step, batchLoss }) => [step, batchLoss])).toEqual(whole.steps.map(({ step, batchLoss }) => [step, batchLoss]));
    expect(cut.state).toEqual(whole.state);
    // The last batch of a pass holds two pictures.
    expect(cut.steps.map(({ samples }) => samples)).toEqual([5, 10, 2, 7, 5, 7, 5, 10, 2, 7, 5, 7]);
    expect(cut.outcome.progress.history.epoch).toHaveLength(6);
  });

  it('may be longer than a pass', async () => {
    const { steps, epochs } = await run(tiny({ epochs: 2, stepsPerEpoch: 4 }));
    expect(steps).toHaveLength(8);
    expect(epochs).toHaveLength(2);
  });
});

describe('rates', () => {
  it('follow the schedule by the step; the history has where it stands', async () => {
    const lr = { kind: 'piecewise', boundaries: [1, 3], values: [0.1, 0.02, 0.003] } as const;
    const { fed, outcome } = await run(tiny({ epochs: 2 }, { optimizer: { kind: 'sgd', lr, momentum: 0, nesterov: false } }));
    expect(fed.map((one) => one.lr)).toEqual([0.1, 0.1, 0.02, 0.02, 0.003, 0.003].map(Math.fround));
    expect(outcome.progress.history.values.learning_rate).toEqual([0.02, 0.003]);
  });

  it('are lowered when the value watched does not improve', async () => {
    const reduceLr = { monitor: 'loss', mode: 'max', factor: 0.5, patience: 1, minDelta: 0, cooldown: 0, minLr: 0.003 } as const;
    const { outcome, fed } = await run(tiny({ epochs: 5, reduceLr }));
    const rates = outcome.progress.history.values.learning_rate;
    expect(rates[0]).toBe(0.01);
    expect(rates.at(-1)).toBeLessThan(0.01);
    expect(fed.at(-1)!.lr).toBe(Math.fround(rates.at(-1)!));
  });
});

describe('averages', () => {
  it('take the weights’ place at the end, and not before', async () => {
    const ema = { momentum: 0.75, overwrite_frequency: null };
    const { state, saved } = await run(tiny({ epochs: 2 }, { around: { ...around, ema } }));
    const plain = await run(tiny({ epochs: 2 }));
    expect(state['dense_1/kernel'].data).toEqual(state[averageName('dense_1/kernel')].data);
    // A checkpoint holds the weights that training goes on with.
    expect(saved.at(-1)!.variables['dense_1/kernel'].data).toEqual(plain.state['dense_1/kernel'].data);
    expect(state['dense_1/kernel'].data).not.toEqual(plain.state['dense_1/kernel'].data);
  });
});

describe('a run that stops anywhere and goes on', () => {
  const everything = tiny(
    {
      epochs: 3, stepsPerEpoch: 4, sampling: 'oversample', classWeight: 'balanced',
      reduceLr: { monitor: 'loss', mode: 'max', factor: 0.5, patience: 0, minDelta: 0, cooldown: 1, minLr: 0 },
    },
    {
      optimizer: { kind: 'nadam', lr: 0.01, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 },
      around: { weight_decay: 0.01, clip: { by: 'global_norm', limit: 0.5 }, ema: { momentum: 0.9, overwrite_frequency: 2 }, gradient_accumulation_steps: 3 },
      metrics: [{ kind: 'auc', name: 'auc', num_thresholds: 20, curve: 'roc', summation_method: 'interpolation', from_logits: false }, { kind: 'f1', name: 'f1', average: 'macro', threshold: null }],
    },
  );

  it('ends in the same bytes and the same history', async () => {
    const whole = await run(everything);
    expect(Object.keys(whole.outcome.progress.history.values)).toEqual(['loss', 'auc', 'f1', 'val_loss', 'val_auc', 'val_f1', 'learning_rate']);
    for (const stopAfter of [1, 4, 6, 11]) {
      const first = await run(everything, { stopAfter });
      expect(first.outcome.status).toBe('interrupted');
      const second = await run(everything, { from: first.saved.at(-1)! });
      expect(second.outcome.progress, `stopped after ${stopAfter}`).toEqual(whole.outcome.progress);
      expect(second.state, `stopped after ${stopAfter}`).toEqual(whole.state);
    }
  });
});
