/**
 * Finding the run that `--resume` means, and making sure that it is still the same run. The meaning it began with stands
 * beside its checkpoints, so that a refusal can show what changed.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError, type Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { GraphVariable } from '../../compiler/graph/types.ts';
import type { Program } from '../../compiler/model/program.ts';
import { fileSpan } from '../../compiler/source/source.ts';
import { writeFileAtomic } from '../files/atomic.ts';
import { loadNewest } from './checkpoint.ts';
import { differences, hashOf, type Difference, type Meaning } from './identity.ts';
import type { Manifest } from './manifest.ts';
import type { Snapshot } from './state.ts';
import { reasonOf } from './reason.ts';
import { checkpointsOf } from './store.ts';

export interface Found {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Unfinished, or finished with fewer epochs than are asked for now (early stopping does not come undone). */
const canGoOn = (manifest: Manifest, epochs: number): boolean =>
  manifest.status !== 'finished' || (!manifest.epochs.stoppedEarly && manifest.epochs.done < epochs);

/**
 * The first of these runs that can go on. `epochs`: how many it would have in all now; `command`: that of this run and of a new one;
 * `where`: where they were looked for. Throws CNN6051.
 */
export function chooseRun(candidates: readonly Found[], epochs: (manifest: Manifest) => number, where: string, command: { readonly again: string; readonly anew: string }): Found {
  const found = candidates.find(({ manifest }) => canGoOn(manifest, epochs(manifest)));
  if (found) return found;
  const [newest] = candidates;
  throw new DiagnosticError([
    diagnostic('CNN6051', fileSpan(''), {
      where,
      newest: newest ? { folder: newest.folder, epochs: newest.manifest.epochs.done, stoppedEarly: newest.manifest.epochs.stoppedEarly } : null,
      ...command,
    }),
  ]);
}

const meaningFile = (folder: string): string => join(checkpointsOf(folder), 'program.json');

/** At the beginning of a run. Throws CNN6061. */
export async function rememberMeaning(folder: string, meaning: Meaning): Promise<void> {
  try {
    await writeFileAtomic(meaningFile(folder), `${JSON.stringify(meaning, null, 1)}\n`);
  } catch (error) {
    throw new DiagnosticError([diagnostic('CNN6061', fileSpan(''), { path: folder, reason: reasonOf(error) })]);
  }
}

const mostShown = 8;

/** Throws CNN6052 when program or data are not those the run began with. */
export async function mustBeSame(found: Found, program: Program, meaning: Meaning, dataHash: string, start: string): Promise<void> {
  const changed: Difference[] = [];
  if (hashOf(meaning) !== found.manifest.program.hash) {
    const before = await remembered(found.folder);
    if (before) changed.push(...differences(before, meaning));
    else changed.push({ what: 'program', before: found.manifest.program.hash.slice(0, 12), now: hashOf(meaning).slice(0, 12) });
  }
  if (program.fit.epochs < found.manifest.epochs.done) changed.push({ what: 'fit epochs', before: `${found.manifest.epochs.done} are done`, now: String(program.fit.epochs) });
  if (dataHash !== found.manifest.data.hash) changed.push({ what: 'data', before: found.manifest.data.hash.slice(0, 12), now: dataHash.slice(0, 12) });
  if (changed.length === 0) return;
  throw new DiagnosticError([
    diagnostic('CNN6052', fileSpan(''), { folder: found.folder, differences: changed.slice(0, mostShown), more: Math.max(0, changed.length - mostShown), start }),
  ]);
}

/** null when it cannot be read: then only hashes can be shown. */
async function remembered(folder: string): Promise<Meaning | null> {
  try {
    const raw: unknown = JSON.parse(await readFile(meaningFile(folder), 'utf8'));
    return typeof raw === 'object' && raw !== null && Object.values(raw).every((v) => typeof v === 'string') ? (raw as Meaning) : null;
  } catch {
    return null;
  }
}

/** The newest whole checkpoint (null: the run ended before its first) and warnings about damaged ones. Throws CNN5005. */
export async function loadProgress(found: Found, variables: readonly GraphVariable[], again: string): Promise<{ readonly snapshot: Snapshot | null; readonly warnings: readonly Diagnostic[] }> {
  const folder = checkpointsOf(found.folder);
  const { snapshot, damaged } = await loadNewest(folder, found.manifest.program.hash, variables);
  if (!snapshot && damaged.length > 0) throw new DiagnosticError([diagnostic('CNN5005', fileSpan(''), { folder, tried: damaged.length, again })]);
  return { snapshot, warnings: damaged.map((d) => diagnostic('CNN5004', fileSpan(''), { path: d.file, reason: d.reason })) };
}
