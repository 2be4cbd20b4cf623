/** NumPy's archives of arrays: a zip of .npy entries. `conv_1/kernel` is the entry `conv_1/kernel.npy`; NumPy reads it under that name. */
import { mostHeaderBytes, NpyError, readNpy, readNpyHeader, writeNpy } from './npy.ts';
import type { NpyArray, NpyData, NpyHeader } from './npy.ts';
import { openZip, ZipError, writeZip } from './zip.ts';

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

/** The archive's bytes, in the order of the entries; equal arrays give equal bytes. */
export function writeNpz(entries: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: NpyData }>>): Uint8Array {
  return writeZip(Object.entries(entries).map(([name, { shape, data }]) => [`${name}.npy`, writeNpy(shape, data)] as const));
}

/** Whether an error says that the file, not the program, is wrong. */
export const isArchiveError = (error: unknown): error is NpyError | ZipError => error instanceof NpyError || error instanceof ZipError;
