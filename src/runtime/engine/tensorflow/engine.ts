/**
 * The TensorFlow engine: a training graph compiled to a SavedModel and run, step by step, in a child process
 * (child.cjs). A native abort, or the kernel's hunger for memory, ends the child and rejects what was asked of it.
 */
import { TAG, toSavedModel } from '../../../compiler/backend/tensorflow/saved-model.ts';
import type { Bfloat16 } from '../../../compiler/backend/tensorflow/operations/definition.ts';
import type { TrainingGraph } from '../../../compiler/graph/types.ts';
import { bfloat16Support } from '../processor.ts';
import { owned, startEngineProcess } from '../child-process.ts';
import type { Engine, Tensors } from '../engine.ts';
import { inGraphFolder, removeLeftGraphs } from './graph-folder.ts';
import { childPath } from './locate.ts';

export interface TensorFlowOptions {
  /** tfjs_binding.node; libtensorflow is found by its own run path. */
  readonly addonPath: string;
  readonly threads: number;
  /** How convolutions of bfloat16 are computed; by default as this machine does it best. */
  readonly bfloat16?: Bfloat16;
}

export async function openTensorFlow({ addonPath, threads, bfloat16 = bfloat16Support().native ? 'native' : 'emulated' }: TensorFlowOptions): Promise<Engine> {
  removeLeftGraphs();
  const child = startEngineProcess(childPath(), { env: environment(threads), noise: NOISE });
  let version: string;
  try {
    ({ version } = await child.ask<{ version: string }>('open', { addonPath }));
  } catch (error) {
    child.kill();
    throw error;
  }
  return {
    info: { kind: 'tensorflow', version, threads },
    async load(graph: TrainingGraph) {
      const { bytes, signatures } = toSavedModel(graph, bfloat16);
      await inGraphFolder(bytes, (folder) => child.ask('load', { folder, tag: TAG, signatures }));
    },
    restore: (values: Tensors) => child.ask('restore', { values }),
    state: async (names) => owned(await child.ask('state', { names })),
    run: async (fn, feeds) => owned(await child.ask('run', { fn, feeds })),
    memory: () => child.ask<number>('memory'),
    seconds: () => child.ask<number>('seconds'),
    close: child.close,
  };
}

/**
 * Thread counts decide the order of sums, so they are always set. TensorFlow turns oneDNN on by itself only for processors
 * with AVX-512 VNNI; it is faster on those without too. Logging is left to errors.
 */
const environment = (threads: number): NodeJS.ProcessEnv => ({
  TF_NUM_INTRAOP_THREADS: String(threads),
  TF_NUM_INTEROP_THREADS: String(threads),
  ...(process.arch === 'x64' ? { TF_ENABLE_ONEDNN_OPTS: process.env.TF_ENABLE_ONEDNN_OPTS ?? '1' } : {}),
  TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
});

/** Lines TensorFlow writes whenever it starts. */
const NOISE = /^(WARNING: All log messages before|[IW]0000 |To enable the following instructions|\d{4}-\d\d-\d\d [\d:.]+: [IW] )/;
