/** What is there, what is missing, what to type. Nothing is changed and nothing fetched. */
import { readFile, statfs } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { findPip } from './fetch.ts';
import { findCompiler } from './compile.ts';
import { findProgram, runCommand } from './commands.ts';
import { pins } from './pins.ts';
import { engineFolder, enginesFolder, findEngines, platformName } from './places.ts';
import { prove } from './prove.ts';

export interface Finding {
  readonly what: string;
  readonly state: 'good' | 'missing' | 'bad';
  readonly detail: string;
  /** What to type, or to do. */
  readonly advice?: string;
}

/** Why TensorFlow cannot run here whatever is installed; undefined where it can. */
export async function platformProblem(): Promise<string | undefined> {
  if (!pins[platformName()]) return `there is no TensorFlow that cnnc can fetch for ${platformName()}`;
  if (process.platform !== 'linux') return undefined;
  // Reading the report's header would otherwise look up host names.
  const report = process.report as unknown as { excludeNetwork?: boolean; getReport(): { header: { glibcVersionRuntime?: string } } };
  report.excludeNetwork = true;
  const glibc = report.getReport().header.glibcVersionRuntime;
  if (!glibc) return 'this system has no glibc (Alpine has musl), which TensorFlow needs';
  const [major, minor] = glibc.split('.').map(Number);
  if (major === 2 && minor < 27) return `glibc ${glibc} is too old: TensorFlow needs 2.27`;
  if (process.arch === 'x64' && !/\bavx\b/.test(await readFile('/proc/cpuinfo', 'utf8').catch(() => 'avx'))) return 'this processor has no AVX, which TensorFlow needs';
  return undefined;
}

/** Bytes free where the engine goes; the nearest folder that exists. */
export async function freeSpace(folder: string): Promise<number> {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  const { bavail, bsize } = await statfs(at);
  return bavail * bsize;
}

/** Bytes that an installation needs while it runs: the archive, the libraries, the stripped copy of one. */
export const neededSpace = (): number => {
  const platform = pins[platformName()];
  return platform ? platform.wheel.size + 2 * platform.libraries.reduce((sum, l) => sum + l.size, 0) : 0;
};

export async function examine(cache: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const add = (what: string, state: Finding['state'], detail: string, advice?: string): void => void findings.push({ what, state, detail, ...(advice ? { advice } : {}) });

  const trouble = await platformProblem();
  add('platform', trouble ? 'bad' : 'good', trouble ?? `${platformName()}, Node ${process.versions.node}`);

  const engines = findEngines(cache);
  if (engines.length === 0) add('engine', 'missing', `none in ${engineFolder(cache)}`, 'npx cnnc engine install');
  for (const { addonPath, from } of engines) {
    try {
      const { version } = await prove(addonPath, availableParallelism());
      add('engine', 'good', `TensorFlow ${version} (${from}): ${addonPath}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      add('engine', 'bad', `${addonPath}: ${reason}`, from === 'cache' ? 'npx cnnc engine install --force' : 'npx cnnc engine install');
    }
  }

  const first = async (command: string, args: string[]): Promise<string> => (await runCommand(command, args, { timeout: 60_000 })).stdout.split('\n')[0].trim();
  const pip = await findPip();
  add('pip', pip ? 'good' : 'missing', pip ? await first(pip[0], [...pip.slice(1), '--version']) : 'no Python with pip', pip ? undefined : 'install python3-pip, or Maven (one of them fetches TensorFlow)');
  const mvn = await findProgram('mvn');
  add('maven', mvn ? 'good' : 'missing', mvn ?? 'no mvn; needed only where pip cannot fetch');
  const compiler = await findCompiler();
  add('compiler', compiler ? 'good' : 'missing', compiler ? await first(compiler, ['--version']) : 'no c++, g++ or clang++', compiler ? undefined : 'install g++ (Debian: apt install g++; Fedora: dnf install gcc-c++; macOS: xcode-select --install)');
  const npm = await findProgram('npm');
  add('npm', npm ? 'good' : 'missing', npm ?? 'no npm to fetch the addon’s sources');
  const free = await freeSpace(enginesFolder(cache));
  const needed = neededSpace();
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  add('space', free >= needed ? 'good' : 'missing', `${gigabytes(free)} free in the cache folder, ${gigabytes(needed)} needed to install`, free >= needed ? undefined : 'free some space, or set CNNC_CACHE to a folder on a larger disk');
  return findings;
}
