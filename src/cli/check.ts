/** Checking one program: compile, look at its data, compile with what was found; and applying fixes. */
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compile } from '../compiler/compile.ts';
import type { CompileResult } from '../compiler/compile.types.ts';
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
import type { Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import { applyFixes } from '../compiler/diagnostics/fix.ts';
import type { SourceFile } from '../compiler/source/source.ts';
import { fileSpan } from '../compiler/source/source.ts';
import { writeFileAtomic } from '../runtime/files/atomic.ts';
import { readProgram } from './program.ts';
import { importsFor } from './imports.ts';

export interface Checked {
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly SourceFile[];
  /** How many fixes were written. */
  readonly fixed: number;
}

export interface CheckOptions {
  /** Look at names, headers and counts of the data. */
  readonly data: boolean;
  /** Write safe fixes into the file. */
  readonly fix: boolean;
}

/** A fix may uncover the next problem; this many rounds are enough for any program that a person wrote. */
const mostRounds = 10;

/** Never rejects for what is wrong with the program, its file or its data: that is in the diagnostics. */
export async function checkFile(path: string, options: CheckOptions): Promise<Checked> {
  let text: string;
  try {
    text = await readProgram(path);
  } catch (error) {
    return { path, diagnostics: diagnosticsOf(error, path), sources: [], fixed: 0 };
  }
  const written = text;
  let fixed = 0;
  if (options.fix) {
    for (let round = 0; round < mostRounds; round++) {
      const result = applyFixes(text, path, compile(text, { path, imports: importsFor(path) }).diagnostics);
      if (result.applied === 0) break;
      text = result.text;
      fixed += result.applied;
    }
  }
  if (text !== written) await writeFileAtomic(await realpath(path), text);
  return { path, fixed, ...(await checkText(text, path, options.data)) };
}

async function checkText(text: string, path: string, data: boolean): Promise<Pick<Checked, 'diagnostics' | 'sources'>> {
  const first = compile(text, { path, imports: importsFor(path) });
  if (!data || !first.data || first.data.source.kind === 'none') return found(first);
  const { probe } = await import('../runtime/data/index.ts');
  try {
    return found(compile(text, { path, imports: importsFor(path), facts: await probe(first.data, { base: dirname(path) }) }));
  } catch (error) {
    const { diagnostics, sources } = found(first);
    return { diagnostics: [...diagnostics, ...diagnosticsOf(error, path)], sources };
  }
}

const found = ({ diagnostics, sources }: CompileResult): Pick<Checked, 'diagnostics' | 'sources'> => ({ diagnostics, sources: [...sources.values()] });

/** The diagnostics an error carries, at the file where they have no place of their own. */
function diagnosticsOf(error: unknown, path: string): readonly Diagnostic[] {
  if (!(error instanceof DiagnosticError)) throw error;
  return error.diagnostics.map((d) => (d.span.file === '' ? { ...d, span: fileSpan(path) } : d));
}
