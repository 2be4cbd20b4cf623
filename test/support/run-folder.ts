/** A whole run of the tiny program in a folder, on the interpreter. */
import { join } from 'node:path';
import { buildTraining } from '../../src/compiler/graph/training.ts';
import type { Program } from '../../src/compiler/model/program.ts';
import { hashOf, meaningOf } from '../../src/runtime/train/identity.ts';
import { loadProgress, rememberMeaning } from '../../src/runtime/train/resume.ts';
import { readManifest } from '../../src/runtime/train/manifest.ts';
import { runTraining, type RunPlan, type RunResult } from '../../src/runtime/train/run.ts';
import { interpreterEngine, type InterpreterEngine } from './interpreter-engine.ts';
import { memoryDataset } from './memory-data.ts';

export interface TinyRunOptions {
  readonly resume?: boolean;
  readonly engine?: InterpreterEngine;
  /** Interrupts after this step. */
  readonly stopAfter?: number;
  readonly initial?: RunPlan['initial'];
  readonly count?: number;
  readonly onSaved?: (file: string) => void;
}

export async function tinyRun(folder: string, program: Program, options: TinyRunOptions = {}): Promise<RunResult> {
  const graph = buildTraining(program);
  const engine = options.engine ?? interpreterEngine();
  await engine.load(graph);
  const meaning = meaningOf(program);
  const manifest = options.resume ? await readManifest(folder) : null;
  if (options.resume && !manifest) throw new Error('no manifest');
  const snapshot = manifest ? (await loadProgress({ folder, manifest }, graph.variables, 'again')).snapshot : null;
  if (!manifest) await rememberMeaning(folder, meaning);
  const control = new AbortController();
  return runTraining({
    folder,
    programPath: join(folder, '..', 'tiny.cnn'),
    programText: '# tiny\n',
    programHash: hashOf(meaning),
    program,
    graph,
    set: {},
    dataset: memoryDataset(program, options.count),
    statistics: {},
    engine,
    initial: options.initial ?? null,
    resumed: manifest ? { manifest, snapshot } : null,
    cnnc: '0.0.0',
    resumeCommand: 'cnnc run tiny.cnn --resume',
    listener: {
      step: ({ step }) => void (step === options.stopAfter && control.abort()),
      measured: () => undefined,
      epoch: () => undefined,
      saved: (file) => options.onSaved?.(file),
    },
    signal: control.signal,
  });
}
