/**
 * Runs that are cut off at any moment go on to the same bytes: kill -9 wherever it hits, Ctrl-C, kill. Two moments in `npm test`,
 * 25 with CNNC_SOAK; CNNC_SEED repeats them.
 */
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { draws, Purpose } from '../../src/compiler/graph/philox.ts';
import type { CnncOptions, Ran } from '../support/cnnc.ts';
import { engineAvailable } from '../support/engine.ts';
import { listing, workplace } from './workplace.ts';

const here = workplace();
here.write(
  'cut.cnn',
  `model Cut
data { synthetic shapes 400 classes=3; image 16x16 }
preprocess { featurewise_center }
augment { rotation 10; horizontal_flip; width_shift .1 }
network < conv 8; batch_norm; relu; pool 2; flatten; dropout .25; dense classes >
compile { optimizer sgd lr=.05 momentum=.9; metrics accuracy }
fit { epochs 6; batch 8; early_stopping patience=4 restore_best; checkpoint best }
`,
);
const results = ['weights.npz', 'history.json', 'history.csv', 'metrics.json', 'checkpoints/best.npz', 'model/weights.npz', 'model/statistics.npz', 'model/program.json', 'plots/loss.svg', 'plots/loss.png', 'plots/accuracy.svg'];
const moments = process.env.CNNC_SOAK ? 25 : 2;
const seed = Number(process.env.CNNC_SEED ?? Date.now() % 1_000_000);

/** The same moments for the same seed. */
const random = draws(seed, Purpose.shuffle, 0);

describe.skipIf(!engineAvailable())(`a run that is cut off (CNNC_SEED=${seed})`, () => {
  let milliseconds = 0;
  beforeAll(async () => {
    await here.cnnc(['run', 'cut.cnn', '--out', 'warm-up', '--epochs', '1', '--quiet', '--set', 'fit.early_stopping=off']);
    const began = performance.now();
    expect(await here.cnnc(['run', 'cut.cnn', '--out', 'whole', '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    milliseconds = performance.now() - began;
  });

  const sameAsWhole = (run: string, moment: string): void => {
    for (const name of results) expect(Buffer.compare(here.read(`${run}/${name}`), here.read(`whole/${name}`)), `${name} of a run cut off ${moment} (CNNC_SEED=${seed})`).toBe(0);
    expect(Object.keys(listing(here.path(run))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  };
  const killedAfter = (wait: number, args: readonly string[]): Promise<Ran> =>
    here.cnnc(args, { onStart: (child) => void setTimeout(() => child.kill('SIGKILL'), wait) });
  /** Goes on if there is something to go on from; a run that was killed before it began is begun again in the same folder. */
  const goOn = (run: string): readonly string[] => ['run', 'cut.cnn', '--out', run, '--quiet', ...(existsSync(here.path(run, 'manifest.json')) ? ['--resume'] : [])];

  it.each(Array.from({ length: moments }, (_, i) => i))('by kill -9, at moment %i and once more', async (i) => {
    const run = `killed-${i}`;
    const waits = [random.uniform() * milliseconds, random.uniform() * milliseconds];
    for (const wait of waits) await killedAfter(wait, goOn(run));
    const moment = `after ${waits.map((w) => `${Math.round(w)} ms`).join(' and ')} of ${Math.round(milliseconds)}`;
    const manifest = existsSync(here.path(run, 'manifest.json')) ? here.json(`${run}/manifest.json`) : null;
    if (manifest?.status !== 'finished') {
      const last = await here.cnnc(goOn(run));
      expect(last, `${moment}\n${last.stderr}`).toMatchObject({ code: 0, stderr: '' });
      expect(Object.keys(listing(here.path(run))).filter((name) => /lock|owner/.test(name))).toEqual([]);
    }
    sameAsWhole(run, moment);
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

  it.each<[NodeJS.Signals, number]>([['SIGINT', 1 + Math.floor(random.uniform() * 150)], ['SIGTERM', 30], ['SIGHUP', 61]].slice(0, process.env.CNNC_SOAK ? 3 : 2) as [NodeJS.Signals, number][])('by %s at step %i saves, exits with 130, and goes on', async (signal, step) => {
    const run = `run ${signal}`;
    const cut = await here.cnnc(['run', 'cut.cnn', '--out', run, '--json'], interruptAt(step, signal));
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
    expect(again.find((e) => e.event === 'step')!.step).toBe(last + 1);
    sameAsWhole(run, `by ${signal} at step ${step}`);
  });

  it('is found without --out, and says where it goes on', async () => {
    const cut = await here.cnnc(['run', 'cut.cnn', '--json'], interruptAt(40, 'SIGINT'));
    expect(cut.code).toBe(130);
    const resumed = await here.cnnc(['run', 'cut.cnn', '--resume']);
    expect(resumed, resumed.stderr).toMatchObject({ code: 0 });
    expect(resumed.stderr).toMatch(/\nresumed {6}after step \d\d, in epoch 2\n/);
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
      ['shapes 400', 'shapes 500', /data: [0-9a-f]+ → [0-9a-f]+/],
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
