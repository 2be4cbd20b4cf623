/** Programs at the edge: the file read, compiled, and the data looked at where the program alone does not say its classes. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { compile } from '../compiler/compile.ts';
import type { CompileResult } from '../compiler/compile.types.ts';
import type { DataFacts } from '../compiler/model/program.ts';
import { diagnostic } from '../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
import { fileSpan } from '../compiler/source/source.ts';
import { textLimit } from '../compiler/syntax/limits.ts';
import { nearNames } from '../runtime/data/near.ts';
import { reasonOf } from '../runtime/train/reason.ts';
import { importsFor } from './imports.ts';
import { limitOf } from './memory-limit.ts';

/** No text of the allowed length takes more bytes in UTF-8; whatever is larger is not even read. */
const mostBytes = 3 * textLimit;

/** The text of a program. Rejects with DiagnosticError: CNN6104 it cannot be read, CNN1100 it is no UTF-8 text, CNN1101 too large. */
export async function readProgram(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw new DiagnosticError([diagnostic('CNN1101', fileSpan(path), { size, limit: textLimit })]);
    bytes = await readFile(path);
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    throw new DiagnosticError([diagnostic('CNN6104', fileSpan(''), { path, reason: reasonOf(error), near: await programsNear(path) })]);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DiagnosticError([diagnostic('CNN1100', fileSpan(path), { reason: isUtf16(bytes) ? 'a text in UTF-16' : bytes.some((b) => b < 8) ? 'a binary file' : 'a text in another encoding than UTF-8' })]);
  }
}

const isUtf16 = ([first, second]: Uint8Array): boolean => (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

/** Programs that may have been meant: inside, when a folder was named; otherwise with a similar name beside it. */
async function programsNear(path: string): Promise<readonly string[]> {
  const isFolder = await stat(path).then((s) => s.isDirectory(), () => false);
  const folder = isFolder ? path : dirname(path);
  const programs = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.cnn')).sort();
  const found = isFolder ? programs.slice(0, 3) : nearNames(basename(path, '.cnn'), programs.map((name) => name.slice(0, -4))).map((name) => `${name}.cnn`);
  return found.map((name) => join(folder, name));
}

/** Compiles a file; probes its data once if the classes or the size are known only there. Rejects with DiagnosticError when the data cannot be used. */
export async function compileFile(path: string, set: Readonly<Record<string, string>> = {}, anywhere = false): Promise<CompileResult & { readonly facts: DataFacts | null }> {
  const text = await readProgram(path);
  const imports = importsFor(path, anywhere);
  const memory = await limitOf(text, set);
  const first = compile(text, { path, imports, set, ...memory });
  if (!first.needsData || !first.data) return { ...first, facts: null };
  const { probe } = await import('../runtime/data/index.ts');
  const facts = await probe(first.data, { base: dirname(path) });
  return { ...compile(text, { path, imports, set, facts, ...memory }), facts };
}
