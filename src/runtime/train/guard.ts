/** An engine whose refusals can be told from faults of our own; EngineDied passes as it is. */
import { EngineDied, type Engine } from '../engine/engine.ts';

export class EngineRefused extends Error {}

export function guarded(engine: Engine): Engine {
  const guard = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw error instanceof EngineDied ? error : new EngineRefused((error as Error).message);
    }
  };
  return {
    info: engine.info,
    load: (graph) => guard(engine.load(graph)),
    restore: (values) => guard(engine.restore(values)),
    state: (names) => guard(engine.state(names)),
    run: (fn, feeds) => guard(engine.run(fn, feeds)),
    memory: () => guard(engine.memory()),
    seconds: () => guard(engine.seconds()),
    close: () => engine.close(),
  };
}
