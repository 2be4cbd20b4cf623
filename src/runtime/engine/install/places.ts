/** Where an engine may be: named by the user, in the per-user cache folder, or a tfjs-node that npm installed. */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { cacheFolder } from '../../files/cache-folder.ts';

/** The TensorFlow that `cnnc engine install` fetches. */
export const TENSORFLOW_VERSION = '2.21.0';

/** `linux-x64`: the names of Node. */
export const platformName = (): string => `${process.platform}-${process.arch}`;

export const enginesFolder = (cache: string): string => join(cache, 'engines');
export const engineFolder = (cache: string): string => join(enginesFolder(cache), `tensorflow-${TENSORFLOW_VERSION}-${platformName()}`);

export interface FoundEngine {
  /** tfjs_binding.node */
  readonly addonPath: string;
  /** cache: ours; environment: CNNC_TFJS_NODE; package: a complete tfjs-node. */
  readonly from: 'environment' | 'cache' | 'package';
}

export const ADDON = 'tfjs_binding.node';
/** Written last: without it an installation is not finished. */
export const RECORD = 'engine.json';

/** All engines in the order of preference. Nothing is loaded. */
export function findEngines(cache = cacheFolder(), cwd = process.cwd()): FoundEngine[] {
  const found: FoundEngine[] = [];
  const add = (addonPath: string | undefined, from: FoundEngine['from']): void => {
    if (addonPath && !found.some((f) => f.addonPath === addonPath)) found.push({ addonPath, from });
  };
  if (process.env.CNNC_TFJS_NODE) add(completeAddon(resolve(process.env.CNNC_TFJS_NODE)), 'environment');
  const cached = join(engineFolder(cache), ADDON);
  if (existsSync(cached) && existsSync(join(dirname(cached), RECORD))) add(cached, 'cache');
  for (const from of [join(cwd, 'package.json'), import.meta.url]) add(completeAddon(packageFolder(from)), 'package');
  add(completeAddon(globalPackage()), 'package');
  return found;
}

function packageFolder(from: string): string | undefined {
  try {
    return dirname(createRequire(from).resolve('@tensorflow/tfjs-node/package.json'));
  } catch {
    return undefined;
  }
}

/** Where `npm install --global` puts packages of this Node. */
const globalPackage = (): string => join(dirname(dirname(process.execPath)), 'lib', 'node_modules', '@tensorflow', 'tfjs-node');

/** The addon of a tfjs-node folder that also has its libraries: without scripts npm leaves neither. */
export function completeAddon(folder: string | undefined): string | undefined {
  if (!folder) return undefined;
  if (existsSync(join(folder, ADDON))) return join(folder, ADDON);
  const libraries = join(folder, 'deps', 'lib');
  if (!existsSync(libraries) || !readdirSync(libraries).some((f) => /^(lib)?tensorflow/.test(f))) return undefined;
  const lib = join(folder, 'lib');
  const versions = existsSync(lib) ? readdirSync(lib).filter((f) => /^napi-v\d+$/.test(f)) : [];
  const newest = versions.sort((a, b) => Number(b.slice(6)) - Number(a.slice(6)));
  return newest.map((v) => join(lib, v, ADDON)).find((path) => existsSync(path));
}
