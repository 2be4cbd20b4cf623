/** Whole `cnnc run` and `cnnc predict` processes: exit codes, what they write, and runs that are cut off. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { engineAvailable } from '../support/engine.ts';

/** CNNC_BIN: another build of the command line. */
const bin = resolve(process.env.CNNC_BIN ?? 'dist/cnnc.mjs');

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the first event of that kind (of a `--json` run). */
  readonly event: (test: (event: Record<string, unknown>) => boolean) => Promise<Record<string, unknown>>;
}

function start(folder: string, ...args: string[]): Started {
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });
  let [stdout, stderr] = ['', ''];
  const waiting: { test: (event: Record<string, unknown>) => boolean; found: (event: Record<string, unknown>) => void }[] = [];
  const events: Record<string, unknown>[] = [];
  child.stdout.on('data', (data: Buffer) => {
    stdout += String(data);
    const lines = stdout.split('\n');
    for (const line of lines.slice(events.length, -1)) {
      if (!line.startsWith('{')) continue;
      const event = JSON.parse(line) as Record<string, unknown>;
      events.push(event);
      for (const { test, found } of waiting) if (test(event)) found(event);
    }
  });
  child.stderr.on('data', (data: Buffer) => void (stderr += String(data)));
  const ended = new Promise<Ended>((done) => child.on('close', (code, signal) => done({ code, signal, stdout, stderr })));
  const event: Started['event'] = (test) =>
    new Promise((found, failed) => {
      const before = events.find(test);
      if (before) return found(before);
      waiting.push({ test, found });
      void ended.then(({ stdout: out, stderr: err }) => failed(new Error(`it ended before that event\n${out}\n${err}`)));
    });
  return { child, ended, event };
}

const cnnc = (folder: string, ...args: string[]): Promise<Ended> => start(folder, ...args).ended;

const program = (more = ''): string => `
model Tiny
data { synthetic shapes count=240 classes=3; image 16x16 gray }
augment { rotation 10; horizontal_flip }
network < conv 8 3x3; relu; pool 2; dropout .25; flatten; dense 16; batch_norm; relu; dense classes; softmax >
compile { metrics accuracy }
fit { epochs 4; batch 16; early_stopping patience=3 restore_best }
${more}`;

let folder = '';
const fresh = async (text = program()): Promise<string> => {
  folder = await mkdtemp(join(tmpdir(), 'cnnc-cli-'));
  await writeFile(join(folder, 'tiny.cnn'), text);
  folders.push(folder);
  return folder;
};
const folders: string[] = [];
afterAll(async () => {
  for (const f of folders) await rm(f, { recursive: true });
});
const bytes = (name: string, run = '1', of = folder): Promise<Buffer> => readFile(join(of, 'runs', 'tiny', run, name));
const results = ['weights.npz', 'history.json', 'history.csv', 'metrics.json'];

describe('refusals', () => {
  beforeEach(() => fresh());

  it.each([
    ['an unknown option', ['run', 'tiny.cnn', '--epoch', '3'], 2, /unknown option/],
    ['no number', ['run', 'tiny.cnn', '--epochs', 'three'], 2, /whole number from 1/],
    ['an unknown engine', ['run', 'tiny.cnn', '--engine', 'abacus'], 2, /abacus/],
    ['a setting without a value', ['run', 'tiny.cnn', '--set', 'fit.batch'], 2, /fit\.batch=32/],
    ['a program that is not there', ['run', 'none.cnn'], 1, /none\.cnn/],
    ['a dashboard', ['run', 'tiny.cnn', '--dashboard'], 1, /CNN6054/],
    ['nothing to resume', ['run', 'tiny.cnn', '--resume'], 1, /CNN6051/],
    ['a wrong setting', ['run', 'tiny.cnn', '--set', 'fit.batch=often'], 1, /often/],
    ['no run', ['predict', '.', 'x.png'], 1, /CNN6057/],
  ] as const)('%s', async (_, args, code, said) => {
    const ended = await cnnc(folder, ...args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(said);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(readdirSync(folder)).toEqual(['tiny.cnn']);
  });
});

describe.skipIf(!engineAvailable())('with the engine', () => {
  beforeAll(() => fresh());

  it('trains, twice to the same bytes, and predicts', async () => {
    const first = await cnnc(folder, 'run', 'tiny.cnn');
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr.split('\n')).toHaveLength(3 + 4 + 5 + 1);
    expect(first.stderr).not.toMatch(/\x1b|\r/);
    const second = await cnnc(folder, 'run', 'tiny.cnn', '--quiet');
    expect(second).toEqual({ code: 0, signal: null, stdout: `${join('runs', 'tiny', '2')}\n`, stderr: '' });
    for (const name of results) expect(Buffer.compare(await bytes(name, '1'), await bytes(name, '2'))).toBe(0);

    await sharp({ create: { width: 40, height: 30, channels: 3, background: '#369' } }).png().toFile(join(folder, 'a.png'));
    await writeFile(join(folder, 'b.png'), 'no picture');
    const predicted = await cnnc(folder, 'predict', 'runs/tiny/1', 'a.png', 'b.png', 'c.png', 'a.png', '--json', '--top', '2');
    expect(predicted.code).toBe(1);
    const lines = predicted.stdout.trim().split('\n').map((line) => JSON.parse(line) as { path: string; top?: { probability: number }[]; error?: { code: string } });
    expect(lines.map((l) => [l.path, l.top?.length ?? l.error?.code])).toEqual([['a.png', 2], ['b.png', 'CNN6063'], ['c.png', 'CNN6063'], ['a.png', 2]]);
    expect(lines[0].top).toEqual(lines[3].top);
    const csv = await cnnc(folder, 'predict', 'runs/tiny/1', 'a.png', '--csv');
    expect(csv).toMatchObject({ code: 0 });
    expect(csv.stdout.split('\n')[0]).toBe('path,class,probability');
    expect(csv.stdout.trim().split('\n')).toHaveLength(4);
  });

  it('goes on to the same bytes after kill -9 at any moment, Ctrl-C in between', async () => {
    const soak = process.env.CNNC_SOAK ? 10 : 1;
    for (let round = 0; round < soak; round++) {
      const out = join(folder, `killed-${round}`);
      const run = start(folder, 'run', 'tiny.cnn', '--json', '--out', out);
      const step = 1 + Math.floor(Math.random() * 30);
      await run.event((e) => e.event === 'step' && (e.step as number) >= step);
      run.child.kill('SIGKILL');
      expect((await run.ended).signal).toBe('SIGKILL');

      const second = start(folder, 'run', 'tiny.cnn', '--json', '--out', out, '--resume');
      await second.event((e) => e.event === 'step');
      second.child.kill('SIGINT');
      const cut = await second.ended;
      // It may have been through with everything before the signal came.
      if (cut.code !== 0) {
        expect(cut.code).toBe(130);
        expect(JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))).toMatchObject({ status: 'interrupted' });
        const last = await cnnc(folder, 'run', 'tiny.cnn', '--quiet', '--out', out, '--resume');
        expect(last).toMatchObject({ code: 0, stderr: '' });
      }
      for (const name of results) expect(Buffer.compare(await bytes(name), await readFile(join(out, name))), `${name} after a kill at step ${step}`).toBe(0);
    }
  });

  it('refuses to go on with another program, and shows the difference', async () => {
    const ended = await cnnc(folder, 'run', 'tiny.cnn', '--resume', '--epochs', '5', '--seed', '3');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('CNN6052');
    expect(ended.stderr).toContain('fit seed: 0 → 3');
  });

  it('says what happened when its engine is killed, and can go on', async () => {
    await fresh(program().replace('epochs 4', 'epochs 400').replace('patience=3', 'patience=399'));
    const run = start(folder, 'run', 'tiny.cnn', '--json');
    await run.event((e) => e.event === 'epoch');
    const engine = await childOf(run.child.pid!);
    process.kill(engine, 'SIGKILL');
    const ended = await run.ended;
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('CNN5002');
    expect(ended.stderr).toContain('cnnc run tiny.cnn --resume');
    expect(JSON.parse((await bytes('manifest.json')).toString())).toMatchObject({ status: 'failed', fault: { code: 'CNN5002' } });
    expect(JSON.parse(ended.stdout.trim().split('\n').at(-1)!)).toMatchObject({ event: 'error', diagnostics: [{ code: 'CNN5002' }] });
  });

  it('stops when the loss is no number: exit 3, the step and the layer', async () => {
    await fresh(program().replace('metrics accuracy', 'optimizer adam lr=1e30; metrics accuracy').replace('batch_norm; ', ''));
    const ended = await cnnc(folder, 'run', 'tiny.cnn');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toMatch(/CNN5001: training stopped at step \d+ \(epoch 1\)/);
    expect(ended.stderr).toMatch(/weights of (conv|dense)_1 became (NaN|infinite)/);
    expect(ended.stderr).toContain('lr=.001');
    expect(readdirSync(join(folder, 'runs', 'tiny', '1'))).not.toContain('weights.npz');
  });

  it('starts from initial weights, and names what does not fit', async () => {
    await fresh();
    expect(await cnnc(folder, 'run', 'tiny.cnn', '--epochs', '1', '--quiet')).toMatchObject({ code: 0 });
    expect(await cnnc(folder, 'run', 'tiny.cnn', '--epochs', '1', '--quiet', '--initial-weights', 'runs/tiny/1/weights.npz')).toMatchObject({ code: 0 });
    expect(JSON.parse((await bytes('manifest.json', '2')).toString())).toMatchObject({ initialWeights: { path: 'runs/tiny/1/weights.npz' } });
    await writeFile(join(folder, 'tiny.cnn'), program().replace('dense 16', 'dense 17'));
    const ended = await cnnc(folder, 'run', 'tiny.cnn', '--initial-weights', 'runs/tiny/1/weights.npz');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('CNN6055');
    expect(ended.stderr).toMatch(/dense_1\/kernel is \d+x16 in the file, \d+x17 in the network/);
    expect(readdirSync(join(folder, 'runs', 'tiny'))).toEqual(['1', '2']);
  });

  it('finds a learning rate without training', async () => {
    await fresh();
    const ended = await cnnc(folder, 'run', 'tiny.cnn', '--find-lr');
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(/^(rate +\S+; the program has \.001|rate +no rate from)/m);
    expect(readdirSync(join(folder, 'runs', 'tiny')).sort()).toEqual(['lr.png', 'lr.svg']);
    const json = await cnnc(folder, 'run', 'tiny.cnn', '--find-lr', '--json');
    const last = JSON.parse(json.stdout.trim().split('\n').at(-1)!) as { event: string; trials: unknown[] };
    expect(last.event).toBe('lr');
    expect(last.trials.length).toBeGreaterThan(10);
    expect(await cnnc(folder, 'run', 'tiny.cnn', '--find-lr', '--resume')).toMatchObject({ code: 1 });
  });

  it('leaves a folder alone that is not its own', async () => {
    await fresh();
    await mkdir(join(folder, 'mine'));
    await writeFile(join(folder, 'mine', 'notes.txt'), 'keep');
    const ended = await cnnc(folder, 'run', 'tiny.cnn', '--out', 'mine');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('CNN6050');
    expect(readdirSync(join(folder, 'mine'))).toEqual(['notes.txt']);
  });
});

/** The engine's process: the only child of a run. */
async function childOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number(text.trim().split(' ')[0]);
}
