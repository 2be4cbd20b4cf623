/**
 * `import "cells/resnet.cnn"`: the named cells and values of another file. Which files there are is found before binding
 * (src/compiler/imports.ts); here their cells come into sight. Each file's own names mean what they mean there.
 */
import type { Ast } from '../syntax/ast.ts';
import type { CellDeclaration, Environment } from './scope.ts';
import { declare } from './declare.ts';

/** An imported file: read, parsed, and what it imports itself. */
export interface Imported {
  readonly path: string;
  readonly ast: Ast;
  readonly imports: readonly Imported[];
}

export type Imports = readonly Imported[];
export const noImports: Imports = [];

/** The cells of the files, each with the names in sight where it was written. A file that several import is declared once. */
export function bringCells(imports: Imports, env: Environment, done: Map<string, readonly CellDeclaration[]> = new Map()): readonly CellDeclaration[] {
  return imports.flatMap(({ path, ast, imports: inner }) => {
    const earlier = done.get(path);
    if (earlier) return earlier;
    const scope = declare(ast.statements, null, env, bringCells(inner, env, done), true);
    // Its own cells only: what it imports is its own business.
    const own = [...scope.cells.values()].filter((cell) => cell.name.span.file === path);
    done.set(path, own);
    return own;
  });
}
