/** Runs the built command line as a whole process, as a user does. */
import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

/** CNNC_BIN: another build of the command line. */
export const entry = resolve(process.env.CNNC_BIN ?? 'dist/cnnc.cjs');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly signal: NodeJS.Signals | null;
}

export interface CnncOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly input?: string;
  /** Modules that Node loads before the command: to stand in for a full disk. */
  readonly preload?: readonly string[];
  /** Runs as this user, where the tests may choose. */
  readonly uid?: number;
  /** Sees the process as soon as it runs: to interrupt or kill it. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Hears all of stdout so far, whenever there is more of it. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void;
  /** Kills and fails after this many milliseconds: nothing may hang. */
  readonly timeout?: number;
}

export function cnnc(args: readonly string[], options: CnncOptions = {}): Promise<Ran> {
  return new Promise((done, fail) => {
    const { cwd, uid } = options;
    const child = spawn(process.execPath, [...(options.preload ?? []).flatMap((module) => ['--require', module]), entry, ...args], {
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid, gid: uid }),
      env: { ...process.env, NO_COLOR: '1', ...options.env },
      stdio: 'pipe',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      options.onOutput?.(stdout, child);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(new Error(`cnnc ${args.join(' ')} did not end\n${stdout}\n${stderr}`));
    }, options.timeout ?? 60_000);
    child.on('error', fail);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ code, stdout, stderr, signal });
    });
    // A command that ends before it has read all is none of ours to complain about.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    options.onStart?.(child);
  });
}
