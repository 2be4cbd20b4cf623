/**
 * Data as training sees it: samples of one shape, decoded once, in parts. Readers copy samples into a caller's batch buffer.
 */
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { DataFacts, DataPlan } from '../../compiler/model/program.ts';

export type PartName = 'train' | 'validation' | 'test';

export interface Dataset {
  readonly facts: DataFacts;
  /** [height, width, channels] after resizing. */
  readonly shape: readonly [number, number, number];
  readonly pixelType: 'uint8' | 'float32';
  readonly classes: readonly string[];
  /** Sample indices of each part in the order of the source; shuffling is the trainer's. */
  readonly parts: Readonly<Record<PartName, Int32Array>>;
  /** int32 [count] for class labels; float32 [count · K] otherwise. */
  readonly labels: Int32Array | Float32Array;
  /** Values of one label row: 1 for classes. */
  readonly labelWidth: number;
  /** float32 [count]: what each sample counts in the loss; null: all count 1. */
  readonly weights: Float32Array | null;
  /** Of content and settings; in the manifest, and what --resume compares. */
  readonly hash: string;
  /** Copies sample `index` to `target` at element offset `at`. Synchronous: from memory or the page cache. */
  read(index: number, target: Uint8Array | Float32Array, at: number): void;
  /** For messages: the file of a sample, or `x[12]`. */
  describe(index: number): string;
  readonly warnings: readonly Diagnostic[];
  close(): void;
}

export interface OpenOptions {
  /** Folder of the program; the plan's paths are relative to it. */
  readonly base: string;
  /** Spans of data diagnostics point here (`plan.source.origin`). */
  readonly cacheFolder?: string;
  /** Bytes of decoded pictures up to which they are held in memory; default 1.5 GiB. */
  readonly memory?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Looks at names, headers and counts only: fast. Throws DiagnosticError. */
export type Probe = (plan: DataPlan, options: OpenOptions) => Promise<DataFacts>;
/** Decodes (or opens the cache), splits. Throws DiagnosticError. */
export type OpenDataset = (plan: DataPlan, options: OpenOptions) => Promise<Dataset>;

/** Per-channel population statistics of the preprocessed training part before featurewise steps (scale and samplewise applied). */
export interface Statistics {
  readonly mean: Float32Array;
  readonly std: Float32Array;
}
