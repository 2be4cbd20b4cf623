/** Runs the programs that an installation needs (pip, mvn, npm, a compiler), and finds out whether they are there. */
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  /** Its last lines. */
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Milliseconds, after which it is ended. */
  readonly timeout?: number;
}

const KEPT = 20_000;

/** Runs a program to its end. Code −1: it could not be started. Rejects only when the signal aborts it. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const { signal, timeout, ...rest } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const child = spawn(command, args, { ...rest, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout = (stdout + chunk.toString()).slice(-KEPT)));
    child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-KEPT)));
    const stop = (): void => void child.kill('SIGTERM');
    const timer = timeout ? setTimeout(stop, timeout) : undefined;
    signal?.addEventListener('abort', stop);
    const end = (finished: Finished): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) reject(signal.reason as Error);
      else resolve(finished);
    };
    child.on('error', (error) => end({ code: -1, stdout, stderr: error.message }));
    child.on('close', (code) => end({ code: code ?? 1, stdout, stderr }));
  });
}

/** Path of a program that the shell would find. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder || '.', name);
    const ok = await access(path, constants.X_OK).then(() => stat(path)).then((s) => s.isFile(), () => false);
    if (ok) return path;
  }
  return undefined;
}

/** The last lines that say something, for a message. */
export const lastLines = (text: string, count = 4): string[] =>
  text.split(/\r?\n|\r/).map((l) => l.trim()).filter((l) => l !== '').slice(-count).map((l) => (l.length > 200 ? `${l.slice(0, 200)}…` : l));

/** Bytes of all files under a folder: how far a download is, whoever does it. */
export async function folderSize(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name)).then((s) => (s.isFile() ? s.size : 0), () => 0)));
  return sizes.reduce((a, b) => a + b, 0);
}
