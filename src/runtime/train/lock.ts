/** One process at a time works on a run folder (proper-lockfile: a folder made by mkdir, refreshed while its owner lives). */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { fileSpan } from '../../compiler/source/source.ts';

/** Folders this process holds: in a container a killed process and its successor may both be process 1. */
const held = new Set<string>();

/** Takes the lock; the result gives it back. Throws CNN6053 when another process has it. */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const lockfilePath = join(folder, '.lock');
  const owner = join(folder, '.owner.json');
  const take = (): Promise<() => Promise<void>> => lockfile.lock(folder, { lockfilePath, stale: 20_000, update: 5_000, realpath: false, onCompromised: () => undefined });
  let release: () => Promise<void>;
  try {
    release = await take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    const pid = await ownerOf(owner);
    if (pid === null || (pid === process.pid ? held.has(folder) : alive(pid))) throw inUse(folder, pid);
    // Its owner was killed a moment ago: no need to wait until the lock looks old.
    await rm(lockfilePath, { recursive: true, force: true });
    release = await take().catch(async () => {
      throw inUse(folder, await ownerOf(owner));
    });
  }
  await writeFile(owner, JSON.stringify({ pid: process.pid, host: hostname() })).catch(() => undefined);
  held.add(folder);
  return async () => {
    held.delete(folder);
    await rm(owner, { force: true }).catch(() => undefined);
    await release().catch(() => undefined);
  };
}

/** The process that holds the lock, if it is one of this machine. */
async function ownerOf(file: string): Promise<number | null> {
  try {
    const { pid, host } = JSON.parse(await readFile(file, 'utf8')) as { pid: unknown; host: unknown };
    return host === hostname() && Number.isSafeInteger(pid) && (pid as number) > 0 ? (pid as number) : null;
  } catch {
    return null;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const inUse = (folder: string, pid: number | null): DiagnosticError => new DiagnosticError([diagnostic('CNN6053', fileSpan(''), { folder, pid })]);
