/** Run folders: `runs/<model>/<n>` beside the program. Numbers are claimed by mkdir, which only one of two processes can win. */
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { fileSpan } from '../../compiler/source/source.ts';
import { isTemporaryName } from '../files/atomic.ts';
import { reasonOf } from './reason.ts';
import { readManifest, type Manifest } from './manifest.ts';

/** `Flowers of the Alps` → `flowers-of-the-alps`; letters of any script stay. */
export function slugOf(name: string): string {
  const slug = name.normalize('NFC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  // Names that Windows keeps for devices.
  return /^(con|prn|aux|nul|com\d|lpt\d)$/.test(slug) || slug === '' ? `model${slug === '' ? '' : `-${slug}`}` : slug;
}

export const runsOf = (programPath: string, model: string): string => join(dirname(programPath), 'runs', slugOf(model));

/** Makes the next free number under `runs`. Throws CNN6061. */
export async function claimNumber(runs: string): Promise<string> {
  try {
    await mkdir(runs, { recursive: true });
    let number = Math.max(0, ...(await numbersIn(runs))) + 1;
    for (;;) {
      const folder = join(runs, String(number));
      try {
        await mkdir(folder);
        return folder;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        number++;
      }
    }
  } catch (error) {
    throw cannotMake(runs, error);
  }
}

/** Makes or takes the empty folder that `--out` names; what a run left that was killed before its manifest counts as nothing. Throws CNN6050, CNN6061. */
export async function claimFolder(folder: string): Promise<string> {
  const inside = await mkdir(folder, { recursive: true }).then(
    () => readdir(folder),
    (error: unknown) => {
      throw cannotMake(folder, error);
    },
  );
  if (!inside.every((name) => ['.lock', '.owner.json', '.breaking', 'checkpoints'].includes(name) || isTemporaryName(name)) || (await hasBegun(folder))) {
    const holds = inside.includes('manifest.json') ? 'run' : 'files';
    throw new DiagnosticError([diagnostic('CNN6050', fileSpan(''), { folder, holds })]);
  }
  return folder;
}

/** Whether there is a checkpoint, or anything else that is more than the remembered meaning of a program. */
async function hasBegun(folder: string): Promise<boolean> {
  const names = await readdir(join(folder, 'checkpoints')).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : ['?']));
  return names.some((name) => name !== 'program.json' && name !== 'step-00000000.npz' && !isTemporaryName(name));
}

/** After a run that could not even write its manifest: takes away what it left, and the folder too where the run made it. */
export async function abandon(folder: string, made: boolean): Promise<void> {
  if ((await readdir(folder).catch((): string[] => [])).includes('manifest.json') || (await hasBegun(folder))) return;
  await rm(join(folder, 'checkpoints'), { recursive: true, force: true });
  if (made) await rmdir(folder).catch(() => undefined);
}

async function numbersIn(runs: string): Promise<number[]> {
  return (await readdir(runs).catch(() => [])).filter((name) => /^[1-9]\d{0,8}$/.test(name)).map(Number);
}

/** Runs with a readable manifest, newest first. */
export async function listRuns(runs: string): Promise<readonly { readonly folder: string; readonly manifest: Manifest }[]> {
  const numbers = (await numbersIn(runs)).sort((a, b) => b - a);
  const found = [];
  for (const number of numbers) {
    const folder = join(runs, String(number));
    const manifest = await readManifest(folder);
    if (manifest) found.push({ folder, manifest });
  }
  return found;
}

const cannotMake = (path: string, error: unknown): DiagnosticError =>
  new DiagnosticError([diagnostic('CNN6061', fileSpan(''), { path, reason: reasonOf(error) })]);
