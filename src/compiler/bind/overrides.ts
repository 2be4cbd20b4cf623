/**
 * `--set fit.batch=32`: replaces a statement of the program, or one of its options, before binding, so that the new value is
 * checked like the program. The text of each override is a source of its own for messages.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../source/source.ts';
import { fileSpan, sourceFile } from '../source/source.ts';
import type { Ast, Block, Statement } from '../syntax/ast.ts';
import { parse } from '../syntax/parse.ts';
import type { Report } from './report.ts';

export interface Overridden {
  readonly ast: Ast;
  readonly sources: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
}

const sectionWords = ['data', 'preprocess', 'augment', 'compile', 'fit', 'budget'];
const topWords = ['model', 'input', 'classes'];

export function override(ast: Ast, set: Readonly<Record<string, string>>, report: Report): Overridden {
  const sources: SourceFile[] = [];
  const diagnostics: Diagnostic[] = [];
  let changed = ast;
  for (const [key, value] of Object.entries(set)) {
    const parts = key.split('.');
    const inSection = sectionWords.includes(parts[0]) && (parts.length === 2 || parts.length === 3);
    if (!(inSection || (topWords.includes(parts[0]) && parts.length === 1)) || !parts.every((part) => /^[A-Za-z_]\w*$/.test(part))) {
      const path = `--set ${key}=${value}`;
      sources.push(sourceFile(path, key));
      report.add('CNN1020', { ...fileSpan(path), end: key.length }, { key, value: null, sections: sectionWords, words: topWords });
      continue;
    }
    const [word, option] = inSection ? [parts[1], parts[2]] : [parts[0], undefined];
    const source = sourceFile(`--set ${key}=${value}`, option === undefined ? `${word} ${value}` : `${word} ${option}=${value}`);
    sources.push(source);
    const parsed = parse(source);
    diagnostics.push(...parsed.diagnostics);
    const statement = parsed.ast.statements[0];
    if (!statement || parsed.ast.statements.length !== 1) {
      if (parsed.diagnostics.length === 0) report.add('CNN1020', { ...fileSpan(source.path), end: source.text.length }, { key, value, sections: sectionWords, words: topWords });
      continue;
    }
    changed = inSection ? inSectionOf(changed, parts[0], statement, option !== undefined) : { ...changed, statements: putStatement(changed.statements, statement, false) };
  }
  return { ast: changed, sources, diagnostics };
}

/** Replaces the statement of the same word, or only the options it names, or adds it. */
function putStatement(statements: readonly Statement[], by: Statement, optionsOnly: boolean): readonly Statement[] {
  const at = statements.findIndex((s) => s.word.text === by.word.text);
  if (at < 0) return [...statements, by];
  const old = statements[at];
  const names = new Set(by.options.map((o) => o.name.text));
  const merged: Statement = optionsOnly ? { ...old, options: [...old.options.filter((o) => !names.has(o.name.text)), ...by.options] } : by;
  return statements.map((s, i) => (i === at ? merged : s));
}

function inSectionOf(ast: Ast, section: string, statement: Statement, optionsOnly: boolean): Ast {
  const at = ast.statements.findIndex((s) => s.word.text === section);
  const span = statement.span;
  // Without a statement to change, an option needs the word's own default: the optimizer is adam.
  const whole = optionsOnly && statement.word.text === 'optimizer' ? { ...statement, values: [{ kind: 'word' as const, text: 'adam', span: statement.word.span }] } : statement;
  if (at < 0) {
    const block: Block = { kind: 'settings', statements: [whole], span };
    return { ...ast, statements: [...ast.statements, { kind: 'statement', word: { text: section, span }, values: [], options: [], blocks: [block], span }] };
  }
  const old = ast.statements[at];
  const has = old.blocks.some((b) => b.kind === 'settings' && b.statements.some((s) => s.word.text === statement.word.text));
  const [first, ...others] = old.blocks;
  const block: Block = first ? { ...first, statements: putStatement(first.statements, has ? statement : whole, optionsOnly) } : { kind: 'settings', statements: [whole], span };
  return { ...ast, statements: ast.statements.map((s, i) => (i === at ? { ...s, blocks: [block, ...others] } : s)) };
}
