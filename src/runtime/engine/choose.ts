/** Opens the engine that a program runs on. */
import { availableParallelism } from 'node:os';
import type { Facts } from '../../compiler/diagnostics/catalogue.ts';
import type { Engine, EngineKind } from './engine.ts';
import { openFound } from './open.ts';
import { findEngines } from './install/places.ts';
import type { FoundEngine } from './install/places.ts';
import { platformProblem } from './install/platform.ts';
import { problem, reasonOf } from './install/problem.ts';

export interface EngineOptions {
  readonly engine?: 'auto' | EngineKind;
  /** Where `auto` looks first: what a resumed run began with. */
  readonly prefer?: EngineKind;
  /** Threads for the arithmetic; they decide the order of sums, so they belong to a result. Default: all of the machine's. */
  readonly threads?: number;
  /** The folder of caches, `~/.cache/cnnc`. */
  readonly cacheFolder?: string;
  /** Hears what `auto` chose where it is not the fastest. */
  readonly chosen?: (choice: Choice) => void;
}

export interface Choice {
  readonly engine: Engine['info'];
  /** The faster engine is there, but does not start. */
  readonly broken: Broken | null;
  /** The faster engine can be installed here. */
  readonly installable: boolean;
}

export type Broken = Facts<'CNN6003'>;

/** Throws DiagnosticError: CNN6001 no engine, CNN6002 not the one asked for, CNN6003 one that does not start. */
export async function openEngine({ engine = 'auto', prefer, threads = availableParallelism(), cacheFolder, chosen }: EngineOptions = {}): Promise<Engine> {
  if (engine !== 'auto') {
    const [found] = findEngines(engine, cacheFolder);
    if (!found) throw problem('CNN6002', { engine });
    const started = await start(found, threads);
    if ('reason' in started) throw problem('CNN6003', started);
    return started;
  }
  const kinds: readonly EngineKind[] = prefer === 'onnx' ? ['onnx', 'tensorflow'] : ['tensorflow', 'onnx'];
  let broken: Broken | null = null;
  for (const kind of kinds) {
    // One that does not start gives way to the other kind, not to another of its own: the user may have said where it is.
    const [found] = findEngines(kind, cacheFolder);
    if (!found) continue;
    const started = await start(found, threads);
    if ('reason' in started) broken ??= started;
    else {
      if (kind === 'onnx' && prefer !== 'onnx') chosen?.({ engine: started.info, broken, installable: !broken && (await platformProblem('tensorflow')) === undefined });
      return started;
    }
  }
  throw broken ? problem('CNN6003', broken) : problem('CNN6001', {});
}

/** One that we installed was proven then; others are now. */
async function start(found: FoundEngine, threads: number): Promise<Engine | Broken> {
  let engine: Engine | undefined;
  try {
    engine = await openFound(found, threads);
    if (found.from !== 'cache') await (await import('./install/prove.ts')).selfTest(engine);
    return engine;
  } catch (error) {
    await engine?.close();
    return { engine: found.kind, path: found.path, reason: reasonOf(error) };
  }
}
