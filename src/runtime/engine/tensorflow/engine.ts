/**
 * The TensorFlow engine: a training graph compiled to a SavedModel and run, step by step, in a child process
 * (child.cjs). A native abort, or the kernel's hunger for memory, ends the child and rejects what was asked of it.
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TAG, toSavedModel } from '../../../compiler/backend/tensorflow/saved-model.ts';
import type { TrainingGraph } from '../../../compiler/graph/types.ts';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { fileSpan } from '../../../compiler/source/source.ts';
import { reasonOf as systemReason } from '../../train/reason.ts';
import { EngineDied } from '../engine.ts';
import type { Engine, Tensor, Tensors } from '../engine.ts';
import { childPath } from './locate.ts';

export interface TensorFlowOptions {
  /** tfjs_binding.node; libtensorflow is found by its own run path. */
  readonly addonPath: string;
  readonly threads: number;
}

type Answer = { readonly id: number; readonly ok: unknown; readonly error?: undefined } | { readonly id: number; readonly error: string };
interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Lines of the child's stderr that are kept for the reason of its death. */
const KEPT_LINES = 20;
/** Milliseconds a child may take to end by itself. */
const GRACE = 5000;

export async function openTensorFlow({ addonPath, threads }: TensorFlowOptions): Promise<Engine> {
  const child = fork(childPath(), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    env: environment(threads),
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
    child.on('close', (code, signal) => die(closing ? 'it was closed' : reasonOf(code, signal, text)));
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

  let version: string;
  try {
    ({ version } = await ask<{ version: string }>('open', { addonPath }));
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }

  return {
    info: { kind: 'tensorflow', version, threads },
    async load(graph: TrainingGraph) {
      const { bytes, signatures } = toSavedModel(graph);
      const folder = await temporary(() => mkdtemp(join(tmpdir(), 'cnnc-graph-')));
      try {
        await temporary(() => writeFile(join(folder, 'saved_model.pb'), bytes));
        await ask('load', { folder, tag: TAG, signatures });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    restore: (values: Tensors) => ask('restore', { values }),
    state: async (names) => owned(await ask('state', { names })),
    run: async (fn, feeds) => owned(await ask('run', { fn, feeds })),
    memory: () => ask<number>('memory'),
    close,
  };
}

/** Tensors with buffers of their own: those that arrive are views of the whole message, which they would keep alive. */
const owned = (tensors: Tensors): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, { dtype, shape, data }]) => [name, { dtype, shape, data: data.slice() }]));

/** The graph goes to TensorFlow through a file. Rejects with DiagnosticError CNN6004 when there is no room for it. */
async function temporary<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw new DiagnosticError([diagnostic('CNN6004', fileSpan(''), { path: tmpdir(), reason: systemReason(error) })]);
  }
}

/**
 * Thread counts decide the order of sums, so they are always set. TensorFlow turns oneDNN on by itself only for processors
 * with AVX-512 VNNI; it is faster on those without too. Logging is left to errors.
 */
function environment(threads: number): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_CHANNEL_FD: __, ...inherited } = process.env;
  return {
    ...inherited,
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: String(threads),
    ...(process.arch === 'x64' ? { TF_ENABLE_ONEDNN_OPTS: inherited.TF_ENABLE_ONEDNN_OPTS ?? '1' } : {}),
    TF_CPP_MIN_LOG_LEVEL: inherited.TF_CPP_MIN_LOG_LEVEL ?? '2',
  };
}

/** Lines TensorFlow writes whenever it starts. */
const NOISE = /^(WARNING: All log messages before|[IW]0000 |To enable the following instructions|\d{4}-\d\d-\d\d [\d:.]+: [IW] )/;

function reasonOf(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  const how = signal === 'SIGKILL' ? 'killed (SIGKILL), perhaps for want of memory' : signal ? `stopped by ${signal}` : `exit code ${code}`;
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !NOISE.test(line));
  return lines.length === 0 ? how : `${how}\n${lines.slice(-8).join('\n')}`;
}
