/** What a source is found to hold, before anything is decoded or split. Sources differ only in how they make one of these. */
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { LabelKind } from '../../compiler/model/program.ts';
import type { PartName } from './dataset.ts';

/** Parts by the numbers in `Found.part`. 0 is also every sample of a source without parts of its own. */
export const partNames: readonly PartName[] = ['train', 'validation', 'test'];

export type Pixels =
  /** Encoded pictures: paths relative to `root`, with slashes. */
  | { readonly kind: 'files'; readonly root: string; readonly paths: readonly string[] }
  /** Decoded already: [height, width, channels] one after another. */
  | { readonly kind: 'uint8'; readonly shape: readonly [number, number, number]; readonly data: Uint8Array }
  | { readonly kind: 'float32'; readonly shape: readonly [number, number, number]; readonly data: Float32Array };

export interface LabelSet {
  readonly kind: LabelKind;
  readonly classes: readonly string[];
  /** int32 [count] for categorical and sparse, float32 [count · width] otherwise. */
  readonly values: Int32Array | Float32Array;
  readonly width: number;
}

export interface Found {
  readonly count: number;
  readonly labels: LabelSet;
  /** What each sample counts in the loss; null: all count 1. */
  readonly weights: Float32Array | null;
  /** With `split group=`: the group of each sample. */
  readonly groups?: readonly string[];
  /** Per sample, an index into `partNames`. */
  readonly part: Uint8Array;
  readonly brings: { readonly test: boolean; readonly validation: boolean };
  readonly pixels: Pixels;
  /** `by=order` takes the end of each class rather than of the whole: folders have no order among classes. */
  readonly orderPerClass: boolean;
  describe(index: number): string;
  readonly warnings: readonly Diagnostic[];
}

/** Samples per class: of a multi-label set, ones per label; of values, nothing. */
export function countPerClass({ kind, classes, values, width }: LabelSet): number[] {
  const counts = classes.map(() => 0);
  if (kind === 'values') return [];
  if (kind === 'categorical' || kind === 'sparse') for (const label of values) counts[label]++;
  else if (kind === 'binary') for (const label of values) counts[label]++;
  else for (let i = 0; i < values.length; i++) if (values[i] > 0) counts[i % width]++;
  return counts;
}
