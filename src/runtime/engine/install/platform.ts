/** What this machine can run, whatever is installed, and how much room there is. */
import { existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EngineKind } from '../engine.ts';
import { onnxLibraries, onnxPackages, pins } from './pins.ts';
import { platformName } from './places.ts';

/** The engines by the names of what they are made of. */
export const libraryNames: Readonly<Record<EngineKind, string>> = { tensorflow: 'TensorFlow', onnx: 'onnxruntime' };

/** The oldest glibc, 2.x, that the libraries of a kind take. */
const oldestGlibc: Readonly<Record<EngineKind, number>> = { tensorflow: 27, onnx: 28 };

/** Why an engine cannot run here; undefined where it can. */
export async function platformProblem(kind: EngineKind): Promise<string | undefined> {
  const name = libraryNames[kind];
  const known = kind === 'tensorflow' ? pins : onnxLibraries;
  if (!known[platformName()]) return `there is no ${name} that cnnc can fetch for ${platformName()}`;
  if (process.platform !== 'linux') return undefined;
  // Reading the report's header would otherwise look up host names.
  const report = process.report as unknown as { excludeNetwork?: boolean; getReport(): { header: { glibcVersionRuntime?: string } } };
  report.excludeNetwork = true;
  const glibc = report.getReport().header.glibcVersionRuntime;
  if (!glibc) return `this system has no glibc (Alpine has musl), which ${name} needs`;
  const [major, minor] = glibc.split('.').map(Number);
  if (major === 2 && minor < oldestGlibc[kind]) return `glibc ${glibc} is too old: ${name} needs 2.${oldestGlibc[kind]}`;
  if (kind === 'tensorflow' && process.arch === 'x64' && !/\bavx\b/.test(await readFile('/proc/cpuinfo', 'utf8').catch(() => 'avx'))) return `this processor has no AVX, which ${name} needs`;
  return undefined;
}

/** Bytes free where the engine goes; the nearest folder that exists. */
export async function freeSpace(folder: string): Promise<number> {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  const { bavail, bsize } = await statfs(at);
  return bavail * bsize;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Bytes that an installation needs while it runs: TensorFlow's archive, libraries, the stripped copy of one; npm's archive, also in its cache, and what is unpacked. */
export function neededSpace(kind: EngineKind): number {
  if (kind === 'onnx') return 2 * sum(onnxPackages.map((p) => p.size)) + sum(Object.values(onnxLibraries[platformName()] ?? {}));
  const platform = pins[platformName()];
  return platform ? platform.wheel.size + 2 * sum(platform.libraries.map((l) => l.size)) : 0;
}
