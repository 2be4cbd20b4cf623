/**
 * An engine's process seen from its parent: requests { id, kind, … } go out, each is answered by { id, ok } or { id, error }.
 * When the process ends by itself, all that was asked of it is rejected with the reason.
 */
import { fork } from 'node:child_process';
import { EngineDied } from './engine.ts';
import type { Tensor, Tensors } from './engine.ts';

type Answer = { readonly id: number; readonly ok: unknown; readonly error?: undefined } | { readonly id: number; readonly error: string };
interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface EngineProcess {
  readonly ask: <T>(kind: string, request?: object) => Promise<T>;
  /** Ends the process after what it was asked before; a second call waits for the same end. */
  readonly close: () => Promise<void>;
  readonly kill: () => void;
}

export interface EngineProcessOptions {
  /** Variables over those that are inherited. */
  readonly env?: NodeJS.ProcessEnv;
  /** Lines of stderr that say nothing. */
  readonly noise?: RegExp;
}

/** Lines of the child's stderr that are kept for the reason of its death. */
const KEPT_LINES = 20;
/** Milliseconds a child may take to end by itself. */
const GRACE = 5000;

/** @param path a CommonJS program without dependencies of ours */
export function startEngineProcess(path: string, { env = {}, noise }: EngineProcessOptions = {}): EngineProcess {
  const { NODE_OPTIONS: _, NODE_CHANNEL_FD: __, ...inherited } = process.env;
  const child = fork(path, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    env: { ...inherited, ...env },
    // Signals of the terminal and of process groups go to the parent, which saves before it ends.
    detached: true,
  });
  const pending = new Map<number, Pending>();
  let next = 0;
  let death: EngineDied | undefined;
  let closing = false;
  let text = '';
  child.stderr!.setEncoding('utf8');
  child.stderr!.on('data', (chunk: string) => {
    text = (text + chunk).split('\n').slice(-KEPT_LINES).join('\n').slice(-8000);
  });

  const ended = new Promise<void>((resolve) => {
    const die = (reason: string): void => {
      death ??= new EngineDied(reason);
      for (const { reject } of pending.values()) reject(death);
      pending.clear();
      resolve();
    };
    child.on('error', (error) => die(error.message));
    // 'close' comes after stderr has been read to its end.
    child.on('close', (code, signal) => die(closing ? 'it was closed' : reasonOf(code, signal, text, noise)));
  });
  child.on('message', (answer: Answer) => {
    const waiting = pending.get(answer.id);
    pending.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer.ok);
    else waiting?.reject(new Error(answer.error));
  });

  const ask = <T>(kind: string, request: object = {}): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (death || closing) return reject(death ?? new EngineDied('it was closed'));
      const id = next++;
      pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      // A failed write means that the child is gone; its 'close' tells why.
      child.send({ id, kind, ...request }, () => {});
    });

  const close = async (): Promise<void> => {
    if (!death && !closing) {
      void ask('close').catch(() => {});
      closing = true;
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE);
      await ended;
      clearTimeout(timer);
    }
    await ended;
  };

  return { ask, close, kill: () => void child.kill('SIGKILL') };
}

/** Tensors with buffers of their own: those that arrive are views of the whole message, which they would keep alive. */
export const owned = (tensors: Tensors): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, { dtype, shape, data }]) => [name, { dtype, shape, data: data.slice() }]));

function reasonOf(code: number | null, signal: NodeJS.Signals | null, stderr: string, noise?: RegExp): string {
  const how = signal === 'SIGKILL' ? 'killed (SIGKILL), perhaps for want of memory' : signal ? `stopped by ${signal}` : `exit code ${code}`;
  const lines = stderr.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !noise?.test(line));
  return lines.length === 0 ? how : `${how}: ${lines.slice(-3).join(' ')}`;
}
