/**
 * What every installation does: everything happens in a temporary folder beside the engine's, which takes its name at the end; a
 * lock keeps two installations apart; what was fetched whole is kept until the engine is in place.
 */
import { access, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import type { EngineKind } from '../engine.ts';
import { BadArchive, WrongBytes } from './archive.ts';
import type { Fetched, Progress } from './fetch.ts';
import { engineFolder, enginesFolder, findEngines, platformName, RECORD } from './places.ts';
import type { FoundEngine } from './places.ts';
import { freeSpace, neededSpace, platformProblem } from './platform.ts';
import { problem, reasonOf } from './problem.ts';
import { prove } from './prove.ts';
import type { Proof } from './prove.ts';

export interface InstallOptions {
  readonly cache: string;
  /** A folder with the archives: nothing is fetched that lies there. */
  readonly from?: string;
  /** Install even where an engine of the kind works. */
  readonly force?: boolean;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

export interface Installed extends Proof {
  readonly kind: EngineKind;
  readonly path: string;
  /** `there`: nothing had to be done. */
  readonly way: 'there' | 'folder' | 'pip' | 'maven' | 'npm';
}

/** Folders of an installation under way. */
export interface Places {
  readonly downloads: string;
  /** Becomes the engine's folder. */
  readonly folder: string;
  /** Goes away. */
  readonly work: string;
}

export interface Built {
  readonly way: Installed['way'];
  /** Of the engine, within its folder. */
  readonly path: (folder: string) => string;
  /** What the record says besides. */
  readonly record: Readonly<Record<string, unknown>>;
}

/**
 * Installs with `build` unless an engine of the kind works already. Throws DiagnosticError: CNN6010, CNN6011 (by `required`),
 * CNN6012, CNN6014–CNN6016, or the signal's reason.
 */
export async function install(kind: EngineKind, options: InstallOptions, build: (places: Places) => Promise<Built>): Promise<Installed> {
  const { cache, force, progress, signal } = options;
  const engines = enginesFolder(cache);
  await mkdir(engines, { recursive: true });
  const release = await takeLock(engines, progress, signal);
  try {
    const there = force ? undefined : await workingEngine(kind, cache);
    if (there) return there;
    const trouble = await platformProblem(kind);
    if (trouble) throw problem('CNN6010', { engine: kind, trouble });
    const [free, needed] = [await freeSpace(engines), neededSpace(kind)];
    if (free < needed) throw problem('CNN6014', { free, needed, folder: engines });
    return await inPlaces(kind, engines, options, build);
  } finally {
    await release();
  }
}

/** An installation under way is waited for: afterwards there may be nothing left to do. */
async function takeLock(engines: string, progress: Progress, signal?: AbortSignal): Promise<() => Promise<void>> {
  for (let waited = false; ; waited = true) {
    signal?.throwIfAborted();
    try {
      return await lock(engines, { lockfilePath: join(engines, 'install.lock'), stale: 30_000, update: 5_000, onCompromised: () => {} });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (!waited) progress('waiting for another installation');
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

async function workingEngine(kind: EngineKind, cache: string): Promise<Installed | undefined> {
  for (const found of findEngines(kind, cache)) {
    const proof = await prove(found, availableParallelism()).catch(() => undefined);
    if (proof) return { ...proof, kind, path: found.path, way: 'there' };
  }
  return undefined;
}

async function inPlaces(kind: EngineKind, engines: string, { cache, progress, signal }: InstallOptions, build: (places: Places) => Promise<Built>): Promise<Installed> {
  // Under the lock nobody else's temporary folder is alive.
  for (const name of await readdir(engines)) if (/^\.(building|replaced)-/.test(name)) await rm(join(engines, name), { recursive: true, force: true });
  const folder = join(engines, `.building-${process.pid}`);
  const places: Places = { downloads: join(engines, 'downloads'), folder, work: `${folder}-work` };
  try {
    await mkdir(folder, { recursive: true });
    await mkdir(places.downloads, { recursive: true });
    const { way, path, record } = await build(places);
    progress('trying it');
    const found: Pick<FoundEngine, 'kind' | 'path'> = { kind, path: path(folder) };
    const proof = await prove(found, availableParallelism()).catch((error: unknown) => {
      throw problem('CNN6015', { engine: kind, reason: reasonOf(error) });
    });
    signal?.throwIfAborted();
    const about = { schema: 1, engine: kind, version: proof.version, platform: platformName(), way, ...record, installed: new Date().toISOString() };
    await writeFile(join(folder, RECORD), `${JSON.stringify(about, null, 2)}\n`);
    await putInPlace(folder, engineFolder(cache, kind), engines);
    await rm(places.downloads, { recursive: true, force: true });
    return { ...proof, kind, path: path(engineFolder(cache, kind)), way };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof WrongBytes || error instanceof BadArchive) await rm(places.downloads, { recursive: true, force: true });
    if (error instanceof WrongBytes) throw problem('CNN6012', { file: error.file, expected: error.expected, found: error.found });
    if (error instanceof BadArchive) throw problem('CNN6016', { reason: error.message });
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw problem('CNN6014', { free: 0, needed: neededSpace(kind), folder: engines });
    throw error;
  } finally {
    for (const path of [folder, places.work]) await rm(path, { recursive: true, force: true });
  }
}

/** Throws CNN6011 where it was not fetched. */
export function required(kind: EngineKind, fetched: Fetched): Extract<Fetched, { ok: true }> {
  if (fetched.ok) return fetched;
  throw problem('CNN6011', { engine: kind, reasons: fetched.reasons });
}

/** On disk before it has its name; a folder that was there before goes out of the way first. */
async function putInPlace(folder: string, target: string, engines: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) await syncPath(join(folder, name));
  await syncPath(folder);
  const replaced = join(engines, `.replaced-${process.pid}`);
  const exists = await access(target).then(() => true, () => false);
  if (exists) await rename(target, replaced);
  await rename(folder, target);
  await syncPath(engines);
  await rm(replaced, { recursive: true, force: true });
}

/** Windows opens no folders and needs writing to flush a file; its file system keeps the order of names itself. */
async function syncPath(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
