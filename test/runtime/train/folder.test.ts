import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../../src/compiler/diagnostics/diagnostic.ts';
import { claimFolder, claimNumber, listRuns, runsOf, slugOf } from '../../../src/runtime/train/folder.ts';
import { differences, hashOf, meaningOf } from '../../../src/runtime/train/identity.ts';
import { lockRun } from '../../../src/runtime/train/lock.ts';
import { readManifest, type Manifest } from '../../../src/runtime/train/manifest.ts';
import { chooseRun, mustBeSame, rememberMeaning } from '../../../src/runtime/train/resume.ts';
import { tinyRun } from '../../support/run-folder.ts';
import { tinyProgram } from '../../support/tiny-program.ts';

let base = '';
beforeEach(async () => void (base = await mkdtemp(join(tmpdir(), 'cnnc-folder-'))));
afterEach(() => rm(base, { recursive: true }));

const code = async (work: Promise<unknown> | (() => unknown)): Promise<string | null> => {
  try {
    await (typeof work === 'function' ? work() : work);
    return null;
  } catch (error) {
    return error instanceof DiagnosticError ? error.diagnostics[0].code : String(error);
  }
};

it.each([['Flowers', 'flowers'], ['  Blumen & Gräser! ', 'blumen-gräser'], ['花', '花'], ['../../etc', 'etc'], ['...', 'model'], ['CON', 'model-con'], ['a'.repeat(99), 'a'.repeat(60)]])('slug of %s', (name, slug) => expect(slugOf(name)).toBe(slug));

describe('claiming', () => {
  it('gives every process a number of its own', async () => {
    const runs = join(base, 'runs', 'x');
    const folders = await Promise.all(Array.from({ length: 12 }, () => claimNumber(runs)));
    expect(new Set(folders).size).toBe(12);
    await mkdir(join(runs, '40'));
    await mkdir(join(runs, 'notes'));
    expect(await claimNumber(runs)).toBe(join(runs, '41'));
  });

  it('takes an empty --out, nothing else', async () => {
    expect(await claimFolder(join(base, 'a', 'b'))).toBe(join(base, 'a', 'b'));
    await writeFile(join(base, 'a', 'b', 'notes'), '');
    expect(await code(claimFolder(join(base, 'a', 'b')))).toBe('CNN6050');
    expect(await code(claimFolder(join(base, 'a', 'b', 'notes')))).toBe('CNN6061');
  });
});

describe('the lock', () => {
  it('lets one process in at a time', async () => {
    const release = await lockRun(base);
    expect(await code(lockRun(base))).toBe('CNN6053');
    await release();
    await (await lockRun(base))();
  });

  it('of a killed process does not hold anybody up', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.on('exit', resolve));
    await mkdir(join(base, '.lock'));
    await writeFile(join(base, '.owner.json'), JSON.stringify({ pid: child.pid, host: hostname() }));
    await (await lockRun(base))();
    await mkdir(join(base, '.lock'));
    await writeFile(join(base, '.owner.json'), JSON.stringify({ pid: 1, host: 'another machine' }));
    expect(await code(lockRun(base))).toBe('CNN6053');
  });

  it('of a process killed before it signed holds up for a moment only; one about to sign is waited for', async () => {
    await mkdir(join(base, '.lock'));
    await (await lockRun(base))();
    await mkdir(join(base, '.lock'));
    setTimeout(() => void writeFile(join(base, '.owner.json'), JSON.stringify({ pid: process.ppid, host: hostname() })), 300);
    expect(await code(lockRun(base))).toBe('CNN6053');
  });

  it('is not held by another process that was given the number of its owner', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    await mkdir(join(base, '.lock'));
    await writeFile(join(base, '.owner.json'), JSON.stringify({ pid: other.pid, host: hostname(), started: 'long ago' }));
    // Where the system does not tell when a process began, a lock that is not refreshed gives way in time.
    if (process.platform === 'linux') await (await lockRun(base))();
    else expect(await code(lockRun(base))).toBe('CNN6053');
    other.kill();
  });

  it.runIf(process.platform === 'linux')('is still that of a process that was stopped for a minute', async () => {
    const script = `import { lockRun } from ${JSON.stringify(pathToFileURL(resolve('src/runtime/train/lock.ts')).href)}; await lockRun(${JSON.stringify(base)}); console.log('locked'); setTimeout(() => {}, 60000);`;
    const other = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    await new Promise((locked) => other.stdout.once('data', locked));
    other.kill('SIGSTOP');
    const before = new Date(Date.now() - 60_000);
    await utimes(join(base, '.lock'), before, before);
    expect(await code(lockRun(base))).toBe('CNN6053');
    other.kill('SIGKILL');
    await new Promise((gone) => other.once('exit', gone));
    await (await lockRun(base))();
  });

  it('goes to one of many that come at once after a kill', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.on('exit', resolve));
    await mkdir(join(base, '.lock'));
    await writeFile(join(base, '.owner.json'), JSON.stringify({ pid: child.pid, host: hostname() }));
    const codes = await Promise.all(Array.from({ length: 5 }, () => code(lockRun(base))));
    expect(codes.sort()).toEqual(['CNN6053', 'CNN6053', 'CNN6053', 'CNN6053', null]);
  });
});

describe('the same run', () => {
  const program = tinyProgram();

  it('does not depend on epochs, plots, places and the name', () => {
    const other = { ...tinyProgram({ fit: { epochs: 99 } }), name: 'Other', plots: [] };
    expect(hashOf(meaningOf(other))).toBe(hashOf(meaningOf(program)));
  });

  it('names what changed in the words of the program', () => {
    const [conv, ...rest] = program.layers;
    const other = { ...tinyProgram({ fit: { batch: 8 } }), layers: [{ ...conv, args: { ...conv.args, filters: 4 } } as typeof conv, ...rest] };
    expect(differences(meaningOf(program), meaningOf(other))).toEqual([
      { what: 'conv_1 filters', before: '2', now: '4' },
      { what: 'fit batch', before: '5', now: '8' },
    ]);
  });

  it('is refused when program or data changed, or epochs shrank', async () => {
    const folder = join(base, '1');
    await tinyRun(folder, program);
    const found = { folder, manifest: (await readManifest(folder))! };
    await rememberMeaning(folder, meaningOf(program));
    const check = (p: typeof program, data = 'data-hash'): Promise<string | null> => code(mustBeSame(found, p, meaningOf(p), data, 'cnnc run f.cnn'));
    expect(await check(program)).toBeNull();
    expect(await check(tinyProgram({ fit: { epochs: 9 } }))).toBeNull();
    expect(await check(tinyProgram({ fit: { epochs: 2 } }))).toBe('CNN6052');
    expect(await check(tinyProgram({ fit: { seed: 1 } }))).toBe('CNN6052');
    expect(await check(program, 'other-hash')).toBe('CNN6052');
  });
});

describe('choosing the run to go on with', () => {
  const manifest = (status: Manifest['status'], done: number, stoppedEarly = false): Manifest => ({ status, epochs: { asked: 3, done, best: null, stoppedEarly } }) as Manifest;
  const runs = (...manifests: Manifest[]) => manifests.map((m, i) => ({ folder: String(manifests.length - i), manifest: m }));
  const choose = (candidates: ReturnType<typeof runs>, epochs = 3): string => chooseRun(candidates, () => epochs, 'runs', { again: 'cnnc run f.cnn', anew: 'cnnc run f.cnn' }).folder;

  it.each([
    ['interrupted', runs(manifest('interrupted', 1)), 3, '1'],
    ['killed', runs(manifest('running', 1)), 3, '1'],
    ['failed', runs(manifest('failed', 1)), 3, '1'],
    ['the newest unfinished', runs(manifest('finished', 3), manifest('interrupted', 2), manifest('interrupted', 1)), 3, '2'],
    ['finished with fewer epochs', runs(manifest('finished', 3)), 9, '1'],
  ] as const)('%s', (_, candidates, epochs, folder) => expect(choose(candidates as ReturnType<typeof runs>, epochs)).toBe(folder));

  it('says why there is none', async () => {
    expect(await code(() => choose(runs(manifest('finished', 3))))).toBe('CNN6051');
    expect(await code(() => choose(runs(manifest('finished', 3, true)), 9))).toBe('CNN6051');
    expect(await code(() => choose([]))).toBe('CNN6051');
  });

  it('lists runs newest first, without what is none', async () => {
    const runsFolder = runsOf(join(base, 'tiny.cnn'), 'Tiny');
    for (const n of ['1', '2', '10']) await tinyRun(join(runsFolder, n), tinyProgram({ fit: { epochs: 1 } }));
    await mkdir(join(runsFolder, '11'));
    await writeFile(join(runsFolder, '2', 'manifest.json'), '{"schema":1}');
    expect((await listRuns(runsFolder)).map((r) => r.folder)).toEqual([join(runsFolder, '10'), join(runsFolder, '1')]);
  });
});
