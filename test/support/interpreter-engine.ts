/** An Engine on the float64 interpreter, for tests of what surrounds an engine. Variables are float32 between calls, as in a real one. */
import { interpretFunction } from '../../src/compiler/graph/interpret.ts';
import { ndarray, type NDArray } from '../../src/compiler/graph/ndarray.ts';
import type { TrainingGraph } from '../../src/compiler/graph/types.ts';
import { EngineDied, type Engine, type Tensor, type Tensors } from '../../src/runtime/engine/engine.ts';

export interface InterpreterOptions {
  /** Called before every step of training with its number; a throw is the answer of the call. */
  readonly beforeStep?: (step: number) => void;
}

export interface InterpreterEngine extends Engine {
  /** Ends it as a killed process would. */
  readonly kill: (reason: string) => void;
}

export function interpreterEngine(options: InterpreterOptions = {}): InterpreterEngine {
  let graph: TrainingGraph | null = null;
  let dead: string | null = null;
  const variables = new Map<string, NDArray>();
  // Calls are queued, as they are in a process of its own.
  let queue: Promise<unknown> = Promise.resolve();
  const enqueue = <T>(work: () => T): Promise<T> => {
    const result = queue.then(() => {
      if (dead !== null) throw new EngineDied(dead);
      return work();
    });
    queue = result.catch(() => undefined);
    return result;
  };
  const loaded = (): TrainingGraph => {
    if (!graph) throw new Error('no graph is loaded');
    return graph;
  };

  return {
    info: { kind: 'tensorflow', version: 'interpreter', threads: 1 },
    kill: (reason) => void (dead = reason),
    load: (g) => enqueue(() => void (graph = g)),
    restore: (values) =>
      enqueue(() => {
        for (const [name, tensor] of Object.entries(values)) {
          if (!loaded().variables.some((v) => v.name === name)) throw new Error(`no variable ${name}`);
          variables.set(name, toNDArray(tensor));
        }
      }),
    state: (names) => enqueue(() => Object.fromEntries((names ?? loaded().variables.map((v) => v.name)).map((name) => [name, toTensor(variables.get(name)!)]))),
    run: (fn, feeds) => {
      const taken = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toNDArray(tensor)]));
      return enqueue(() => {
        if (fn === 'train') options.beforeStep?.(taken.step.data[0]);
        const { outputs, updates } = interpretFunction(loaded()[fn], taken, variables);
        for (const [name, value] of updates) variables.set(name, { ...value, data: Float64Array.from(value.data, Math.fround) });
        return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, toTensor(value)]));
      });
    },
    memory: () => enqueue(() => 1_000_000),
    seconds: async () => 1,
    close: async () => void (await queue),
  };
}

const toNDArray = (tensor: Tensor): NDArray => ndarray(tensor.shape, tensor.data, tensor.dtype);

function toTensor(array: NDArray): Tensor {
  const { dtype, shape, data } = array;
  return { dtype, shape, data: dtype === 'float32' ? Float32Array.from(data) : dtype === 'int32' ? Int32Array.from(data) : Uint8Array.from(data) };
}

export type { Tensors };
