/** The data check of `cnnc data`: counts, corrupt files, copies and sizes as facts. */
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { DataPlan } from '../../compiler/model/program.ts';
import type { Dataset, OpenOptions, PartName } from './dataset.ts';
import { openWithDetails } from './open.ts';
import type { Corrupt } from './open.ts';
import { findCopies } from './split-report.ts';

export interface PartReport {
  readonly count: number;
  /** By class in the order of `classes`; empty for values. */
  readonly perClass: readonly number[];
}

export interface DataReport {
  readonly classes: readonly string[];
  readonly parts: Readonly<Record<PartName, PartReport>>;
  readonly corrupt: readonly Corrupt[];
  /** Samples of the same content, as files or array places. */
  readonly duplicates: readonly (readonly string[])[];
  /** Height x width as stored; null where the source has one size. `common` holds the five most frequent. */
  readonly sizes: { readonly smallest: Size; readonly largest: Size; readonly common: readonly (Size & { readonly count: number })[] } | null;
  readonly warnings: readonly Diagnostic[];
}

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** Corrupt pictures are listed, not refused. Rejects with DiagnosticError for everything that stops training otherwise. */
export async function inspectData(plan: DataPlan, options: OpenOptions): Promise<DataReport> {
  const { dataset, corrupt, hashes, sizes } = await openWithDetails({ ...plan, onCorrupt: 'skip' }, options);
  try {
    const part = (name: PartName): PartReport => ({ count: dataset.parts[name].length, perClass: perClassOf(dataset, name) });
    return {
      classes: dataset.classes,
      parts: { train: part('train'), validation: part('validation'), test: part('test') },
      corrupt,
      duplicates: findCopies(hashes).map(({ indices }) => indices.map(dataset.describe)),
      sizes: sizesOf(sizes),
      warnings: dataset.warnings,
    };
  } finally {
    dataset.close();
  }
}

function perClassOf({ facts, classes, labels, labelWidth, parts }: Dataset, name: PartName): number[] {
  if (facts.labelKind === 'values') return [];
  const counts = classes.map(() => 0);
  for (const i of parts[name]) {
    if (facts.labelKind !== 'multilabel') counts[labels[i]]++;
    else for (let k = 0; k < labelWidth; k++) counts[k] += labels[i * labelWidth + k] > 0 ? 1 : 0;
  }
  return counts;
}

function sizesOf(pairs: readonly (readonly [number, number])[]): DataReport['sizes'] {
  const counts = new Map<string, Size & { count: number }>();
  for (const [width, height] of pairs) {
    if (width === 0) continue;
    const known = counts.get(`${height}x${width}`);
    if (known) known.count++;
    else counts.set(`${height}x${width}`, { height, width, count: 1 });
  }
  const all = [...counts.values()];
  if (all.length === 0) return null;
  const byArea = [...all].sort((a, b) => a.height * a.width - b.height * b.width);
  const size = ({ height, width }: Size): Size => ({ height, width });
  return { smallest: size(byArea[0]), largest: size(byArea[byArea.length - 1]), common: all.sort((a, b) => b.count - a.count).slice(0, 5) };
}
