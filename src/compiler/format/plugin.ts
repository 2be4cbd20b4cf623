/** The prettier plugin for `.cnn`: language, parser, printer. */
import type { Parser, Plugin, Printer } from 'prettier';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { sourceFile } from '../source/source.ts';
import type { Ast, Statement } from '../syntax/ast.ts';
import { parse } from '../syntax/parse.ts';
import type { AstNode } from '../syntax/walk.ts';
import { children, walk } from '../syntax/walk.ts';
import { canAttachComment, handleComments, printComment } from './comments.ts';
import type { Owners } from './comments.ts';
import { print } from './print.ts';

export const languages: Plugin['languages'] = [{ name: 'cnn', parsers: ['cnn'], extensions: ['.cnn'] }];

/** Throws `DiagnosticError` for a program with syntax errors: what is not understood is not moved. */
const parser: Parser<AstNode> = {
  astFormat: 'cnn',
  locStart: (node) => node.span.start,
  locEnd: (node) => node.span.end,
  parse(text, options) {
    const { ast, diagnostics } = parse(sourceFile(options.filepath ?? '', text));
    const errors = diagnostics.filter((d) => d.severity === 'error');
    if (errors.length > 0) throw new DiagnosticError(errors);
    return ast;
  },
};

const owners = new WeakMap<Ast, Owners>();
function ownersOf(ast: Ast): Owners {
  const known = owners.get(ast);
  if (known) return known;
  const made: Owners = new WeakMap();
  const own = (node: AstNode, statement: Statement): void =>
    walk(node, (inner) => {
      if ('kind' in inner && (inner.kind === 'settings' || inner.kind === 'cell')) return false;
      made.set(inner, statement);
      return true;
    });
  walk(ast, (node) => {
    if ('kind' in node && node.kind === 'statement') for (const child of children(node)) own(child, node);
  });
  owners.set(ast, made);
  return made;
}

/** The keys under which a node keeps other nodes. */
const keys: Readonly<Record<string, readonly string[]>> = {
  program: ['statements'],
  settings: ['statements'],
  cell: ['statements'],
  statement: ['values', 'options', 'blocks'],
  list: ['items'],
  call: ['args', 'options'],
  expression: ['expression'],
  option: ['value'],
};

const printer: Printer<AstNode> = {
  print: print as Printer<AstNode>['print'],
  printComment: printComment as unknown as Printer<AstNode>['printComment'],
  canAttachComment,
  isBlockComment: () => false,
  handleComments: handleComments(ownersOf) as unknown as Printer<AstNode>['handleComments'],
  getVisitorKeys: (node) => [...(keys['kind' in node ? node.kind : 'name' in node ? 'option' : ''] ?? [])],
};

export const parsers = { cnn: parser };
export const printers = { cnn: printer };
export const plugin: Plugin<AstNode> = { languages, parsers, printers };
