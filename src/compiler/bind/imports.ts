/**
 * `import "cells/resnet.cnn"`: the named cells of another file. Which files there are is found before binding
 * (src/compiler/imports.ts); here their cells come into sight. Each file's own names mean what they mean there.
 */
import type { Span } from '../source/source.ts';
import type { Ast } from '../syntax/ast.ts';
import { importWord } from '../vocabulary/structure.ts';
import { declare, isDeclaration } from './declare.ts';
import type { CellDeclaration, Environment, Scope } from './scope.ts';
import { bindUse, identify } from './statement.ts';

/** An imported file: read, parsed, and what it imports itself. */
export interface Imported {
  readonly path: string;
  readonly ast: Ast;
  readonly imports: Imports;
}

/** One `import`, in the order written. A file that several import is one object. */
export interface Import {
  readonly file: Imported;
  /** The path in the statement. */
  readonly span: Span;
}

export type Imports = readonly Import[];
export const noImports: Imports = [];

export type Cells = ReadonlyMap<string, CellDeclaration>;

/** The cells that a file's imports bring, by name. A file that several import is declared once: `done` has them by path. */
export function bringCells(imports: Imports, env: Environment, done: Map<string, Cells> = new Map()): Cells {
  const brought = new Map<string, CellDeclaration>();
  for (const { file, span } of imports) {
    const cells = done.get(file.path) ?? declareFile(file, env, done);
    done.set(file.path, cells);
    for (const [name, cell] of cells) {
      const earlier = brought.get(name);
      if (!earlier || earlier === cell) brought.set(name, cell);
      else env.report.add('CNN1271', span, { name, files: [earlier, cell].map(fileOf) }, { related: [earlier, cell].map((one) => ({ span: one.name.span, label: 'one of them' })) });
    }
  }
  return brought;
}

const fileOf = (cell: CellDeclaration): string => cell.name.span.file;

/** Its own cells only: what it imports is its own business. */
function declareFile({ path, ast, imports }: Imported, env: Environment, done: Map<string, Cells>): Cells {
  const scope = declare(ast.statements, null, env, bringCells(imports, env, done));
  checkOthers(ast, scope);
  return new Map([...scope.cells].filter(([, cell]) => fileOf(cell) === path));
}

/** A file with cells may be a program of its own, whose sections are left alone here; a word that means nothing is still a slip. */
function checkOthers(ast: Ast, scope: Scope): void {
  for (const statement of ast.statements) {
    if (isDeclaration(statement)) continue;
    const identified = identify(statement, 'top', 'section', scope.env.report);
    if (identified.kind === 'word' && identified.word === importWord) bindUse(importWord, statement, scope);
  }
}

/** Imports of the program from which nothing is used, with what their files are called. */
export const unusedImports = (imports: Imports, brought: Cells, used: ReadonlySet<unknown>): Imports =>
  imports.filter(({ file }) => {
    const cells = [...brought.values()].filter((cell) => fileOf(cell) === file.path);
    return cells.length > 0 && !cells.some((cell) => used.has(cell));
  });
