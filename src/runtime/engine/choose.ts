/** Opens the engine that a program runs on. */
import { availableParallelism } from 'node:os';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import type { Code, Facts } from '../../compiler/diagnostics/catalogue.ts';
import { fileSpan } from '../../compiler/source/source.ts';
import type { Engine } from './engine.ts';
import { findEngines } from './install/places.ts';
import { openTensorFlow } from './tensorflow/engine.ts';

export interface EngineOptions {
  readonly engine?: 'auto' | 'tensorflow' | 'onnx';
  /** Threads for the arithmetic; they decide the order of sums, so they belong to a result. Default: all of the machine's. */
  readonly threads?: number;
  /** The folder of caches, `~/.cache/cnnc`. */
  readonly cacheFolder?: string;
}

/** Throws DiagnosticError: CNN6001 no engine, CNN6002 an engine this version lacks, CNN6003 one that does not start. */
export async function openEngine({ engine = 'auto', threads = availableParallelism(), cacheFolder }: EngineOptions = {}): Promise<Engine> {
  if (engine === 'onnx') throw problem('CNN6002', {});
  const [found] = findEngines(cacheFolder);
  if (!found) throw problem('CNN6001', {});
  try {
    return await openTensorFlow({ addonPath: found.addonPath, threads });
  } catch (error) {
    throw problem('CNN6003', { path: found.addonPath, reason: error instanceof Error ? error.message : String(error) });
  }
}

const problem = <C extends Code>(code: C, facts: Facts<C>): DiagnosticError => new DiagnosticError([diagnostic(code, fileSpan(''), facts)]);
