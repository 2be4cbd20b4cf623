/** A program with its data, for commands that need it there: compiled, its data looked at, compiled again with what was found. */
import { dirname } from 'node:path';
import type { Allowance } from '../compiler/check/allow.ts';
import { compile } from '../compiler/compile.ts';
import type { CompileResult } from '../compiler/compile.types.ts';
import { diagnostic } from '../compiler/diagnostics/catalogue.ts';
import { DiagnosticError, type Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import type { DataFacts, Program } from '../compiler/model/program.ts';
import { fileSpan, type SourceFile } from '../compiler/source/source.ts';
import type { Ast } from '../compiler/syntax/ast.ts';
import type { ImportOptions } from '../compiler/imports.ts';
import { importsFor } from './imports.ts';
import { limitOf } from './memory-limit.ts';

export interface Loaded {
  readonly text: string;
  /** What the data was found to be; null where nobody looked. */
  readonly facts: DataFacts | null;
  /** null when there are errors, or when the data says what is missing. */
  readonly program: Program | null;
  readonly ast: Ast;
  readonly diagnostics: readonly Diagnostic[];
  /** Comments that allow warnings: they hold for those of the data, too. */
  readonly allowances: readonly Allowance[];
  /** The program and what was set from outside, for the messages. */
  readonly sources: readonly SourceFile[];
}

/** Without its data: what can be said at once. */
export async function compileAlone(path: string, text: string, set: Readonly<Record<string, string>>, imports: ImportOptions = importsFor(path)): Promise<CompileResult> {
  return compile(text, { path, imports, set, ...(await limitOf(text, set)) });
}

/** With its data; `known` where it was compiled without already. Throws DiagnosticError for data that cannot be found, and CNN6060 for a program that names none. */
export async function loadProgram(path: string, text: string, set: Readonly<Record<string, string>>, imports: ImportOptions = importsFor(path), signal?: AbortSignal, known?: CompileResult): Promise<Loaded> {
  const alone = known ?? (await compileAlone(path, text, set, imports));
  const loaded = (result: typeof alone, facts: DataFacts | null): Loaded => ({ text, facts, program: result.program, ast: result.ast, diagnostics: result.diagnostics, allowances: result.allowances, sources: [...result.sources.values()] });
  if (alone.diagnostics.some((d) => d.severity === 'error')) return loaded(alone, null);
  if (!alone.data || alone.data.source.kind === 'none') throw new DiagnosticError([diagnostic('CNN6060', fileSpan(''), { reason: 'no data' })]);
  const { probe } = await import('../runtime/data/find.ts');
  const facts = await probe(alone.data, { base: dirname(path), ...(signal ? { signal } : {}) });
  return loaded(compile(text, { path, imports, set, facts, ...(await limitOf(text, set)) }), facts);
}
