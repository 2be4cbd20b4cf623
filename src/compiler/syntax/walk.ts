/** Visits an AST: every node once, parents before children, in the order of the text. */
import type { Ast, Block, Expression, Name, Option, Statement, Value } from './ast.ts';

export type AstNode = Ast | Statement | Name | Option | Block | Value | Expression;

const byPlace = (nodes: readonly AstNode[]): readonly AstNode[] => [...nodes].sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);

/** The nodes directly below one. */
export function children(node: AstNode): readonly AstNode[] {
  if (!('kind' in node)) return 'name' in node ? [node.name, node.value] : [];
  switch (node.kind) {
    case 'program':
      return node.statements;
    case 'statement':
      return byPlace([node.word, ...node.values, ...node.options, ...node.blocks]);
    case 'settings':
    case 'cell':
      return node.statements;
    case 'list':
      return node.items;
    case 'call':
      return 'options' in node ? byPlace([node.name, ...node.args, ...node.options]) : [node.name, ...node.args];
    case 'expression':
      return [node.expression];
    case 'negate':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    default:
      return [];
  }
}

/** Calls `enter` with each node and its parent; false skips what is below it. Depth is bounded by the nesting limit and the length of arithmetic. */
export function walk(node: AstNode, enter: (node: AstNode, parent: AstNode | null) => boolean | void, parent: AstNode | null = null): void {
  if (enter(node, parent) === false) return;
  for (const child of children(node)) walk(child, enter, node);
}

/** The nodes that contain an offset, outermost first. */
export function pathAt(root: AstNode, offset: number): readonly AstNode[] {
  const path: AstNode[] = [];
  walk(root, (node) => {
    const inside = node.span.start <= offset && offset <= node.span.end;
    if (inside) path.push(node);
    return inside;
  });
  return path;
}
