/**
 * Writes generated files into a folder of their own. A marker file lists what was written, so that a later build may replace it,
 * never touches what is not ours, and never overwrites what a person changed since, unless told to.
 */
import { lstat, readdir, readFile, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { fileSpan } from '../../compiler/source/source.ts';
import { writeFileAtomic } from '../../runtime/files/atomic.ts';
import { sha256 } from '../../runtime/files/hash.ts';
import { reasonOf } from '../../runtime/train/reason.ts';

export interface OutputFile {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  readonly data: string | Uint8Array;
}

export const markerName = '.cnnc-build.json';

interface Marker {
  readonly schema: 1;
  readonly cnnc: string;
  readonly target: string;
  /** Hashes of the files as they are written. */
  readonly files: Readonly<Record<string, string>>;
  /** While a build is under way: those of the build before, so that an interrupted one can be done again. */
  readonly before?: Readonly<Record<string, string>>;
}

export interface WriteOptions {
  readonly target: string;
  readonly cnnc: string;
  readonly force: boolean;
}

/** Throws DiagnosticError: the folder is not ours (CNN6101), or cannot be written (CNN6103). */
export async function writeFolder(folder: string, files: readonly OutputFile[], { target, cnnc, force }: WriteOptions): Promise<void> {
  try {
    const before = await markerOf(folder, force);
    const changed = force ? [] : await changedFiles(folder, before, files);
    if (changed.length > 0) throw inUse(folder, 'changed', changed);
    const marker: Marker = { schema: 1, cnnc, target, files: Object.fromEntries(files.map(({ path, data }) => [path, sha256(data)])) };
    const mark = (value: Marker): Promise<void> => writeFileAtomic(join(folder, markerName), `${JSON.stringify(value, null, 2)}\n`);
    const old = { ...before?.before, ...before?.files };
    await mark({ ...marker, before: old });
    for (const { path, data } of files) await writeFileAtomic(join(folder, path), data);
    const kept = new Set(files.map(({ path }) => path));
    for (const [path, hash] of Object.entries(old)) {
      if (!kept.has(path) && (await hashOf(folder, path)) === hash) await unlink(join(folder, path));
    }
    await mark(marker);
  } catch (error) {
    if (error instanceof DiagnosticError || typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    throw new DiagnosticError([diagnostic('CNN6103', fileSpan(''), { path: resolve(folder), reason: reasonOf(error) })]);
  }
}

const inUse = (folder: string, reason: 'not ours' | 'a file' | 'changed', changed: readonly string[] = []): DiagnosticError =>
  new DiagnosticError([diagnostic('CNN6101', fileSpan(''), { folder: resolve(folder), reason, changed })]);

/** null: the folder is new or empty, or anything goes. */
async function markerOf(folder: string, force: boolean): Promise<Marker | null> {
  const found = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!found) return null;
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') throw inUse(folder, 'a file');
    throw error;
  });
  const marker = names.includes(markerName) ? parseMarker(await readFile(join(folder, markerName), 'utf8')) : null;
  if (!marker && !force && names.length > 0) throw inUse(folder, 'not ours');
  return marker;
}

/** The marker is text from outside: paths that would leave the folder are not believed. */
function parseMarker(text: string): Marker | null {
  if (text.length > 1_000_000) return null;
  try {
    const raw = JSON.parse(text) as Partial<Marker> | null;
    if (raw?.schema !== 1 || typeof raw.files !== 'object' || raw.files === null) return null;
    const sound = [...Object.entries(raw.files), ...Object.entries(raw.before ?? {})].every(([path, hash]) => /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(path) && /^[0-9a-f]{64}$/.test(hash));
    return sound ? (raw as Marker) : null;
  } catch {
    return null;
  }
}

/** Files that are there, hold something else than we wrote, and would be lost. */
async function changedFiles(folder: string, marker: Marker | null, files: readonly OutputFile[]): Promise<string[]> {
  const changed: string[] = [];
  for (const { path, data } of files) {
    const hash = await hashOf(folder, path);
    if (hash !== null && ![sha256(data), marker?.files[path], marker?.before?.[path]].includes(hash)) changed.push(path);
  }
  return changed;
}

/** null: there is no such file. */
async function hashOf(folder: string, path: string): Promise<string | null> {
  return readFile(join(folder, path)).then(sha256, (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}
