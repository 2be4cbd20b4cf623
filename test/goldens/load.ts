/**
 * Goldens made by Keras (scripts/goldens/training.py), for the interpreter and for every engine: programs with their data,
 * and what training, evaluating and predicting give.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../src/compiler/compile.ts';
import { weighsSamples, type DataFacts, type Program } from '../../src/compiler/model/program.ts';
import { sampleWeights } from '../../src/runtime/train/class-weights.ts';

export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** Loss and metrics, means over the samples seen. */
export type GoldenNumbers = readonly number[];

export interface Golden {
  readonly name: string;
  readonly program: Program;
  readonly classes: readonly string[];
  readonly pixels: 'uint8' | 'float32';
  readonly x: GoldenTensor;
  readonly y: GoldenTensor;
  /** Samples a batch; step i trains on batch i modulo their number, the last one short. */
  readonly batch: number;
  readonly statistics: Readonly<Record<string, GoldenTensor>>;
  readonly initial: Readonly<Record<string, GoldenTensor>>;
  readonly before: { readonly evaluate: GoldenNumbers; readonly predict: GoldenTensor };
  readonly steps: readonly GoldenNumbers[];
  readonly after: { readonly evaluate: GoldenNumbers; readonly predict: GoldenTensor };
  readonly final: Readonly<Record<string, GoldenTensor>>;
}

type GoldenFile = Omit<Golden, 'name' | 'program' | 'classes' | 'pixels'> & { readonly program: string; readonly facts: DataFacts };

/** precision: in mixed_bfloat16, which agrees to a few bits only. */
type Folder = 'training' | 'precision';

const pathOf = (folder: Folder, ...name: readonly string[]): string => join(import.meta.dirname, folder, ...name);
const namesIn = (folder: Folder): readonly string[] =>
  readdirSync(pathOf(folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();

export const goldenNames = namesIn('training');
export const precisionNames = namesIn('precision');

/** Throws where the golden's program does not compile. */
export function loadGolden(name: string, folder: Folder = 'training'): Golden {
  const { facts, ...golden } = JSON.parse(readFileSync(pathOf(folder, `${name}.json`), 'utf8')) as GoldenFile;
  const { program, diagnostics } = compile(golden.program, { path: `${name}.cnn`, facts });
  if (!program) throw new Error(`golden ${name} does not compile: ${diagnostics.map((d) => `${d.code} ${d.message}`).join('; ')}`);
  return { ...golden, name, program, classes: facts.classes, pixels: facts.pixelType };
}

/** Rows from…to (exclusive) of a tensor's first axis. */
export function rowsOf(tensor: GoldenTensor, from: number, to: number): GoldenTensor {
  const size = tensor.data.length / tensor.shape[0];
  return { shape: [Math.min(to, tensor.shape[0]) - from, ...tensor.shape.slice(1)], data: tensor.data.slice(from * size, to * size) };
}

/** What samples from…to count in the loss; null: the program weighs none. */
export function weightsOf({ program, classes, y }: Golden, from: number, to: number): readonly number[] | null {
  if (!weighsSamples(program)) return null;
  const all = { train: Int32Array.from(y.data, (_, i) => i), validation: new Int32Array(), test: new Int32Array() };
  const weight = sampleWeights(program, { classes, labels: Int32Array.from(y.data), parts: all, weights: null })!;
  return Array.from({ length: to - from }, (_, i) => weight(from + i));
}

/** The first and last row (exclusive) of every batch, in order. */
export function batchesOf({ x, batch }: Golden): readonly (readonly [from: number, to: number])[] {
  const count = x.shape[0];
  return Array.from({ length: Math.ceil(count / batch) }, (_, i) => [i * batch, Math.min((i + 1) * batch, count)] as const);
}
