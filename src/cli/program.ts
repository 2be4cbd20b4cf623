/** Programs at the edge: the file read, compiled, and the data looked at where the program alone does not say its classes. */
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compile } from '../compiler/compile.ts';
import type { CompileResult } from '../compiler/compile.types.ts';
import { diagnostic } from '../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
import { fileSpan } from '../compiler/source/source.ts';
import { reasonOf } from '../runtime/train/reason.ts';

/** Programs are small; whatever is larger is none. */
const mostBytes = 4_000_000;

/** The text of a program. Rejects with DiagnosticError CNN6104 if it cannot be read or is no UTF-8 text. */
export async function readProgram(path: string): Promise<string> {
  const unreadable = (reason: string): DiagnosticError => new DiagnosticError([diagnostic('CNN6104', fileSpan(''), { path, reason })]);
  try {
    if ((await stat(path)).size > mostBytes) throw unreadable('it is too large to be a program');
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    if (error instanceof TypeError) throw unreadable('it is not UTF-8 text');
    throw typeof (error as NodeJS.ErrnoException).code === 'string' ? unreadable(reasonOf(error)) : error;
  }
}

/** Compiles a file; probes its data once if the classes or the size are known only there. Rejects with DiagnosticError when the data cannot be used. */
export async function compileFile(path: string, set: Readonly<Record<string, string>> = {}): Promise<CompileResult> {
  const text = await readProgram(path);
  const first = compile(text, { path, set });
  if (!first.needsData || !first.data) return first;
  const { probe } = await import('../runtime/data/index.ts');
  return compile(text, { path, set, facts: await probe(first.data, { base: dirname(path) }) });
}
