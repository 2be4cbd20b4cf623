/**
 * Words that cannot be printed, or not be computed here as they ask, found in the Program before anything is loaded or trained.
 * Layers' operations that an engine leaves out are found in its table instead (capabilities.ts).
 */
import { missingTypes } from '../compiler/backend/capabilities.ts';
import { diagnostic } from '../compiler/diagnostics/catalogue.ts';
import { DiagnosticError, type Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import { computeType } from '../compiler/graph/precision.ts';
import type { Program } from '../compiler/model/program.ts';
import { fileSpan, type Span } from '../compiler/source/source.ts';
import type { Ast } from '../compiler/syntax/ast.ts';
import type { EngineKind } from '../runtime/engine/engine.ts';
import { bfloat16Support, type Bfloat16Support } from '../runtime/engine/processor.ts';

interface WordRefusal {
  /** `compile`, `fit`. */
  readonly section: string;
  /** The setting, and where it has several values the one of them. */
  readonly word: string;
  readonly value: string | null;
  /** For messages: "`precision mixed_bfloat16`". */
  readonly what: string;
  readonly instead: string | null;
}

/** What generated TypeScript has no code for: TensorFlow.js computes in float32 alone. */
function notPrinted({ compile }: Pick<Program, 'compile'>): readonly WordRefusal[] {
  if (compile.precision === 'float32') return [];
  return [{ section: 'compile', word: 'precision', value: null, what: '`precision mixed_bfloat16`', instead: 'leave it out: TensorFlow.js computes in float32' }];
}

/** Where the word stands; the section, or the file, where it is not written in the program itself. */
export function placeOf({ section, word, value }: Pick<WordRefusal, 'section' | 'word' | 'value'>, ast: Ast): Span {
  const found = ast.statements.find((statement) => statement.word.text === section);
  const setting = found?.blocks.flatMap((block) => block.statements).find((statement) => statement.word.text === word);
  const spelled = setting?.values.find((one) => (one.kind === 'word' && one.text === value) || (one.kind === 'call' && one.name.text === value));
  return spelled?.span ?? setting?.span ?? found?.word.span ?? fileSpan(ast.file);
}

/** Throws CNN5041, at the word, where the engine that was asked for by name cannot compute as the program says. */
export function mustCompute(program: Program, ast: Ast, engine: 'auto' | EngineKind | undefined): void {
  const missing = engine !== undefined && engine !== 'auto' ? missingTypes[engine][computeType(program)] : undefined;
  if (missing) throw new DiagnosticError([diagnostic('CNN5041', precisionIn(ast), { reason: missing.reason })]);
}

/** CNN5040, at the word, where the program asks for a precision that is not faster here. */
export function slowPrecision({ compile }: Program, ast: Ast, support: Bfloat16Support = bfloat16Support()): readonly Diagnostic[] {
  return compile.precision === 'float32' || support.native ? [] : [diagnostic('CNN5040', precisionIn(ast), { reason: support.reason })];
}

const precisionIn = (ast: Ast): Span => placeOf({ section: 'compile', word: 'precision', value: null }, ast);

/** Throws CNN1249 for each word that generated TypeScript has no code for. */
export function mustBePrintable(program: Program, ast: Ast): void {
  const refused = notPrinted(program);
  if (refused.length > 0) throw new DiagnosticError(refused.map((one) => diagnostic('CNN1249', placeOf(one, ast), { what: one.what, instead: one.instead })));
}
