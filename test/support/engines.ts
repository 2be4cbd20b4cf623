/** Every engine that is installed here, for tests that hold engines against each other. A new kind joins by being openable. */
import { DiagnosticError } from '../../src/compiler/diagnostics/diagnostic.ts';
import { openEngine } from '../../src/runtime/engine/choose.ts';
import type { Engine, EngineKind } from '../../src/runtime/engine/engine.ts';
import { findEngines } from '../../src/runtime/engine/install/places.ts';
import { engineAvailable } from './engine.ts';

const table: Readonly<Record<EngineKind, true>> = { tensorflow: true, onnx: true };
const kinds = Object.keys(table) as readonly EngineKind[];

/** True where any engine is installed; says loudly when the TensorFlow engine is not. */
export const anyEngine = (): boolean => engineAvailable() || kinds.some((kind) => findEngines(kind).length > 0);

/** Codes that say "not here": no engine, or one that this version lacks. Anything else is a fault. */
const absent: readonly string[] = ['CNN6001', 'CNN6002'];

export async function openEngines(threads = 2): Promise<readonly Engine[]> {
  const engines: Engine[] = [];
  for (const engine of kinds) {
    try {
      engines.push(await openEngine({ engine, threads }));
    } catch (error) {
      if (!(error instanceof DiagnosticError) || !error.diagnostics.every((d) => absent.includes(d.code))) throw error;
    }
  }
  return engines;
}
