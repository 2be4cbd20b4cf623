/** What `compile` takes and gives (src/compiler/compile.ts). */
import type { Allowance, Settled } from './check/allow.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { ImportOptions } from './imports.ts';
import type { MemoryOf } from './model/budget.ts';
import type { DataFacts, DataPlan, Program } from './model/program.ts';
import type { SourceFile, Sources } from './source/source.ts';
import type { Ast } from './syntax/ast.ts';

export interface CompileOptions {
  /** As shown in messages; also the key of spans. */
  readonly path: string;
  /** What the data was found to be; without it the data's classes are unknown unless the program states them. */
  readonly facts?: DataFacts;
  /** `--set fit.batch=32`, checked like the program: "section.word" or "section.word.option" to a value in the language's spelling. */
  readonly set?: Readonly<Record<string, string>>;
  /** How imported files are read; without it an `import` is an error. */
  readonly imports?: ImportOptions;
  /** Estimates the memory of training (memory/both.ts), whose code is large; without it `budget { memory … }` is not looked at. */
  readonly memory?: MemoryOf;
}

export interface CompileResult {
  readonly source: SourceFile;
  /** The source, one for each `set` and one for each imported file, by path: what diagnostics' spans point into. */
  readonly sources: Sources;
  readonly ast: Ast;
  readonly diagnostics: readonly Diagnostic[];
  /** Comments that allow warnings, for those that find more: warnings of the data (check/allow.ts, `settle`). */
  readonly allowances: readonly Allowance[];
  /** The warnings that they took out of `diagnostics`. */
  readonly allowed: Settled['allowed'];
  /** Where the data comes from, as soon as its section is sound: the edge probes it and compiles again with facts. */
  readonly data: DataPlan | null;
  /** null when there are errors, or when classes or the input are unknown until the data is seen. */
  readonly program: Program | null;
  /** True when `program` is null only because facts are missing. */
  readonly needsData: boolean;
}
