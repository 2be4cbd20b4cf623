/**
 * An engine runs a compiled training graph: it holds the variables and executes whole steps. The TensorFlow engine lives in
 * a child process; requests are queued there in order, so a caller may send several steps before the first has answered.
 */
import type { DType, TrainingGraph } from '../../compiler/graph/types.ts';

export interface Tensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Row-major, little-endian. bool and uint8 as Uint8Array. */
  readonly data: Float32Array | Int32Array | Uint8Array;
}

export type Tensors = Readonly<Record<string, Tensor>>;

export type EngineKind = 'tensorflow' | 'onnx';

export interface EngineInfo {
  readonly kind: EngineKind;
  /** Of the library: `2.21.0`. */
  readonly version: string;
  readonly threads: number;
}

export interface Engine {
  readonly info: EngineInfo;
  /** Loads the graph; variables are undefined until `restore` has set all of them. */
  load(graph: TrainingGraph): Promise<void>;
  /** Sets the variables given, by name. */
  restore(values: Tensors): Promise<void>;
  /** Reads all variables, or those named. */
  state(names?: readonly string[]): Promise<Record<string, Tensor>>;
  /** One call of a function; feeds by input name. Answers come in the order of the calls. */
  run(fn: 'train' | 'evaluate' | 'predict', feeds: Tensors): Promise<Record<string, Tensor>>;
  /** Peak resident memory of the engine's process in bytes. */
  memory(): Promise<number>;
  /** Seconds that the calls of the graph have taken so far, all else of a run is cnnc's own. */
  seconds(): Promise<number>;
  close(): Promise<void>;
}

/** Thrown (rejected) when the engine's process ended by itself; `run` turns it into a coded diagnostic and exit code 3. */
export class EngineDied extends Error {
  constructor(readonly reason: string) {
    super(`the engine's process ended: ${reason}`);
    this.name = 'EngineDied';
  }
}
