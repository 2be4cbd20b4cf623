/** What is there, what is missing, what to type. Nothing is changed and nothing fetched. */
import { availableParallelism } from 'node:os';
import type { EngineKind } from '../engine.ts';
import { findProgram, runCommand } from './commands.ts';
import { findCompiler } from './compile.ts';
import { findPip } from './fetch.ts';
import { findNpm } from './npm.ts';
import { engineFolder, enginesFolder, findEngines, platformName } from './places.ts';
import { freeSpace, libraryNames, neededSpace, platformProblem } from './platform.ts';
import { prove } from './prove.ts';

export interface Finding {
  /** An engine's kind, or what an installation needs. */
  readonly what: EngineKind | 'platform' | 'pip' | 'maven' | 'compiler' | 'npm' | 'space';
  readonly state: 'good' | 'missing' | 'bad';
  readonly detail: string;
  /** What to type, or to do. */
  readonly advice?: string;
}

export async function examine(cache: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const add = (what: Finding['what'], state: Finding['state'], detail: string, advice?: string): void => void findings.push({ what, state, detail, ...(advice ? { advice } : {}) });

  add('platform', 'good', `${platformName()}, Node ${process.versions.node}`);
  for (const kind of ['tensorflow', 'onnx'] as const) {
    const trouble = await platformProblem(kind);
    const install = `npx cnnc engine install ${kind}`;
    const engines = findEngines(kind, cache);
    if (engines.length === 0) add(kind, trouble ? 'bad' : 'missing', trouble ?? `none in ${engineFolder(cache, kind)}`, trouble ? undefined : install);
    for (const found of engines) {
      const { path, from } = found;
      try {
        const { version } = await prove(found, availableParallelism());
        add(kind, 'good', `${libraryNames[kind]} ${version} (${from}): ${path}`);
      } catch (error) {
        add(kind, 'bad', `${path}: ${error instanceof Error ? error.message : String(error)}`, from === 'cache' ? `${install} --force` : install);
      }
    }
  }

  const first = async (command: string, args: string[]): Promise<string> => (await runCommand(command, args, { timeout: 60_000 })).stdout.split('\n')[0].trim();
  const pip = await findPip();
  add('pip', pip ? 'good' : 'missing', pip ? await first(pip[0], [...pip.slice(1), '--version']) : 'no Python with pip', pip ? undefined : 'install python3-pip, or Maven (one of them fetches TensorFlow)');
  const mvn = await findProgram('mvn');
  add('maven', mvn ? 'good' : 'missing', mvn ?? 'no mvn; needed only where pip cannot fetch');
  const compiler = await findCompiler();
  add('compiler', compiler ? 'good' : 'missing', compiler ? await first(compiler, ['--version']) : 'no c++, g++ or clang++ (needed for TensorFlow)', compiler ? undefined : 'install g++ (Debian: apt install g++; Fedora: dnf install gcc-c++; macOS: xcode-select --install)');
  const npm = await findNpm();
  add('npm', npm ? 'good' : 'missing', npm ? npm[npm.length - 1] : 'no npm to fetch onnxruntime and the sources of TensorFlow’s addon', npm ? undefined : 'npm comes with Node: install Node whole');
  const free = await freeSpace(enginesFolder(cache));
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  const [large, small] = [neededSpace('tensorflow'), neededSpace('onnx')];
  add('space', free >= large ? 'good' : 'missing', `${gigabytes(free)} free in the cache folder; installing TensorFlow takes ${gigabytes(large)}, onnxruntime ${gigabytes(small)}`, free >= large ? undefined : 'free some space, or set CNNC_CACHE to a folder on a larger disk');
  return findings;
}
