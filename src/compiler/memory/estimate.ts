/**
 * How much memory training takes, known before anything is loaded: cnnc's own process and the engine's, the peak of each, resident
 * pages. The tensors of a step are walked in the order of execution; the rest are constants that were measured (constants.ts).
 */
import { reachable, resultsOf } from '../graph/rewrite/reachable.ts';
import { buildTraining } from '../graph/training.ts';
import type { GraphFunction, Operation, TrainingGraph } from '../graph/types.ts';
import { mixWidth } from '../model/program.ts';
import type { Program } from '../model/program.ts';
import type { TrainingMemory } from '../model/summary.ts';
import { own } from './constants.ts';
import { mostHeld, mostInMessage } from './limits.ts';

/** What the engine's process takes, by the batch; each engine has its file, so that one is not loaded for the other. */
export interface EngineMemory {
  readonly engine: TrainingMemory['engine'];
  readonly of: (graph: TrainingGraph, size: GraphSize) => (batch: number) => Child;
}

export interface GraphSize {
  /** Bytes of weights and slots. */
  readonly state: number;
  /** Bytes of the largest message that brings or fetches them (runtime/engine/in-parts.ts). */
  readonly message: number;
  /** How many operations the functions have. */
  readonly operations: number;
}

/** Bytes: the program and its libraries; weights and slots with their copies; tensors of a step. */
export interface Child {
  readonly base: number;
  readonly weights: number;
  readonly tensors: number;
}

export interface MemoryOptions {
  /** Samples of all parts; null where the data was not looked at: it is then not counted. */
  readonly samples?: number | null;
  readonly pixels?: 'uint8' | 'float32';
  /** The program's graph, where it is built already. */
  readonly graph?: TrainingGraph;
}

export type EstimateMemory = (batch?: number) => TrainingMemory;

/** Of pictures that are read from a file. */
const PIECE = 2 ** 24;

/** An estimate for any batch; the graph is built once. */
export function memoryEstimator(program: Program, { engine, of }: EngineMemory, { samples = null, pixels = 'uint8', graph = buildTraining(program, { pixels }) }: MemoryOptions = {}): EstimateMemory {
  const variables = graph.variables.map(({ type }) => type.shape.reduce((a, b) => a * b, 4));
  const state = variables.reduce((sum, bytes) => sum + bytes, 0);
  const message = Math.min(state, Math.max(mostInMessage, ...variables));
  const operations = new Set([graph.train, graph.evaluate, graph.predict].flatMap(operationsOf)).size;
  const sample = program.input.reduce((a, b) => a * b, pixels === 'float32' ? 4 : 1);
  // The weights of the best epoch are kept beside those of the last.
  const best = program.fit.earlyStopping?.restoreBest ? program.layers.flatMap((layer) => layer.variables).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 4), 0) : 0;
  const pictures = samples === null ? 0 : held(program, samples * sample);
  const child = of(graph, { state, message, operations });
  return (batch = Math.min(program.fit.batch, samples ?? Infinity)) => {
    const theirs = child(batch);
    const ours = { base: own.base + own.operation * operations, weights: own.state * state + best, data: pictures + own.batches * batch * sample * (mixWidth(program.augment) > 0 ? 2 : 1) };
    const parts = { processes: Math.round(ours.base + theirs.base), weights: Math.round(ours.weights + theirs.weights), tensors: Math.round(theirs.tensors), data: Math.round(ours.data) };
    const total = parts.processes + parts.weights + parts.tensors + parts.data;
    const engineBytes = Math.round(theirs.base + theirs.weights + theirs.tensors);
    return { engine, batch, total, own: total - engineBytes, child: engineBytes, parts };
  };
}

const operationsOf = (fn: GraphFunction): readonly Operation[] => reachable(resultsOf(fn));

function held({ data: { source } }: Program, bytes: number): number {
  if (source.kind === 'none') return 0;
  if (source.kind === 'folder' || source.kind === 'csv' || source.kind === 'synthetic') return bytes <= mostHeld ? bytes : PIECE;
  return own.arrays * bytes;
}
