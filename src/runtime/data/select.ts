/** Which samples of a source are used, before anything is decoded: what a limit keeps; and what the split is to know. */
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { DataPlan } from '../../compiler/model/program.ts';
import { hashFiles, hashSlices } from './content.ts';
import type { OpenOptions } from './dataset.ts';
import { find, spanOf, subset } from './find.ts';
import type { Found } from './found.ts';
import { asDiagnostic } from './locate.ts';
import { limitSamples } from './split.ts';
import type { SplitInput } from './split.ts';

export interface Selected {
  readonly found: Found;
  /** Content of each sample, hex. */
  readonly hashes: readonly string[];
}

/** Throws DiagnosticError: what `find` throws, CNN4052, CNN4073. @param cache null: nothing is kept */
export async function selectSamples(plan: DataPlan, options: OpenOptions, cache: string | null): Promise<Selected> {
  const found = find(plan, options);
  const hashes = await hashesOf(found, plan, cache, options.signal);
  if (plan.limit === null || plan.limit >= found.count) return { found, hashes };
  const need = (found.labels.kind === 'categorical' || found.labels.kind === 'sparse' ? found.labels.classes.length : 1) + (plan.split.test ? 1 : 0) + (plan.split.validation ? 1 : 0);
  if (plan.limit < need) throw new DiagnosticError([diagnostic('CNN4073', spanOf(plan.source), { limit: plan.limit, need })]);
  return pick({ found, hashes }, limitSamples(splitInput({ found, hashes }, plan), plan.limit));
}

/** The samples at `indices`, in that order. */
export const pick = ({ found, hashes }: Selected, indices: readonly number[]): Selected => ({ found: subset(found, indices), hashes: indices.map((i) => hashes[i]) });

export function splitInput({ found, hashes }: Selected, plan: DataPlan): SplitInput {
  const hasClasses = found.labels.kind !== 'values' && found.labels.kind !== 'multilabel';
  return { hashes, classOf: hasClasses ? found.labels.values : null, part: found.part, orderPerClass: found.orderPerClass, split: plan.split, ...(found.groups ? { groups: found.groups } : {}) };
}

async function hashesOf(found: Found, plan: DataPlan, cache: string | null, signal?: AbortSignal): Promise<string[]> {
  const { pixels } = found;
  if (pixels.kind !== 'files') return hashSlices(pixels.data, found.count);
  try {
    return await hashFiles(pixels.root, pixels.paths, cache, signal);
  } catch (error) {
    const path = (error as NodeJS.ErrnoException).path ?? pixels.root;
    throw asDiagnostic(error, path.startsWith(pixels.root) ? path.slice(pixels.root.length + 1) : path, path, 'file', spanOf(plan.source));
  }
}

/** CNN4074 when the program's size is clearly upright and nearly all pictures lie, or the reverse. @param sizes width and height by sample, 0 where unknown */
export function turnedPictures(found: Found, sizes: readonly (readonly [number, number])[], plan: DataPlan): Diagnostic[] {
  const { height, width, exif } = plan.image;
  const known = sizes.filter(([w]) => w > 0);
  if (height === width || exif || known.length === 0) return [];
  const turned = ([w, h]: readonly [number, number]): boolean => (width > height ? h > w : w > h);
  const share = known.filter(turned).length / known.length;
  if (share < 0.9) return [];
  const first = sizes.findIndex(turned);
  return [diagnostic('CNN4074', spanOf(plan.source), { height, width, share, example: found.describe(first), exampleHeight: sizes[first][1], exampleWidth: sizes[first][0] })];
}
