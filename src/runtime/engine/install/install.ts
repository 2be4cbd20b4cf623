/**
 * `cnnc engine install`: fetch, check, unpack, compile, prove, and only then put in place. Everything happens in a temporary
 * folder beside the engine's, which takes its name at the end; a lock keeps two installations apart.
 */
import { access, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import type { Code, Facts } from '../../../compiler/diagnostics/catalogue.ts';
import { fileSpan } from '../../../compiler/source/source.ts';
import { sha256File } from '../../files/hash.ts';
import { BadArchive, extractLibrary, unpackFolder, WrongBytes } from './archive.ts';
import { findProgram, runCommand } from './commands.ts';
import { compileAddon, findCompiler } from './compile.ts';
import { freeSpace, neededSpace, platformProblem } from './doctor.ts';
import { archiveFrom, fetchArchive, fetchBinding } from './fetch.ts';
import type { Fetched, Progress } from './fetch.ts';
import { bindingPackage, pins } from './pins.ts';
import type { PlatformPins } from './pins.ts';
import { ADDON, engineFolder, enginesFolder, findEngines, platformName, RECORD } from './places.ts';
import { prove } from './prove.ts';
import type { Proof } from './prove.ts';

export interface InstallOptions {
  readonly cache: string;
  /** A folder with the wheel or jar, and the npm archive of tfjs-node: nothing is fetched that lies there. */
  readonly from?: string;
  /** Install even where an engine works. */
  readonly force?: boolean;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /** What is fetched; tests have small files of their own. */
  readonly platform?: PlatformPins;
}

export interface Installed extends Proof {
  readonly addonPath: string;
  /** `there`: nothing had to be done. */
  readonly way: 'there' | 'folder' | 'pip' | 'maven';
}

const problem = <C extends Code>(code: C, facts: Facts<C>): DiagnosticError => new DiagnosticError([diagnostic(code, fileSpan(''), facts)]);
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Throws DiagnosticError CNN6010–CNN6016, or the signal's reason. */
export async function installEngine(options: InstallOptions): Promise<Installed> {
  const { cache, force, progress, signal } = options;
  const engines = enginesFolder(cache);
  await mkdir(engines, { recursive: true });
  const release = await takeLock(engines, progress, signal);
  try {
    const there = force ? undefined : await workingEngine(cache);
    if (there) return there;
    const trouble = await platformProblem();
    if (trouble) throw problem('CNN6010', { trouble });
    const [free, needed] = [await freeSpace(engines), neededSpace()];
    if (free < needed) throw problem('CNN6014', { free, needed, folder: engines });
    const compiler = await findCompiler();
    if (!compiler) throw problem('CNN6013', { lines: [] });
    return await build(options, engines, compiler, options.platform ?? pins[platformName()]);
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

async function workingEngine(cache: string): Promise<Installed | undefined> {
  for (const { addonPath } of findEngines(cache)) {
    const proof = await prove(addonPath, availableParallelism()).catch(() => undefined);
    if (proof) return { ...proof, addonPath, way: 'there' };
  }
  return undefined;
}

async function build({ cache, from, progress, signal }: InstallOptions, engines: string, compiler: string, platform: PlatformPins): Promise<Installed> {
  // Under the lock nobody else's temporary folder is alive.
  for (const name of await readdir(engines)) if (/^\.(building|replaced)-/.test(name)) await rm(join(engines, name), { recursive: true, force: true });
  const downloads = join(engines, 'downloads');
  const folder = join(engines, `.building-${process.pid}`);
  const work = join(engines, `.building-${process.pid}-work`);
  try {
    await mkdir(join(folder, 'lib'), { recursive: true });
    await mkdir(downloads, { recursive: true });
    const binding = required(await fetchBinding(downloads, from, signal));
    const fetched = required(from ? await archiveFrom(from, platform) : await fetchArchive({ folder: downloads, pins: platform, progress, signal }));
    const stripped = await unpack(fetched.archive, folder, platform, progress, signal);

    progress('compiling the addon');
    await unpackFolder(binding.archive, bindingPackage.integrity, 'package/binding', join(work, 'binding'));
    const lines = await compileAddon({ compiler, sources: join(work, 'binding'), folder, libraries: platform.libraries, work, signal });
    if (lines) throw problem('CNN6013', { lines });

    progress('trying it');
    const proof = await prove(join(folder, ADDON), availableParallelism()).catch((error: unknown) => {
      throw problem('CNN6015', { reason: reasonOf(error) });
    });
    signal?.throwIfAborted();
    await writeFile(join(folder, RECORD), record(proof.version, fetched.way, platform, compiler, stripped, await sha256File(join(folder, ADDON))));
    await putInPlace(folder, engineFolder(cache), engines);
    await rm(downloads, { recursive: true, force: true });
    return { ...proof, addonPath: join(engineFolder(cache), ADDON), way: fetched.way };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof WrongBytes) {
      await rm(downloads, { recursive: true, force: true });
      throw problem('CNN6012', { file: error.file, expected: error.expected, found: error.found });
    }
    if (error instanceof BadArchive) {
      await rm(downloads, { recursive: true, force: true });
      throw problem('CNN6016', { reason: error.message });
    }
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw problem('CNN6014', { free: 0, needed: neededSpace(), folder: engines });
    throw error;
  } finally {
    for (const path of [folder, work]) await rm(path, { recursive: true, force: true });
  }
}

function required(fetched: Fetched): Extract<Fetched, { ok: true }> {
  if (fetched.ok) return fetched;
  throw problem('CNN6011', { reasons: fetched.reasons });
}

/** The libraries, checked; without their debug symbols where that can be done. True when stripped. */
async function unpack(archive: string, folder: string, { libraries }: PlatformPins, progress: Progress, signal?: AbortSignal): Promise<boolean> {
  const total = libraries.reduce((sum, l) => sum + l.size, 0);
  let before = 0;
  for (const library of libraries) {
    const start = before;
    await extractLibrary(archive, library, join(folder, 'lib', library.name), (bytes) => progress('unpacking', start + bytes, total), signal);
    before += library.size;
  }
  // On macOS stripping would void the code signature.
  if (process.platform !== 'linux' || !(await findProgram('strip'))) return false;
  progress('stripping');
  const { code } = await runCommand('strip', ['--strip-unneeded', ...libraries.map((l) => join(folder, 'lib', l.name))], { signal });
  return code === 0;
}

const record = (version: string, way: string, { libraries }: PlatformPins, compiler: string, stripped: boolean, addon: string): string =>
  `${JSON.stringify(
    {
      schema: 1,
      engine: 'tensorflow',
      version,
      platform: platformName(),
      way,
      taken: Object.fromEntries(libraries.map((l) => [l.name, l.sha256])),
      binding: `${bindingPackage.name}@${bindingPackage.version}`,
      stripped,
      compiler,
      addon,
      installed: new Date().toISOString(),
    },
    null,
    2,
  )}\n`;

/** On disk before it has its name; a folder that was there before goes out of the way first. */
async function putInPlace(folder: string, target: string, engines: string): Promise<void> {
  for (const path of [folder, join(folder, 'lib')]) {
    for (const name of await readdir(path)) await syncPath(join(path, name));
    await syncPath(path);
  }
  const replaced = join(engines, `.replaced-${process.pid}`);
  const exists = await access(target).then(() => true, () => false);
  if (exists) await rename(target, replaced);
  await rename(folder, target);
  await syncPath(engines);
  await rm(replaced, { recursive: true, force: true });
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
