/**
 * The folder that a graph lies in for a moment, on its way to TensorFlow, which takes graphs from files only. Its name has the number of
 * the process that made it: what a killed process left behind is removed when the next engine starts.
 */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { fileSpan } from '../../../compiler/source/source.ts';
import { reasonOf } from '../../train/reason.ts';

const PREFIX = 'cnnc-graph-';
/** Milliseconds after which a folder is left behind, whichever process has its number now. Loading takes seconds. */
const OLD = 24 * 3600 * 1000;

/** @throws DiagnosticError CNN6004 when there is no room for it. */
export async function inGraphFolder(bytes: Uint8Array, use: (folder: string) => Promise<unknown>): Promise<void> {
  const folder = await withReason(() => mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`)));
  try {
    await withReason(() => writeFile(join(folder, 'saved_model.pb'), bytes));
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes folders of ours whose process is gone, or that are old. Never throws: what cannot be removed stays. */
export function removeLeftGraphs(parent = tmpdir(), now = Date.now()): void {
  for (const name of namesIn(parent).filter((one) => one.startsWith(PREFIX))) {
    const path = join(parent, name);
    try {
      const { mtimeMs, uid } = lstatSync(path);
      if (process.getuid && uid !== process.getuid()) continue;
      const pid = Number(/^\d+(?=-)/.exec(name.slice(PREFIX.length))?.[0] ?? NaN);
      if (now - mtimeMs > OLD || (pid > 0 && !isAlive(pid))) rmSync(path, { recursive: true, force: true });
    } catch {
      // Another process was faster, or it is not ours to remove.
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else's lives, too.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function withReason<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw new DiagnosticError([diagnostic('CNN6004', fileSpan(''), { path: tmpdir(), reason: reasonOf(error) })]);
  }
}
