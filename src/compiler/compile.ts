/**
 * compile: from a text to a Program. The stages are those of ARCHITECTURE.md; nothing here reads files or throws for what a
 * program says. Without facts about the data, a program whose classes only the data knows stays null, and `needsData` says so.
 */
import { bind } from './bind/bind.ts';
import { override } from './bind/overrides.ts';
import { reportTo } from './bind/report.ts';
import { isAboutData, readAllowances, settle, unused } from './check/allow.ts';
import { check } from './check/check.ts';
import type { CompileOptions, CompileResult } from './compile.types.ts';
import { bag } from './diagnostics/diagnostic.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { withoutEchoes } from './echoes.ts';
import { gather } from './imports.ts';
import { reportBudget } from './model/budget.ts';
import { build } from './model/build.ts';
import { sourceFile } from './source/source.ts';
import type { Span } from './source/source.ts';
import { parse } from './syntax/parse.ts';

export function compile(text: string, options: CompileOptions): CompileResult {
  const source = sourceFile(options.path, text);
  const found = bag();
  const report = reportTo(found);

  const parsed = parse(source);
  const { ast, sources: overrides, diagnostics: overridden } = override(parsed.ast, options.set ?? {}, report);
  const imported = gather(ast, options.imports ?? {}, report);
  const damage = [...parsed.diagnostics, ...overridden, ...imported.diagnostics];

  const sources = new Map([source, ...overrides, ...imported.sources].map((s) => [s.path, s]));
  const textOf = (span: Span): string => sources.get(span.file)?.text.slice(span.start, span.end) ?? '';

  const facts = options.facts ?? null;
  const bound = bind(ast, damage, report, facts, imported.imports);
  const checks = check(bound, facts, textOf, ast.comments.length > 0, report);

  const isError = (d: Diagnostic): boolean => d.severity === 'error';
  const before = [...damage, ...withoutEchoes(found.all, damage, ast, sources)];
  const built = before.some(isError) ? null : build(bound, checks);
  if (built) reportBudget(built, bound, report, options.memory);
  const said = built ? [...damage, ...found.all] : before;
  const failed = said.some(isError);
  const program = failed ? null : built;

  const own = readAllowances(parsed.ast, source);
  const allowances = [...own.all, ...imported.asts.flatMap((file) => readAllowances(file, sources.get(file.file)!).all)];
  const { kept, allowed } = settle(arrange(said, source.path), allowances);
  // Whether a comment is needed is known when nothing is missing any more; what the data would say is left to those who look at it.
  const looked = program !== null && (facts !== null || program.data.source.kind === 'none' || program.data.source.kind === 'synthetic');
  const idle = looked ? unused(own.all.filter(({ code }) => !isAboutData(code)), allowed) : [];
  const diagnostics = arrange([...kept, ...own.diagnostics, ...idle], source.path);
  return { source, sources, ast: parsed.ast, diagnostics, allowances, allowed, data: checks.data.plan, program, needsData: !failed && program === null };
}

/** In the order of the text; the program before what was set from outside. */
const arrange = (all: readonly Diagnostic[], path: string): readonly Diagnostic[] =>
  [...all].sort((a, b) => Number(a.span.file !== path) - Number(b.span.file !== path) || a.span.start - b.span.start);
