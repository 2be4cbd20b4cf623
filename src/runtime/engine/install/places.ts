/** Where an engine may be: named by the user, in the per-user cache folder, or a package that npm installed. */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { cacheFolder } from '../../files/cache-folder.ts';
import type { EngineKind } from '../engine.ts';

/** The TensorFlow that `cnnc engine install` fetches. */
export const TENSORFLOW_VERSION = '2.21.0';
/** The onnxruntime-node that it fetches. */
export const ONNX_VERSION = '1.30.0';

const versions: Readonly<Record<EngineKind, string>> = { tensorflow: TENSORFLOW_VERSION, onnx: ONNX_VERSION };

/** `linux-x64`: the names of Node. */
export const platformName = (): string => `${process.platform}-${process.arch}`;

export const enginesFolder = (cache: string): string => join(cache, 'engines');
export const engineFolder = (cache: string, kind: EngineKind = 'tensorflow'): string => join(enginesFolder(cache), `${kind}-${versions[kind]}-${platformName()}`);

export interface FoundEngine {
  readonly kind: EngineKind;
  /** tfjs_binding.node, or what `require` takes for onnxruntime-node. */
  readonly path: string;
  /** cache: ours; environment: CNNC_TFJS_NODE; package: a complete one of the user's. */
  readonly from: 'environment' | 'cache' | 'package';
}

export const ADDON = 'tfjs_binding.node';
/** Written last: without it an installation is not finished. */
export const RECORD = 'engine.json';

/** The engines of a kind in the order of preference. Nothing is loaded. */
export function findEngines(kind: EngineKind, cache = cacheFolder(), cwd = process.cwd()): FoundEngine[] {
  const found: FoundEngine[] = [];
  const add = (path: string | undefined, from: FoundEngine['from']): void => {
    if (path && !found.some((f) => f.path === path)) found.push({ kind, path, from });
  };
  const { name, complete } = packages[kind];
  if (kind === 'tensorflow' && process.env.CNNC_TFJS_NODE) add(completeAddon(resolve(process.env.CNNC_TFJS_NODE)), 'environment');
  if (existsSync(join(engineFolder(cache, kind), RECORD))) add(inCache[kind](engineFolder(cache, kind)), 'cache');
  for (const from of [join(cwd, 'package.json'), import.meta.url]) add(complete(packageFolder(name, from)), 'package');
  add(complete(globalPackage(name)), 'package');
  return found;
}

/** Where onnxruntime-node lies in its engine's folder: beside onnxruntime-common, so that it finds it. */
export const packagesIn = (folder: string): string => join(folder, 'node_modules');

const inCache: Readonly<Record<EngineKind, (folder: string) => string | undefined>> = {
  tensorflow: (folder) => (existsSync(join(folder, ADDON)) ? join(folder, ADDON) : undefined),
  onnx: (folder) => completeRuntime(join(packagesIn(folder), 'onnxruntime-node')),
};

const packages: Readonly<Record<EngineKind, { readonly name: string; readonly complete: (folder: string | undefined) => string | undefined }>> = {
  tensorflow: { name: '@tensorflow/tfjs-node', complete: completeAddon },
  onnx: { name: 'onnxruntime-node', complete: completeRuntime },
};

function packageFolder(name: string, from: string): string | undefined {
  try {
    return dirname(createRequire(from).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/** Where `npm install --global` puts packages of this Node. */
const globalPackage = (name: string): string => join(dirname(dirname(process.execPath)), 'lib', 'node_modules', ...name.split('/'));

/** The addon of a tfjs-node folder that also has its libraries: without scripts npm leaves neither. */
export function completeAddon(folder: string | undefined): string | undefined {
  if (!folder) return undefined;
  if (existsSync(join(folder, ADDON))) return join(folder, ADDON);
  const libraries = join(folder, 'deps', 'lib');
  if (!existsSync(libraries) || !readdirSync(libraries).some((f) => /^(lib)?tensorflow/.test(f))) return undefined;
  const lib = join(folder, 'lib');
  const versionsThere = existsSync(lib) ? readdirSync(lib).filter((f) => /^napi-v\d+$/.test(f)) : [];
  const newest = versionsThere.sort((a, b) => Number(b.slice(6)) - Number(a.slice(6)));
  return newest.map((v) => join(lib, v, ADDON)).find((path) => existsSync(path));
}

/** The entry of an onnxruntime-node that has a binary for this platform. */
export function completeRuntime(folder: string | undefined): string | undefined {
  const entry = folder && join(folder, 'dist', 'index.js');
  const binaries = folder && join(folder, 'bin');
  if (!entry || !binaries || !existsSync(entry) || !existsSync(binaries)) return undefined;
  const has = readdirSync(binaries).some((version) => existsSync(join(binaries, version, process.platform, process.arch, 'onnxruntime_binding.node')));
  return has ? entry : undefined;
}
