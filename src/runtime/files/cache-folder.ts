/** Where decoded pictures and engines are kept between runs: `CNNC_CACHE`, else `cnnc` in the user's cache folder (XDG base directories). */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.CNNC_CACHE) return resolve(env.CNNC_CACHE);
  // The XDG specification: relative paths are invalid and are to be ignored.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, 'cnnc');
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'cnnc', 'Cache');
  return join(homedir(), '.cache', 'cnnc');
}
