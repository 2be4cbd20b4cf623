/** NumPy's archives of arrays: a zip of .npy entries. `conv_1/kernel` is the entry `conv_1/kernel.npy`; NumPy reads it under that name. */
import { writeFileAtomicWith } from './atomic.ts';
import { mostHeaderBytes, NpyError, npyPieces, readNpy, readNpyHeader } from './npy.ts';
import type { NpyArray, NpyData, NpyHeader } from './npy.ts';
import { openZip, ZipError, zipPieces } from './zip.ts';

export type { NpyArray } from './npy.ts';
export { NpyError } from './npy.ts';
export { ZipError } from './zip.ts';

export interface NpzFile {
  readonly names: readonly string[];
  /** Shape and kind without reading the numbers. Throws NpyError, ZipError. */
  header(name: string): NpyHeader;
  array(name: string): NpyArray;
  close(): void;
}

/** Opens an archive by path or from memory. Throws NpyError, ZipError, or the system's error (ENOENT, …). */
export function openNpz(from: string | Uint8Array): NpzFile {
  const zip = openZip(from);
  const entryOf = new Map<string, string>();
  for (const entry of zip.entries.keys()) if (entry.endsWith('.npy')) entryOf.set(entry.slice(0, -4), entry);
  const named = <T>(name: string, read: (entry: string) => T): T => {
    const entry = entryOf.get(name);
    if (entry === undefined) throw new NpyError(`it has no array ${name}`);
    try {
      return read(entry);
    } catch (error) {
      if (error instanceof NpyError) throw new NpyError(`its array ${name}: ${error.message}`);
      throw error;
    }
  };
  return {
    names: [...entryOf.keys()],
    header: (name) => named(name, (entry) => readNpyHeader(zip.start(entry, mostHeaderBytes))),
    array: (name) => named(name, (entry) => readNpy(zip.read(entry))),
    close: () => zip.close(),
  };
}

/** All arrays by name. Rejects as `openNpz` throws. */
export async function readNpz(from: string | Uint8Array): Promise<Record<string, NpyArray>> {
  const file = openNpz(from);
  try {
    return Object.fromEntries(file.names.map((name) => [name, file.array(name)]));
  } finally {
    file.close();
  }
}

export type NpzEntries = Readonly<Record<string, { readonly shape: readonly number[]; readonly data: NpyData }>>;

/** The archive's bytes, in the order of the entries; equal arrays give equal bytes. */
export const writeNpz = (entries: NpzEntries): Uint8Array => new Uint8Array(Buffer.concat([...pieces(entries)]));

/** Writes the archive as `writeFileAtomic` does, without its bytes in memory beside the arrays'. */
export const writeNpzAtomic = (path: string, entries: NpzEntries): Promise<void> =>
  writeFileAtomicWith(path, async (write) => {
    for (const piece of pieces(entries)) await write(piece);
  });

const pieces = (entries: NpzEntries): Iterable<Uint8Array> => zipPieces(entriesOf(entries));

function* entriesOf(entries: NpzEntries): Generator<readonly [string, readonly Uint8Array[]]> {
  for (const [name, { shape, data }] of Object.entries(entries)) yield [`${name}.npy`, npyPieces(shape, data)];
}

/** Whether an error says that the file, not the program, is wrong. */
export const isArchiveError = (error: unknown): error is NpyError | ZipError => error instanceof NpyError || error instanceof ZipError;
