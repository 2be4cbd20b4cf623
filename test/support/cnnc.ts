/** Runs the built command line as a whole process, as a user does. */
import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

export const entry = resolve('dist/cnnc.cjs');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CnncOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly input?: string;
  /** Sees the process as soon as it runs: to interrupt or kill it. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Kills and fails after this many milliseconds: nothing may hang. */
  readonly timeout?: number;
}

export function cnnc(args: readonly string[], options: CnncOptions = {}): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [entry, ...args], { cwd: options.cwd, env: { ...process.env, NO_COLOR: '1', ...options.env }, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (d: Buffer) => (stdout += d.toString()));
    child.stderr.on('data', (d: Buffer) => (stderr += d.toString()));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(new Error(`cnnc ${args.join(' ')} did not end\n${stdout}\n${stderr}`));
    }, options.timeout ?? 60_000);
    child.on('error', fail);
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, stdout, stderr });
    });
    child.stdin.end(options.input ?? '');
    options.onStart?.(child);
  });
}
