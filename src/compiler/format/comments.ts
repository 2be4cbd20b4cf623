/**
 * Where comments belong. Prettier finds the nodes around each comment; this decides the cases that its defaults would move
 * somewhere else on the next run: behind an opening bracket, between a word and its block, inside parentheses.
 */
import type { AstPath, Doc } from 'prettier';
import type { Ast, Block, Comment, Statement } from '../syntax/ast.ts';
import type { AstNode } from '../syntax/walk.ts';
import { doc, util } from './prettier.ts';

/** A comment as prettier keeps it beside its node. */
export interface Attached extends Comment {
  readonly enclosingNode?: AstNode;
  readonly precedingNode?: AstNode;
  readonly followingNode?: AstNode;
  readonly leading?: boolean;
  readonly trailing?: boolean;
  readonly marker?: string;
}

/** Behind the opening bracket, on its line. */
const open = 'open';

const kindOf = (node: AstNode | undefined): string => (node && 'kind' in node ? node.kind : node ? 'part' : '');
const isBlock = (node: AstNode | undefined): node is Block => kindOf(node) === 'settings' || kindOf(node) === 'cell';

/** Comments stand at statements, blocks and list items; not at words, options and arithmetic. */
export const canAttachComment = (node: AstNode): boolean => 'kind' in node && !('operand' in node || 'operator' in node || node.kind === 'name');

/** The statement around each value, so that a comment inside parentheses can go above it. */
export type Owners = WeakMap<object, Statement>;

function place(comment: Attached, ownLine: boolean, owners: Owners): boolean {
  const { enclosingNode, precedingNode, followingNode } = comment;
  if (kindOf(enclosingNode) === 'statement' && isBlock(followingNode)) {
    if (!ownLine) util.addDanglingComment(followingNode, comment, open);
    else if (followingNode.statements.length > 0) util.addLeadingComment(followingNode.statements[0], comment);
    else util.addDanglingComment(followingNode, comment, undefined);
    return true;
  }
  if (isBlock(enclosingNode) && !precedingNode && !ownLine) {
    util.addDanglingComment(enclosingNode, comment, open);
    return true;
  }
  const owner = enclosingNode && kindOf(enclosingNode) !== 'list' ? owners.get(enclosingNode) : undefined;
  if (owner) util.addLeadingComment(owner, comment);
  return !!owner;
}

export const handleComments = (ownersOf: (ast: Ast) => Owners) => ({
  ownLine: (comment: Attached, _text: string, _options: unknown, ast: Ast) => place(comment, true, ownersOf(ast)),
  endOfLine: (comment: Attached, _text: string, _options: unknown, ast: Ast) => place(comment, false, ownersOf(ast)),
  // At the very end of a file without a last line end.
  remaining: (comment: Attached, _text: string, _options: unknown, ast: Ast) => place(comment, false, ownersOf(ast)),
});

export const printComment = (path: AstPath<Attached>): Doc => path.node.text.trimEnd();

/** Has prettier put a comment before or behind this node? */
export const has = (node: AstNode, where: 'leading' | 'trailing'): boolean => !!(node as { comments?: Attached[] }).comments?.some((c) => c[where]);

const { breakParent, hardline, join, lineSuffix } = doc.builders;

/** Comments with no statement beside them: behind the opener (one finds room there), or alone in a block, a list or the file. */
export function dangling(path: AstPath, where: 'open' | 'inside', text: string): Doc | null {
  const { comments } = path.node as { comments?: Attached[] };
  const docs: Doc[] = [];
  let previous: Attached | null = null;
  const first = comments?.find((c) => c.marker === open);
  if (comments?.some((c) => !c.leading && !c.trailing)) {
    path.each((at) => {
      const comment = at.node as Attached;
      if (comment.leading || comment.trailing || (comment === first) !== (where === 'open')) return;
      const gap = previous && /\n[ \t]*\n/.test(text.slice(previous.span.end, comment.span.start)) ? [hardline] : [];
      (comment as { printed?: boolean }).printed = true;
      docs.push([...gap, printComment(at as AstPath<Attached>)]);
      previous = comment;
    }, 'comments');
  }
  if (docs.length === 0) return null;
  return where === 'open' ? [lineSuffix([' ', ...docs]), breakParent] : [join(hardline, docs), breakParent];
}
