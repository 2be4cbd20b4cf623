/** Checking one program: compile, look at its data, compile with what was found; and applying fixes. */
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAboutData, settle, unused } from '../compiler/check/allow.ts';
import type { Settled } from '../compiler/check/allow.ts';
import { compile } from '../compiler/compile.ts';
import type { CompileResult } from '../compiler/compile.types.ts';
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
import type { Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import { fixAll } from '../compiler/diagnostics/fix.ts';
import type { DataFacts } from '../compiler/model/program.ts';
import type { SourceFile } from '../compiler/source/source.ts';
import { fileSpan } from '../compiler/source/source.ts';
import type { Survey } from '../runtime/data/index.ts';
import { writeFileAtomic } from '../runtime/files/atomic.ts';
import { readProgram } from './program.ts';
import type { ImportOptions } from '../compiler/imports.ts';
import { importsFor } from './imports.ts';
import { limitOf } from './memory-limit.ts';

export interface Checked {
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly SourceFile[];
  /** Warnings that comments allow. */
  readonly allowed: Settled['allowed'];
  /** How many fixes were written. */
  readonly fixed: number;
  /** One line about the data; null: it was not looked at. */
  readonly data: string | null;
  /** One line about the memory of training; null: it was not estimated. */
  readonly memory: string | null;
}

export interface CheckOptions {
  /** Look at the data. */
  readonly data: boolean;
  /** Say what training takes. */
  readonly memory?: boolean;
  /** While pictures are looked at for the first time. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Write safe fixes into the file. */
  readonly fix: boolean;
  /** Imports may lead out of the program's folder. */
  readonly anywhere?: boolean;
}

/** Never rejects for what is wrong with the program, its file or its data: that is in the diagnostics. */
export async function checkFile(path: string, options: CheckOptions): Promise<Checked> {
  let text: string;
  try {
    text = await readProgram(path);
  } catch (error) {
    return { path, diagnostics: diagnosticsOf(error, path), sources: [], allowed: [], fixed: 0, data: null, memory: null };
  }
  const written = text;
  let fixed = 0;
  const imports = importsFor(path, options.anywhere);
  const memory = await limitOf(text);
  if (options.fix) ({ text, applied: fixed } = fixAll(text, path, (tried) => compile(tried, { path, imports, ...memory }).diagnostics));
  if (text !== written) await writeFileAtomic(await realpath(path), text);
  return { path, fixed, ...(await checkText(text, path, imports, options)) };
}

type Found = Pick<Checked, 'diagnostics' | 'sources' | 'allowed' | 'data'>;

async function checkText(text: string, path: string, imports: ImportOptions, { data, memory: wanted = false, onProgress }: CheckOptions): Promise<Omit<Checked, 'path' | 'fixed'>> {
  const memory = await limitOf(text);
  const first = compile(text, { path, imports, ...memory });
  const estimated = async (said: Found, { program }: CompileResult, facts: DataFacts | null): Promise<Omit<Checked, 'path' | 'fixed'>> => ({ ...said, memory: wanted && program ? await (await import('./memory.ts')).memoryLine(program, facts) : null });
  if (!data || !first.data || first.data.source.kind === 'none') return estimated(found(first), first, null);
  const { probe, surveyData } = await import('../runtime/data/index.ts');
  const options = { base: dirname(path), ...(onProgress ? { onProgress } : {}) };
  let result = first;
  try {
    const facts = await probe(first.data, options);
    result = compile(text, { path, imports, ...memory, facts });
    if (!result.data) return estimated(found(result), result, facts);
    const survey = await surveyData(result.data, options, trainingOf(result));
    return estimated({ ...withData(result, survey.diagnostics.map((d) => placed(d, path))), data: summaryOf(survey) }, result, facts);
  } catch (error) {
    const known = found(result);
    return { ...known, diagnostics: [...known.diagnostics, ...diagnosticsOf(error, path)], memory: null };
  }
}

/** What the data shows beside what the program shows; comments hold for both, and idle ones about the data are known now. */
function withData(result: CompileResult, shown: readonly Diagnostic[]): Found {
  const { diagnostics, sources, allowed } = found(result);
  const { kept, allowed: more } = settle(shown, result.allowances);
  const own = result.allowances.filter(({ code, span }) => isAboutData(code) && span.file === result.source.path);
  const idle = result.program ? unused(own.filter(({ code }) => code < 'CNN5'), more) : [];
  return { diagnostics: [...diagnostics, ...kept, ...idle], sources, allowed: [...allowed, ...more], data: null };
}

/** A batch that is written down and too large was reported already, or is allowed. */
function trainingOf({ program, diagnostics, allowed }: CompileResult): { readonly batch: number; readonly balanced: boolean } | null {
  if (!program || [...diagnostics, ...allowed.map((a) => a.diagnostic)].some((d) => d.code === 'CNN2207')) return null;
  return { batch: program.fit.batch, balanced: program.fit.classWeight !== null || program.fit.sampling !== null };
}

const counted = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;

/** "3,670 pictures of 5 classes: 2,202 train, 734 validation, 734 test; from 159x240 to 442x500" */
function summaryOf({ facts, parts, sizes }: Survey): string {
  const { length } = facts.classes;
  const labels = { categorical: counted(length, 'class', 'classes'), sparse: counted(length, 'class', 'classes'), binary: counted(length, 'class', 'classes'), multilabel: counted(length, 'label'), values: counted(length, 'value') }[facts.labelKind];
  const shares = (['train', 'validation', 'test'] as const).flatMap((part) => (parts[part] > 0 ? [`${parts[part].toLocaleString('en-US')} ${part}`] : []));
  const size = ({ height, width }: { readonly height: number; readonly width: number }): string => `${height}x${width}`;
  const range = sizes === null ? '' : size(sizes.smallest) === size(sizes.largest) ? `; ${size(sizes.smallest)}` : `; from ${size(sizes.smallest)} to ${size(sizes.largest)}`;
  return `${counted(facts.count, 'picture')} ${facts.labelKind === 'values' ? 'with' : 'of'} ${labels}: ${shares.join(', ')}${range}`;
}

const found = ({ diagnostics, sources, allowed }: CompileResult): Found => ({ diagnostics, sources: [...sources.values()], allowed, data: null });

const placed = (d: Diagnostic, path: string): Diagnostic => (d.span.file === '' ? { ...d, span: fileSpan(path) } : d);

/** The diagnostics an error carries, at the file where they have no place of their own. */
function diagnosticsOf(error: unknown, path: string): readonly Diagnostic[] {
  if (!(error instanceof DiagnosticError)) throw error;
  return error.diagnostics.map((d) => placed(d, path));
}
