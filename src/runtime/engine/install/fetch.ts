/**
 * Gets an archive that holds the libraries: one that lies in a folder, the wheel by pip, the jar by Maven. Both programs
 * know the user's proxies, mirrors and certificates, which is why they do it. A finished download stays until the engine is installed.
 */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, folderSize, lastLines, runCommand } from './commands.ts';
import { jarName, mavenArtifact, wheelName } from './pins.ts';
import type { PlatformPins } from './pins.ts';
import { TENSORFLOW_VERSION } from './places.ts';

/** Something to show while it is going on. */
export type Progress = (step: string, done?: number, total?: number) => void;

export interface FetchOptions {
  /** Downloads are kept here. */
  readonly folder: string;
  readonly pins: PlatformPins;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

export type Fetched = { readonly ok: true; readonly archive: string; readonly way: 'folder' | 'pip' | 'maven' | 'npm' } | { readonly ok: false; readonly reasons: readonly string[] };

/** The wheel or jar in a folder, if it is whole. */
export async function archiveIn(folder: string, { wheel, maven }: PlatformPins, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const size = await stat(join(folder, name)).then((s) => s.size, () => -1);
    if (size === (name.endsWith('.whl') ? wheel.size : maven?.size)) return join(folder, name);
  }
  return undefined;
}

const archiveNames = (pins: PlatformPins): string[] => [wheelName(pins), ...(pins.maven ? [jarName(pins.maven.classifier)] : [])];

/** Tries what there is, in order; the reasons tell why each did not do. */
export async function fetchArchive(options: FetchOptions): Promise<Fetched> {
  const { folder, pins } = options;
  await mkdir(folder, { recursive: true });
  const kept = await archiveIn(folder, pins, archiveNames(pins));
  if (kept) return { ok: true, archive: kept, way: kept.endsWith('.whl') ? 'pip' : 'maven' };
  const reasons: string[] = [];
  for (const way of [byPip, byMaven]) {
    const fetched = await way(options);
    if (fetched.ok) return fetched;
    reasons.push(...fetched.reasons);
  }
  return { ok: false, reasons };
}

/** The archive in the user's own folder, and no network. */
export async function archiveFrom(folder: string, pins: PlatformPins): Promise<Fetched> {
  const archive = await archiveIn(folder, pins, archiveNames(pins));
  return archive ? { ok: true, archive, way: 'folder' } : { ok: false, reasons: [`${folder} holds no whole ${archiveNames(pins).join(' or ')}`] };
}

/** The interpreter whose pip is asked. */
export async function findPip(): Promise<readonly string[] | undefined> {
  for (const command of [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']]) {
    const [program, ...args] = command;
    if ((await findProgram(program)) && (await runCommand(program, [...args, '--version'], { timeout: 60_000 })).code === 0) return command;
  }
  return undefined;
}

async function byPip({ folder, pins, progress, signal }: FetchOptions): Promise<Fetched> {
  const pip = await findPip();
  if (!pip) return { ok: false, reasons: ['pip: there is no Python with pip here'] };
  const { project, platform, size } = pins.wheel;
  const work = await emptyFolder(join(folder, 'pip'));
  const finished = await watched(work, size, 'fetching TensorFlow (pip)', progress, () =>
    runCommand(
      pip[0],
      [
        ...pip.slice(1), 'download', '--no-deps', '--no-cache-dir', '--disable-pip-version-check', '--progress-bar', 'off', '--only-binary=:all:',
        '--python-version', '312', '--implementation', 'cp', '--platform', platform, '--dest', work, `${project}==${TENSORFLOW_VERSION}`,
      ],
      // pip writes to its temporary folder first: there it can be watched.
      { signal, cwd: work, env: { ...process.env, TMPDIR: work } },
    ),
  );
  return keep(folder, work, wheelName(pins), 'pip', size, finished);
}

/** The old version of the plugin takes one file and does not read the artifact's parents, which some mirrors lack. */
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:2.10:copy';

async function byMaven({ folder, pins, progress, signal }: FetchOptions): Promise<Fetched> {
  if (!pins.maven) return { ok: false, reasons: ['maven: no artifact for this platform is known'] };
  if (!(await findProgram('mvn'))) return { ok: false, reasons: ['maven: there is no mvn here'] };
  const { classifier, size } = pins.maven;
  const work = await emptyFolder(join(folder, 'maven'));
  const { group, name, version } = mavenArtifact;
  const repository = join(work, 'repository');
  const finished = await watched(repository, size, 'fetching TensorFlow (maven)', progress, () =>
    runCommand(
      'mvn',
      ['-B', '-q', `-Dmaven.repo.local=${repository}`, PLUGIN, `-Dartifact=${group}:${name}:${version}:jar:${classifier}`, `-DoutputDirectory=${work}`],
      { signal, cwd: work },
    ),
  );
  return keep(folder, work, jarName(classifier), 'maven', size, finished);
}

export async function emptyFolder(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

export async function watched<T>(folder: string, size: number, step: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  progress(step, 0, size);
  const timer = setInterval(() => void folderSize(folder).then((done) => progress(step, Math.min(done, size), size)), 500);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Moves a whole download out of its working folder. */
export async function keep(folder: string, work: string, name: string, way: 'pip' | 'maven' | 'npm', size: number, { code, stdout, stderr }: { code: number; stdout: string; stderr: string }): Promise<Fetched> {
  try {
    const found = (await readdir(work)).find((f) => f === name);
    if (code !== 0 || !found) return { ok: false, reasons: [`${way}: ${lastLines(stderr || stdout).join('\n') || `it brought no ${name}`}`] };
    const archive = join(folder, name);
    await rename(join(work, name), archive);
    const got = (await stat(archive)).size;
    if (got === size) return { ok: true, archive, way };
    await rm(archive);
    return { ok: false, reasons: [`${way}: ${name} has ${got} bytes, not ${size}`] };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
