/**
 * Finds the files that a program imports, and theirs, through the reader that the edge gives: nothing here touches a disk.
 * Paths are relative to the importing file and stay in the folder of the program.
 */
import type { Import, Imported, Imports } from './bind/imports.ts';
import type { Report } from './bind/report.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { sourceFile } from './source/source.ts';
import type { SourceFile, Span } from './source/source.ts';
import type { Ast, Statement, Value } from './syntax/ast.ts';
import { parse } from './syntax/parse.ts';

/** The text of a file by its path as shown (the program's own path with the import's on it), or why there is none. */
export type ReadImport = (path: string) => { readonly text: string } | { readonly problem: string };

export interface Gathered {
  readonly imports: Imports;
  readonly sources: readonly SourceFile[];
  /** One for each source. */
  readonly asts: readonly Ast[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ImportOptions {
  readonly read?: ReadImport;
  /** Files outside of the program's folder may be imported. */
  readonly anywhere?: boolean;
}

const mostFiles = 200;

export function gather(ast: Ast, options: ImportOptions, report: Report): Gathered {
  const sources = new Map<string, SourceFile>();
  const found = new Map<string, Imported | null>();
  const asts: Ast[] = [];
  const diagnostics: Diagnostic[] = [];
  const home = folderOf(ast.file);
  const program = normal(ast.file);

  const importsOf = (file: Ast, way: readonly string[]): Imports =>
    file.statements.flatMap((statement): readonly Import[] => {
      const written = pathOf(statement);
      if (!written) return [];
      const path = joined(file.file, written.text);
      const wrong = (problem: string, kind: 'unreadable' | 'outside' | 'cycle' | 'many'): readonly Import[] => {
        report.add('CNN1230', written.span, { path: written.text, kind, problem });
        return [];
      };
      if (path === null || (!options.anywhere && !inside(path, home))) return wrong(home === '' ? 'the folder of the program' : home, 'outside');
      if (way.includes(path)) return wrong([...way.slice(way.indexOf(path)), path].join(' → '), 'cycle');
      const earlier = found.get(path);
      if (earlier !== undefined) return earlier ? [{ file: earlier, span: written.span }] : [];
      if (found.size >= mostFiles) return wrong(String(mostFiles), 'many');
      const read = options.read?.(path) ?? { problem: 'files cannot be read here' };
      if ('problem' in read) {
        found.set(path, null);
        return wrong(read.problem, 'unreadable');
      }
      const source = sourceFile(path, read.text);
      sources.set(path, source);
      const parsed = parse(source);
      asts.push(parsed.ast);
      diagnostics.push(...parsed.diagnostics);
      const imported: Imported = { path, ast: parsed.ast, imports: importsOf(parsed.ast, [...way, path]) };
      found.set(path, imported);
      if (parsed.diagnostics.length === 0 && !parsed.ast.statements.some(({ word }) => word.text === 'cell')) report.add('CNN1231', written.span, { path: written.text });
      return [{ file: imported, span: written.span }];
    });

  return { imports: importsOf(ast, [program]), sources: [...sources.values()], asts, diagnostics };
}

/** What is wrong with the statement otherwise is said when it is bound. */
function pathOf(statement: Statement): { readonly text: string; readonly span: Span } | null {
  const [value]: readonly Value[] = statement.values;
  return statement.word.text === 'import' && value?.kind === 'string' ? { text: value.value, span: value.span } : null;
}

/** With `/` only and without detours; `''` is the folder in which the command runs. At a root there is nothing above. */
function normal(path: string): string {
  const text = path.replaceAll('\\', '/');
  const [root] = /^(?:[A-Za-z]:)?\/{0,2}/.exec(text) ?? [''];
  const parts: string[] = [];
  for (const part of text.slice(root.length).split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else if (root === '') parts.push(part);
  }
  return root + parts.join('/');
}

const folderOf = (file: string): string => normal(`${file}/..`);
const below = (folder: string): string => (folder === '' || folder.endsWith('/') ? folder : `${folder}/`);

/** null: no relative path. */
const joined = (from: string, path: string): string | null => (path === '' || /^[/\\]|^[A-Za-z]:|\0/.test(path) ? null : normal(below(folderOf(from)) + path));

/** Whether a path without detours lies in a folder. */
const inside = (path: string, folder: string): boolean => path.startsWith(below(folder)) && !path.slice(below(folder).length).startsWith('../');
