/** Packages of npm by `npm pack`: npm knows the user's registry, proxies and certificates. Nothing of them is run or installed. */
import { mkdir, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram, runCommand } from './commands.ts';
import { emptyFolder, keep, watched } from './fetch.ts';
import type { Fetched, Progress } from './fetch.ts';
import type { NpmPackage } from './pins.ts';

/** How npm is started: as the npm that started us (npx, npm run), the one on the PATH, or the one that lies beside this Node. */
export async function findNpm(): Promise<readonly string[] | undefined> {
  const own = process.env.npm_execpath;
  if (own?.endsWith('npm-cli.js') && existsSync(own)) return [process.execPath, own];
  // On Windows the npm of the PATH is a batch file, which takes a shell.
  const onPath = process.platform === 'win32' ? undefined : await findProgram('npm');
  if (onPath) return [onPath];
  const folders = [dirname(process.execPath), join(dirname(dirname(process.execPath)), 'lib')];
  const beside = folders.map((folder) => join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js')).find((path) => existsSync(path));
  return beside ? [process.execPath, beside] : undefined;
}

export interface PackOptions {
  /** Downloads are kept here. */
  readonly folder: string;
  /** The user's own folder: what lies there is not fetched. */
  readonly from?: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** Bytes that are there before anybody asks how far they are. */
const SMALL = 1_000_000;

/** The archive of a package; its integrity is checked where it is unpacked. */
export async function fetchPackage({ name, version, archive, size }: NpmPackage, { folder, from, progress, signal }: PackOptions): Promise<Fetched> {
  await mkdir(folder, { recursive: true });
  for (const place of [from, folder]) if (place && (await stat(join(place, archive)).then(() => true, () => false))) return { ok: true, archive: join(place, archive), way: 'folder' };
  const npm = await findNpm();
  if (!npm) return { ok: false, reasons: ['npm: there is no npm here'] };
  const work = await emptyFolder(join(folder, 'npm'));
  const cache = join(work, 'cache');
  const [program, ...before] = npm;
  // A cache of its own shows how far the download is, and goes away with it.
  const args = [...before, 'pack', `${name}@${version}`, '--ignore-scripts', '--loglevel=error', '--no-update-notifier', '--cache', cache, '--pack-destination', work];
  const run = () => runCommand(program, args, { signal });
  const finished = size < SMALL ? await run() : await watched(cache, size, `fetching ${name} (npm)`, progress, run);
  return keep(folder, work, archive, 'npm', size, finished);
}
