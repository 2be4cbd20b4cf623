/** Runs that cannot go on: numbers, disk, engine. The message names the step and a way on; what is in the folder is whole, and `--resume` uses it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { readNpz, writeNpz, type NpyArray } from '../../src/runtime/files/npz.ts';
import { engineAvailable } from '../support/engine.ts';
import type { CnncOptions } from '../support/cnnc.ts';
import { expectRefusal, listing, workplace } from './workplace.ts';

const here = workplace();
const program = (more = '', epochs = 3): string => `model Tiny
data { synthetic shapes 240 classes=3; image 16x16 }
network < conv 8; relu; pool 2; flatten; dropout .25; dense classes >
fit { epochs ${epochs}; batch 16 }
${more}`;
here.write('tiny.cnn', program());

/** A run folder without a model, a history or results that are half there: what is in it can be read. */
async function whole(run: string): Promise<void> {
  const names = Object.keys(listing(here.path(run)));
  expect(names.filter((name) => /\.tmp$|\.lock|owner/.test(name))).toEqual([]);
  for (const name of names) {
    if (name.endsWith('.json')) JSON.parse(readFileSync(here.path(run, name), 'utf8'));
    if (name.endsWith('.npz')) await readNpz(here.path(run, name));
  }
}

/** The engine's process: the only child of a run. */
const childOf = (pid: number): number => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);

describe.skipIf(!engineAvailable())('a run', () => {
  beforeAll(async () => {
    expect(await here.cnnc(['run', 'tiny.cnn', '--out', 'good', '--quiet'])).toMatchObject({ code: 0, stderr: '' });
  });
  const sameAsGood = (run: string): void => {
    for (const name of ['weights.npz', 'history.json', 'metrics.json']) expect(Buffer.compare(here.read(`${run}/${name}`), here.read(`good/${name}`)), name).toBe(0);
  };

  it.each(['adam', 'sgd'])('with learning rate 1e30 stops with the step and the layer (%s)', async (optimizer) => {
    here.write('nan.cnn', program(`compile { optimizer ${optimizer} lr=1e30 }`));
    const ran = await here.cnnc(['run', 'nan.cnn', '--json', '--out', `nan-${optimizer}`]);
    expect(ran).toMatchObject({ code: 3 });
    expect(ran.stderr).not.toMatch(/\n\s+at /);
    const [, step] = /error CNN5001: training stopped at step (\d+) \(epoch 1\)/.exec(ran.stderr) ?? [];
    expect(Number(step)).toBeLessThan(5);
    expect(ran.stderr).toMatch(/nan\.cnn:3:11\n/);
    expect(ran.stderr).toMatch(/weights of conv_1 became (NaN|infinite)/);
    expect(ran.stderr).toMatch(/the loss of the last steps: .*NaN|infin/);
    expect(ran.stderr).toContain(`try a smaller learning rate: optimizer ${optimizer} lr=`);
    // JSON has no NaN.
    const events = ran.stdout.trim().split('\n').map((line) => JSON.parse(line) as { event: string });
    expect(events.at(-1)).toMatchObject({ event: 'error', diagnostics: [{ code: 'CNN5001' }] });
    expect(here.json(`nan-${optimizer}/manifest.json`)).toMatchObject({ status: 'failed', fault: { code: 'CNN5001' } });
    expect(readdirSync(here.path(`nan-${optimizer}`)).sort()).toEqual(['checkpoints', 'manifest.json']);
    await whole(`nan-${optimizer}`);
  });

  /** Bytes that the checkpoints may take before the disk is full: none, the first and half of the second, all but the end. */
  it.each([0, 30_000, 45_000])('whose disk is full after %i bytes of checkpoints keeps what is whole, and goes on from it', async (bytes) => {
    const run = `full-${bytes}`;
    const full: CnncOptions = { preload: [fileURLToPath(new URL('disk.cjs', import.meta.url))], env: { CNNC_TEST_DISK: String(bytes), CNNC_TEST_FULL: `${run}/checkpoints/.step` } };
    const ran = await here.cnnc(['run', 'tiny.cnn', '--out', run], full);
    expectRefusal(ran, { exit: 3, code: 'CNN5003', says: ['the checkpoint could not be written: the disk is full', `${run}/checkpoints`, 'make room', `cnnc run tiny.cnn --out ${run} --resume`] });
    expect(ran.stderr).toContain(bytes === 0 ? 'no earlier checkpoint exists' : /the checkpoint of epoch [12] is whole/.exec(ran.stderr)?.[0]);
    expect(here.json(`${run}/manifest.json`)).toMatchObject({ status: 'failed', fault: { code: 'CNN5003' } });
    await whole(run);
    expect(await here.cnnc(['run', 'tiny.cnn', '--out', run, '--resume', '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    sameAsGood(run);
  });

  it('that cannot even begin for want of room leaves nothing', async () => {
    const before = listing(here.folder);
    const ran = await here.cnnc(['run', 'tiny.cnn', '--out', 'begin'], { preload: [fileURLToPath(new URL('disk.cjs', import.meta.url))], env: { CNNC_TEST_DISK: '100', CNNC_TEST_FULL: 'begin/' } });
    expectRefusal(ran, { exit: 1, code: 'CNN6061', says: ['begin', 'the disk is full', '--out DIR'] });
    expect(listing(here.folder)).toEqual(before);
  });

  // A file system that is really full needs a mount, which only the superuser may make.
  const mayMount = process.platform === 'linux' && process.getuid?.() === 0 && canMount();
  function canMount(): boolean {
    try {
      mkdirSync(here.path('disk'), { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'none', here.path('disk')], { stdio: 'ignore' });
      execFileSync('umount', [here.path('disk')]);
      return true;
    } catch {
      return false;
    }
  }
  it.skipIf(!mayMount)('on a disk that is really full says so', async () => {
    for (const [size, exit, code] of [['4k', 1, 'CNN6061'], ['8k', 1, 'CNN6061'], ['24k', 3, 'CNN5003'], ['44k', 3, 'CNN5003']] as const) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', here.path('disk')]);
      try {
        const ran = await here.cnnc(['run', 'tiny.cnn', '--out', 'disk/run']);
        expectRefusal(ran, { exit, code, says: ['the disk is full', 'disk/run'] });
        if (exit === 3) await whole('disk/run');
        else expect(readdirSync(here.path('disk'))).toEqual([]);
      } finally {
        execFileSync('umount', [here.path('disk')]);
      }
    }
  });

  it('whose engine is killed says during what, and goes on', async () => {
    let killed = false;
    const ran = await here.cnnc(['run', 'tiny.cnn', '--json', '--out', 'engine'], {
      onOutput: (stdout, child) => {
        if (killed || !stdout.includes('"event":"epoch"')) return;
        killed = true;
        process.kill(childOf(child.pid!), 'SIGKILL');
      },
    });
    expect(ran).toMatchObject({ code: 3 });
    expect(ran.stderr).toMatch(/error CNN5002: the engine's process ended by itself during (step \d+|measuring|writing)/);
    expect(ran.stderr).toMatch(/nothing before epoch \d is lost/);
    expect(ran.stderr).toContain('continue: cnnc run tiny.cnn --out engine --resume');
    expect(ran.stderr).not.toMatch(/\n\s+at /);
    expect(here.json('engine/manifest.json')).toMatchObject({ status: 'failed', fault: { code: 'CNN5002' } });
    await whole('engine');
    expect(await here.cnnc(['run', 'tiny.cnn', '--out', 'engine', '--resume', '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    sameAsGood('engine');
  });

  it('onto a finished one is refused, and the finished one untouched', async () => {
    const before = listing(here.path('good'));
    const onto = await here.cnnc(['run', 'tiny.cnn', '--out', 'good']);
    expectRefusal(onto, { exit: 1, code: 'CNN6050', says: ['already holds a run', 'good', '--resume', 'choose another folder'] });
    const resumed = await here.cnnc(['run', 'tiny.cnn', '--out', 'good', '--resume']);
    expectRefusal(resumed, { exit: 1, code: 'CNN6051', says: ['good is finished: it has done 3 epochs', 'cnnc run tiny.cnn --out good --resume --epochs 6', /start a new run: cnnc run tiny\.cnn\n/] });
    expect(listing(here.path('good'))).toEqual(before);
  });

  it('of two in one folder at once, one is refused and the other is as if alone', async () => {
    const both = await Promise.all([1, 2].map(() => here.cnnc(['run', 'tiny.cnn', '--out', 'both', '--quiet'])));
    expect(both.map((ran) => ran.code).sort()).toEqual([0, 1]);
    expectRefusal(both.find((ran) => ran.code === 1)!, { exit: 1, says: [/CNN6050|CNN6053/, 'both'] });
    sameAsGood('both');
    const numbered = await Promise.all([1, 2].map(() => here.cnnc(['run', 'tiny.cnn', '--quiet'])));
    expect(numbered.map((ran) => ran.stdout.trim()).sort()).toEqual(['runs/tiny/1', 'runs/tiny/2']);
    expect(numbered.every((ran) => ran.code === 0)).toBe(true);
    sameAsGood('runs/tiny/1');
    sameAsGood('runs/tiny/2');
  });

  it('goes on in a folder whose owner was killed before it began', async () => {
    here.write('killed/checkpoints/program.json', '{}');
    here.write('killed/.owner.json', '{}');
    expect(await here.cnnc(['run', 'tiny.cnn', '--out', 'killed', '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    sameAsGood('killed');
  });

  it('in a folder that is read-only', async () => {
    // The superuser writes everywhere: the command then runs as nobody, who must be able to read the engine.
    mkdirSync(here.path('locked'));
    chmodSync(here.folder, 0o755);
    chmodSync(here.path('locked'), 0o555);
    const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
    const ran = await here.cnnc(['run', 'tiny.cnn', '--out', 'locked/run'], nobody === undefined ? {} : { uid: nobody, env: { HOME: here.folder } });
    chmodSync(here.path('locked'), 0o755);
    // Where nobody cannot read the engine, that is said first.
    expectRefusal(ran, { exit: 1, says: [/CNN6061: the run folder cannot be made: permission denied|CNN600[13]/, /--out DIR|cnnc engine/] });
    expect(readdirSync(here.path('locked'))).toEqual([]);
  });

  it('in a place with blanks, quotes and other scripts', async () => {
    const place = `a b/Blumen „ü“ 花/it's "quoted" $HOME`;
    here.write(`${place}/ein Programm.cnn`, program());
    const ran = await here.cnnc(['run', `${place}/ein Programm.cnn`, '--epochs', '1']);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: '' });
    const [, next] = /next +(cnnc predict .*) picture\.jpg/.exec(ran.stderr) ?? [];
    // The command that is shown works in a shell.
    const words = JSON.parse(execFileSync('sh', ['-c', `node -p 'JSON.stringify(process.argv.slice(1))' ${next}`], { encoding: 'utf8' })) as string[];
    expect(words).toEqual(['cnnc', 'predict', `${place}/runs/tiny/1`]);
    expect(existsSync(here.path(place, 'runs/tiny/1/weights.npz'))).toBe(true);
  });
});

describe.skipIf(!engineAvailable())('initial weights', () => {
  const weights = async (): Promise<Record<string, NpyArray>> => readNpz(here.path('good/weights.npz'));
  const without = (all: Record<string, NpyArray>, name: string): Record<string, NpyArray> => Object.fromEntries(Object.entries(all).filter(([n]) => n !== name));

  it.each<[what: string, change: (all: Record<string, NpyArray>) => Record<string, { shape: readonly number[]; data: NpyArray['data'] }>, code: string, ...says: string[]]>([
    ['another name', (all) => ({ ...without(all, 'dense_1/kernel'), 'dense_9/kernel': all['dense_1/kernel'] }), 'CNN6055', 'the file has no dense_1/kernel', 'the network has no dense_9/kernel', 'cnnc summary'],
    ['another shape', (all) => ({ ...all, 'dense_1/kernel': { shape: [3, 392], data: all['dense_1/kernel'].data } }), 'CNN6055', 'dense_1/kernel is 3x392 in the file, 392x3 in the network'],
    ['whole numbers', (all) => ({ ...all, 'dense_1/bias': { shape: [3], data: Int32Array.of(1, 2, 3) } }), 'CNN6055', 'dense_1/bias is int32 in the file, float32 in the network'],
    ['text', (all) => ({ ...all, 'dense_1/bias': { shape: [3], data: Int8Array.of(1, 2, 3) } }), 'CNN6056', 'dense_1/bias', 'int8'],
    ['NaN', (all) => ({ ...all, 'conv_1/bias': { shape: [8], data: new Float32Array(8).fill(NaN) } }), 'CNN6056', 'conv_1/bias holds NaN'],
  ])('with %s are refused', async (_, change, code, ...says) => {
    here.write('w.npz', writeNpz(change(await weights())));
    const before = listing(here.folder);
    expectRefusal(await here.cnnc(['run', 'tiny.cnn', '--out', 'initial', '--initial-weights', 'w.npz']), { exit: 1, code, says: ['w.npz', ...says] });
    expect(listing(here.folder)).toEqual(before);
  });

  it('of a run go on where it ended; float64 is taken, too', async () => {
    const all = await weights();
    here.write('w.npz', writeNpz(Object.fromEntries(Object.entries(all).map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]))));
    for (const [from, out] of [['good/weights.npz', 'go-1'], ['w.npz', 'go-2']] as const) {
      expect(await here.cnnc(['run', 'tiny.cnn', '--out', out, '--initial-weights', from, '--quiet', '--epochs', '1'])).toMatchObject({ code: 0, stderr: '' });
    }
    expect(Buffer.compare(here.read('go-1/weights.npz'), here.read('go-2/weights.npz'))).toBe(0);
    const before = here.json('good/history.json') as { loss: number[] };
    expect((here.json('go-1/history.json') as { loss: number[] }).loss[0]).toBeLessThan(before.loss[0]);
  });
});
