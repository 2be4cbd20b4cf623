/** A folder of its own for a test of whole commands, with a cache that holds the engine and nothing else. */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, expect } from 'vitest';
import { cacheFolder } from '../../src/runtime/files/cache-folder.ts';
import { sha256 } from '../../src/runtime/files/hash.ts';
import { cnnc, type CnncOptions, type Ran } from '../support/cnnc.ts';

export interface Workplace {
  readonly folder: string;
  /** Folder of decoded pictures and engines. */
  readonly cache: string;
  readonly path: (...parts: string[]) => string;
  readonly write: (name: string, data: string | Uint8Array) => string;
  readonly read: (name: string) => Buffer;
  readonly json: (name: string) => Record<string, unknown>;
  /** Runs `cnnc` there. */
  readonly cnnc: (args: readonly string[], options?: CnncOptions) => Promise<Ran>;
}

export function workplace(): Workplace {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cnnc-whole-')));
  const cache = `${folder}-cache`;
  mkdirSync(cache);
  symlinkSync(join(cacheFolder(), 'engines'), join(cache, 'engines'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
    rmSync(cache, { recursive: true });
  });
  const path = (...parts: string[]): string => join(folder, ...parts);
  const read = (name: string): Buffer => readFileSync(path(name));
  return {
    folder,
    cache,
    path,
    read,
    json: (name) => JSON.parse(read(name).toString()) as Record<string, unknown>,
    write(name, data) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), data);
      return name;
    },
    cnnc: (args, options = {}) => cnnc(args, { cwd: folder, ...options, env: { CNNC_CACHE: cache, ...options.env } }),
  };
}

/** Everything under a folder with its content, so that two listings are equal only when nothing changed. */
export function listing(folder: string): Record<string, string> {
  const all: Record<string, string> = {};
  const look = (at: string): void => {
    for (const name of readdirSync(at).sort()) {
      const path = join(at, name);
      const info = lstatSync(path);
      if (info.isDirectory()) look(path);
      all[relative(folder, path)] = info.isDirectory() ? 'folder' : info.isFile() ? sha256(readFileSync(path)) : 'other';
    }
  };
  look(folder);
  return all;
}

export interface Refusal {
  readonly exit: 1 | 2 | 3;
  /** CNNxxxx; none for wrong usage, which the command line itself reports. */
  readonly code?: string;
  /** What the message must hold: the name of the thing, the way out. */
  readonly says: readonly (string | RegExp)[];
}

/** What holds for everything that is refused: exit code, a coded message that names the thing and a way out, no stack trace, empty stdout. */
export function expectRefusal(ran: Ran, { exit, code, says }: Refusal): void {
  const { stderr } = ran;
  expect(ran, stderr).toMatchObject({ code: exit, stdout: '' });
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr).not.toMatch(/fault of cnnc itself|undefined|\[object/);
  if (code) expect(stderr).toContain(`error ${code}: `);
  for (const what of says) expect(stderr).toMatch(typeof what === 'string' ? new RegExp(what.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : what);
}
