/** Memory at the edge: what training will take on the engine that will serve, and the refusal of what this machine cannot hold. */
import { missingTypes } from '../compiler/backend/capabilities.ts';
import { diagnostic } from '../compiler/diagnostics/catalogue.ts';
import { DiagnosticError, type Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import { computeType } from '../compiler/graph/precision.ts';
import { buildTraining } from '../compiler/graph/training.ts';
import type { TrainingGraph } from '../compiler/graph/types.ts';
import { memoryEstimator, type EngineMemory, type EstimateMemory } from '../compiler/memory/estimate.ts';
import { batchWithin } from '../compiler/model/budget.ts';
import type { DataFacts, Program } from '../compiler/model/program.ts';
import { summarise, type TrainingMemory } from '../compiler/model/summary.ts';
import { bytes } from '../compiler/model/units.ts';
import type { Span } from '../compiler/source/source.ts';
import { mustRun } from '../runtime/engine/capable.ts';
import type { EngineKind } from '../runtime/engine/engine.ts';
import { findEngines } from '../runtime/engine/install/places.ts';
import { machineMemory, type MachineMemory } from '../runtime/engine/machine-memory.ts';
import { placeOf } from './refusals.ts';
import type { Loaded } from './render-load.ts';

/** What is known of the data before it is opened. */
export interface DataSize {
  readonly samples: number | null;
  readonly pixels: 'uint8' | 'float32';
}

/** The engine that `auto` will take, or the one that is asked for; TensorFlow's numbers where none is there. Nothing is started. */
export function likelyEngine(asked: 'auto' | EngineKind, prefer?: EngineKind): EngineKind {
  if (asked !== 'auto') return asked;
  const order: readonly EngineKind[] = prefer === 'onnx' ? ['onnx', 'tensorflow'] : ['tensorflow', 'onnx'];
  return order.find((kind) => findEngines(kind).length > 0) ?? 'tensorflow';
}

const rulesOf = async (engine: EngineKind): Promise<EngineMemory> =>
  engine === 'tensorflow' ? (await import('../compiler/memory/tensorflow.ts')).tensorflow : (await import('../compiler/memory/onnx.ts')).onnx;

const otherThan = (engine: EngineKind): EngineKind => (engine === 'onnx' ? 'tensorflow' : 'onnx');

/** On the engine that would serve here; null where that cannot run the program. */
async function estimateHere(program: Program, facts: DataFacts | null): Promise<TrainingMemory | null> {
  const engine = likelyEngine('auto');
  return runs(engine, program) ? memoryEstimator(program, await rulesOf(engine), sizeOf(program, facts))() : null;
}

/** Whether the engine has the program's types of numbers. */
const runs = (engine: EngineKind, program: Program): boolean => missingTypes[engine][computeType(program)] === undefined;

/** On the engines that run the program, first the one that would serve here. */
export async function estimatesFor(program: Program, facts: DataFacts | null): Promise<readonly TrainingMemory[]> {
  const size = sizeOf(program, facts);
  const graph = buildTraining(program, { pixels: size.pixels });
  const first = likelyEngine('auto');
  const rules = await Promise.all([first, otherThan(first)].filter((kind) => runs(kind, program)).map(rulesOf));
  return rules.map((engine) => memoryEstimator(program, engine, { ...size, graph })());
}

/** As many as there are, or as will be drawn or used at most. */
export function sizeOf({ data: { source, limit } }: Program, facts: DataFacts | null): DataSize {
  const count = facts?.count ?? (source.kind === 'synthetic' ? source.count : null);
  return { samples: count !== null && limit !== null ? Math.min(count, limit) : count, pixels: facts?.pixelType ?? 'uint8' };
}

/**
 * null: it fits. An error (CNN6059) for what this machine cannot hold, a warning (CNN6068) for what is not free now.
 * @param other what training takes on the other engine, asked only where this one cannot; null: that does not run the program
 */
export async function memoryProblem(estimate: EstimateMemory, other: () => Promise<EstimateMemory | null>, machine: MachineMemory, span: Span): Promise<Diagnostic | null> {
  const needed = estimate();
  const { total, limitedBy, available } = machine;
  if (needed.total > total) {
    const elsewhere = await other();
    const fits = batchWithin([estimate], needed.batch, total);
    // A smaller batch there only where there is none here.
    const there = elsewhere === null ? null : elsewhere(needed.batch).total <= total ? needed.batch : fits === null ? batchWithin([elsewhere], needed.batch, total) : null;
    const facts = { needed, machine: total, limitedBy, fits, least: estimate(1), other: elsewhere && there !== null ? elsewhere(there) : null };
    return diagnostic('CNN6059', span, facts);
  }
  if (needed.total > available) return diagnostic('CNN6068', span, { needed, available, fits: batchWithin([estimate], needed.batch, available) });
  return null;
}

export interface Fits {
  readonly engine: EngineKind;
  readonly memory: TrainingMemory;
  readonly graph: TrainingGraph;
  /** CNN6068, or with `anyway` what would have been an error. */
  readonly warnings: readonly Diagnostic[];
}

/** Throws DiagnosticError: CNN6059 where the estimate is above what the machine has, with `anyway` a warning; what `mustRun` throws. */
export async function mustFit({ ast, facts }: Pick<Loaded, 'ast' | 'facts'>, program: Program, engine: EngineKind, { anyway = false, machine = machineMemory() }: { readonly anyway?: boolean; readonly machine?: MachineMemory } = {}): Promise<Fits> {
  const size = sizeOf(program, facts);
  const graph = buildTraining(program, { pixels: size.pixels });
  mustRun(engine, graph, program);
  const on = async (kind: EngineKind): Promise<EstimateMemory> => memoryEstimator(program, await rulesOf(kind), { ...size, graph });
  const estimate = await on(engine);
  const problem = await memoryProblem(estimate, async () => (runs(otherThan(engine), program) ? on(otherThan(engine)) : null), machine, placeOf({ section: 'fit', word: 'batch', value: null }, ast));
  if (problem?.severity === 'error' && !anyway) throw new DiagnosticError([problem]);
  return { engine, memory: estimate(), graph, warnings: problem ? [{ ...problem, severity: 'warning', ...(anyway ? { help: [] } : {}) }] : [] };
}

/** More layers than these take their time, and are left to `summary` and `run`, unless their numbers are large as well. */
const FEW_LAYERS = 60;

/** For `check`: "training takes about 720 MB of memory (TensorFlow, batches of 64)". null: it is not worth its time. */
export async function memoryLine(program: Program, facts: DataFacts | null, machine = machineMemory()): Promise<string | null> {
  const { weights, optimizer, activations } = summarise(program).memory;
  if (program.layers.length > FEW_LAYERS && 4 * activations + 5 * (weights + optimizer) < machine.total / 4) return null;
  const estimate = await estimateHere(program, facts);
  if (estimate === null) return null;
  const { engine, total, batch } = estimate;
  const more = total > machine.total ? `, more than the ${bytes(machine.total)} of this ${machine.limitedBy}` : '';
  return `training takes about ${bytes(total)} of memory (${engine === 'tensorflow' ? 'TensorFlow' : 'onnx'}, batches of ${batch})${more}`;
}
