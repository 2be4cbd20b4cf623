/** Compiles tfjs-node's addon against the fetched libraries: two files, about six seconds, no node-gyp. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findProgram, lastLines, runCommand } from './commands.ts';
import { header, headerNames } from './headers.ts';
import type { Library } from './pins.ts';
import { ADDON } from './places.ts';

/** The first of the usual C++ compilers. */
export async function findCompiler(): Promise<string | undefined> {
  for (const name of [process.env.CXX, 'c++', 'g++', 'clang++']) if (name && (await findProgram(name))) return name;
  return undefined;
}

export interface Compilation {
  readonly compiler: string;
  /** tfjs-node's binding/ folder. */
  readonly sources: string;
  /** The engine's folder; libraries are in lib/. */
  readonly folder: string;
  readonly libraries: readonly Library[];
  /** For headers, removed by the caller. */
  readonly work: string;
  readonly signal?: AbortSignal;
}

/** Writes tfjs_binding.node into the folder. Gives the compiler's last lines when it fails. */
export async function compileAddon({ compiler, sources, folder, libraries, work, signal }: Compilation): Promise<readonly string[] | undefined> {
  const include = join(work, 'include');
  for (const name of headerNames) {
    await mkdir(dirname(join(include, name)), { recursive: true });
    await writeFile(join(include, name), header);
  }
  const napi = join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
  const mac = process.platform === 'darwin';
  const args = [
    '-std=c++17', '-O2', '-fPIC', '-w', '-DNAPI_VERSION=8', `-I${napi}`, `-I${include}`,
    ...(mac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']),
    join(sources, 'tfjs_backend.cc'), join(sources, 'tfjs_binding.cc'),
    '-o', join(folder, ADDON),
    ...libraries.map((library) => join(folder, 'lib', library.name)),
    // The libraries are found beside the addon wherever the folder is moved.
    `-Wl,-rpath,${mac ? '@loader_path/lib' : '$ORIGIN/lib'}`,
  ];
  const { code, stdout, stderr } = await runCommand(compiler, args, { signal });
  return code === 0 ? undefined : lastLines(stderr || stdout, 6);
}
