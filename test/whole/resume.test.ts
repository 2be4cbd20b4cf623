/**
 * Runs that are cut off at any moment go on to the same bytes: kill -9 wherever it hits, Ctrl-C, kill. Five moments in `npm test`,
 * 50 with CNNC_SOAK; CNNC_SEED repeats them. A moment is one of the clock (start, steps, measuring) or one of all that is done to files (in the
 * middle of a checkpoint), on either engine, with everything that remembers something.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { draws, Purpose } from '../../src/compiler/graph/philox.ts';
import { decodeEvents } from '../../src/runtime/train/event-file.ts';
import type { CnncOptions } from '../support/cnnc.ts';
import { engineAvailable, onnxAvailable } from '../support/engine.ts';
import { listing, workplace } from './workplace.ts';

const here = workplace();
const programs = {
  cut: `model Cut
data { synthetic shapes 240 classes=3; image 16x16 }
preprocess { featurewise_center }
augment { rotation 10; horizontal_flip; width_shift .1 }
network < conv 8; batch_norm; relu; pool 2; flatten; dropout .25; dense classes >
compile { optimizer sgd lr=.05 momentum=.9; metrics accuracy }
fit { epochs 6; batch 8; class_weight balanced; early_stopping patience=4 restore_best; reduce_lr patience=1 factor=.5; checkpoint best; csv_log; tensorboard }
`,
  averaged: `model Averaged
data { synthetic shapes 240 classes=3; image 16x16 }
augment { mixup; brightness .8..1.2; horizontal_flip }
network < conv 6; batch_norm; relu; pool 2; spatial_dropout .25; flatten; dense classes >
compile { optimizer adam lr=cosine_decay(.02, steps=80, warmup_target=.03, warmup_steps=10) ema ema_momentum=.9 ema_overwrite_frequency=7 clipnorm=1; metrics accuracy auc f1 }
fit { epochs 5; batch 8; steps_per_epoch 13; sampling oversample; checkpoint every=2; csv_log "log.tsv" separator=";"; tensorboard }
`,
};
type ProgramName = keyof typeof programs;
for (const [name, text] of Object.entries(programs)) here.write(`${name}.cnn`, text);

const soak = Boolean(process.env.CNNC_SOAK);
const seed = Number(process.env.CNNC_SEED ?? Date.now() % 1_000_000);
/** The same moments for the same seed. */
const random = draws(seed, Purpose.shuffle, 0);

/** Runs, and how often each is killed. */
const kills = soak ? Array.from({ length: 25 }, () => 2) : [2, 2, 1];
type Setup = { readonly program: ProgramName; readonly engine: 'tensorflow' | 'onnx' };
const setups: readonly Setup[] = (
  [['cut', 'tensorflow'], ['averaged', 'onnx'], ...(soak ? [['cut', 'onnx'], ['averaged', 'tensorflow']] as const : [])] as const
).map(([program, engine]) => ({ program, engine })).filter(({ engine }) => engine === 'tensorflow' || onnxAvailable());
const wholeOf = ({ program, engine }: Setup): string => (program === 'cut' && engine === 'tensorflow' ? 'whole' : `whole-${program}-${engine}`);

describe.skipIf(!engineAvailable())(`a run that is cut off (CNNC_SEED=${seed})`, () => {
  /** Of a whole run: how long it takes, and how much it does to files. */
  const length = new Map<Setup, { readonly milliseconds: number; readonly operations: number }>();
  const counting = (run: string, kill: number | null, report = ''): CnncOptions => ({
    preload: [resolve('test/whole/kill.cjs')],
    env: { CNNC_TEST_FOLDER: run, CNNC_TEST_KILL: String(kill ?? 0), ...(report === '' ? {} : { CNNC_TEST_COUNT: here.path(report) }) },
  });
  const start = ({ program, engine }: Setup, run: string): readonly string[] => ['run', `${program}.cnn`, '--engine', engine, '--out', run, '--quiet'];

  beforeAll(async () => {
    for (const [i, setup] of setups.entries()) {
      const { program, engine } = setup;
      // The cache is filled, and files of the engine are in memory.
      await here.cnnc(['run', `${program}.cnn`, '--engine', engine, '--out', `warm-up-${i}`, '--epochs', '1', '--quiet', ...(program === 'cut' ? ['--set', 'fit.early_stopping=off'] : [])]);
      const run = wholeOf(setup);
      const began = performance.now();
      const ran = await here.cnnc(start(setup, run), counting(run, null, `count-${i}`));
      expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: '' });
      length.set(setup, { milliseconds: performance.now() - began, operations: Number(here.read(`count-${i}`)) });
    }
  });

  /** Everything that is a function of the program and its data, byte by byte; event files hold the time of day, too. */
  const sameAs = (whole: string, run: string, moment: string): void => {
    const isTimed = (name: string): boolean => name === 'manifest.json' || name === 'model/bundle.json' || name.startsWith('tensorboard/');
    const steady = (folder: string): Record<string, string> => Object.fromEntries(Object.entries(listing(here.path(folder))).filter(([name]) => !isTimed(name) && !name.startsWith('checkpoints/step-')));
    expect(steady(run), `a run cut off ${moment} (CNNC_SEED=${seed})`).toEqual(steady(whole));
    const events = (folder: string): unknown =>
      ['train', 'validation'].map((series) => readdirSync(here.path(folder, 'tensorboard', series)).map((name) => decodeEvents(here.read(`${folder}/tensorboard/${series}/${name}`)).map(({ tag, step, value }) => [tag, step, value])));
    expect(events(run), `event files of a run cut off ${moment} (CNNC_SEED=${seed})`).toEqual(events(whole));
  };
  const sameAsWhole = (run: string, moment: string): void => sameAs('whole', run, moment);
  /** Goes on if there is something to go on from; a run that was killed before it began is begun again in the same folder. */
  const goOn = (setup: Setup, run: string): readonly string[] => [...start(setup, run), ...(existsSync(here.path(run, 'manifest.json')) ? ['--resume'] : [])];
  const statusOf = (run: string): unknown => (existsSync(here.path(run, 'manifest.json')) ? here.json(`${run}/manifest.json`).status : null);

  it.each(kills.map((times, i) => [i, times] as const))('by kill -9, run %i, %i times', async (i, times) => {
    const setup = setups[i % setups.length];
    const run = `killed-${i}`;
    const { milliseconds, operations } = length.get(setup)!;
    const moments: string[] = [`of ${setup.program} on ${setup.engine}:`];
    for (let time = 0; time < times && statusOf(run) !== 'finished'; time++) {
      const share = random.uniform();
      if (random.below(2) === 0) {
        moments.push(`after ${Math.round(share * milliseconds)} of ${Math.round(milliseconds)} ms`);
        await here.cnnc(goOn(setup, run), { onStart: (child) => void setTimeout(() => child.kill('SIGKILL'), share * milliseconds) });
      } else {
        const at = 1 + Math.floor(share * operations);
        moments.push(`before file operation ${at} of ${operations}`);
        await here.cnnc(goOn(setup, run), counting(run, at));
      }
    }
    const moment = moments.join(' ');
    if (statusOf(run) !== 'finished') {
      const last = await here.cnnc(goOn(setup, run));
      expect(last, `${moment}\n${last.stderr}`).toMatchObject({ code: 0, stderr: '' });
    }
    expect(Object.keys(listing(here.path(run))).filter((name) => /lock|owner|breaking|\.tmp$/.test(name)), moment).toEqual([]);
    sameAs(wholeOf(setup), run, moment);
    rmSync(here.path(run), { recursive: true });
  });

  it('by kill -9 behind the last checkpoint: logs are whole all the same', async () => {
    const [setup] = setups;
    const epochs = here.read('whole/log.csv').toString().trim().split('\n').length - 1;
    const run = 'late';
    // Open, write, sync, close, rename: in front of the first of these for the last time.
    await here.cnnc(start(setup, run), counting('.log.csv.', 5 * (epochs - 1) + 1));
    expect(here.read(`${run}/log.csv`).toString().trim().split('\n').length).toBe(epochs);
    const ran = await here.cnnc(goOn(setup, run));
    expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: '' });
    sameAsWhole(run, 'in front of the last line of its log');
  });

  /** Sends a signal when that many steps are done. */
  const interruptAt = (step: number, signal: NodeJS.Signals, times = 1): CnncOptions => {
    let sent = 0;
    return {
      onOutput: (stdout, child) => {
        if (sent < times && stdout.includes(`"step":${step},`)) {
          sent++;
          child.kill(signal);
          if (times > 1) setTimeout(() => child.kill(signal), 1);
        }
      },
    };
  };

  it.each<[NodeJS.Signals, number]>([['SIGINT', 1 + Math.floor(random.uniform() * 60)], ['SIGTERM', 30], ['SIGHUP', 61]].slice(0, process.env.CNNC_SOAK ? 3 : 2) as [NodeJS.Signals, number][])('by %s at step %i saves, exits with 130, and goes on', async (signal, step) => {
    const run = `run ${signal}`;
    const cut = await here.cnnc(['run', 'cut.cnn', '--engine', 'tensorflow', '--out', run, '--json'], interruptAt(step, signal));
    expect(cut, cut.stderr).toMatchObject({ code: 130, stderr: '' });
    const events = cut.stdout.trim().split('\n').map((line) => JSON.parse(line) as { event: string; step: number; why: string; status: string });
    const last = events.filter((e) => e.event === 'step').at(-1)!.step;
    expect(events.slice(-2)).toMatchObject([{ event: 'saved', step: last, why: 'interrupted' }, { event: 'end', status: 'interrupted' }]);
    // The steps under way, at most.
    expect(last - step).toBeLessThan(40);
    expect(here.json(`${run}/manifest.json`)).toMatchObject({ status: 'interrupted' });
    expect(existsSync(here.path(run, 'weights.npz'))).toBe(false);

    const resumed = await here.cnnc(['run', 'cut.cnn', '--out', run, '--resume', '--json']);
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    const again = resumed.stdout.trim().split('\n').map((line) => JSON.parse(line) as { event: string; step: number; resumed: unknown });
    expect(again[0]).toMatchObject({ event: 'start', resumed: { step: last } });
    // Of the last epoch nothing but its validation may be left.
    expect(again.find((e) => e.event === 'step')?.step ?? last + 1).toBe(last + 1);
    sameAsWhole(run, `by ${signal} at step ${step}`);
  });

  it('is found without --out, and says where it goes on', async () => {
    const cut = await here.cnnc(['run', 'cut.cnn', '--json'], interruptAt(40, 'SIGINT'));
    expect(cut.code).toBe(130);
    const resumed = await here.cnnc(['run', 'cut.cnn', '--resume']);
    expect(resumed, resumed.stderr).toMatchObject({ code: 0 });
    expect(resumed.stderr).toMatch(/\nresumed {6}after step \d\d, in epoch 3\n/);
    expect(resumed.stderr).not.toContain('epoch 1/6');
    sameAsWhole('runs/cut/1', 'at step 40');
  });

  it('is refused when the program or the data are not what they were, with the difference', async () => {
    expect((await here.cnnc(['run', 'cut.cnn', '--json', '--out', 'changed'], interruptAt(10, 'SIGINT'))).code).toBe(130);
    const before = listing(here.path('changed'));
    const text = here.read('cut.cnn').toString();
    for (const [from, to, said] of [
      ['conv 8', 'conv 9', 'conv_1 filters: 8 → 9'],
      ['batch 8', 'batch 16', 'fit batch: 8 → 16'],
      ['rotation 10', 'rotation 11', 'augment rotation: 10 → 11'],
      ['shapes 240', 'shapes 300', /data: [0-9a-f]+ → [0-9a-f]+/],
    ] as const) {
      here.write('changed.cnn', text.replace(from, to));
      const ran = await here.cnnc(['run', 'changed.cnn', '--out', 'changed', '--resume']);
      expect(ran).toMatchObject({ code: 1, stdout: '' });
      expect(ran.stderr).toContain('error CNN6052: ');
      expect(ran.stderr).toMatch(said);
      expect(ran.stderr).toMatch(/start a new run: cnnc run changed\.cnn\n/);
    }
    expect(listing(here.path('changed'))).toEqual(before);
    // What does not change the training may change.
    here.write('changed.cnn', `${text.replace('model Cut', 'model Cut # still')}\nplot loss { title "Another" }\n`);
    expect(await here.cnnc(['run', 'changed.cnn', '--out', 'changed', '--resume', '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    expect(Buffer.compare(here.read('changed/weights.npz'), here.read('whole/weights.npz'))).toBe(0);
  });

  it('by a second Ctrl-C leaves at once, and before the first step leaves nothing', async () => {
    const twice = await here.cnnc(['run', 'cut.cnn', '--out', 'twice', '--json'], interruptAt(20, 'SIGINT', 2));
    expect(twice.code).toBe(130);
    const early = await here.cnnc(['run', 'cut.cnn', '--out', 'early'], { onStart: (child) => void setTimeout(() => child.kill('SIGINT'), 350) });
    // Node itself ends by the signal before the command listens.
    expect([130, null]).toContain(early.code);
    if (!existsSync(here.path('early'))) expect(early.stderr).toMatch(/^$|nothing was saved/);
    else expect(here.json('early/manifest.json')).toMatchObject({ status: 'interrupted' });
  });
});
