/** What the parts of `to-ast` share, and spans of parser nodes. */
import type { CstChildrenDictionary, CstNode, IToken } from 'chevrotain';
import { endOf } from './lexer.ts';
import type { Report } from './report.ts';

export interface Context {
  readonly text: string;
  readonly report: Report;
}

const isNode = (element: CstNode | IToken): element is CstNode => 'children' in element;

/** From the first to the last token below a node. Iterative over siblings, as deep as the nesting limit allows. */
export function nodeSpan(node: { readonly children: object }): { start: number; end: number } {
  let start = Infinity;
  let end = 0;
  for (const elements of Object.values(node.children as CstChildrenDictionary)) {
    for (const element of elements ?? []) {
      const span = isNode(element) ? nodeSpan(element) : { start: element.startOffset, end: endOf(element) };
      start = Math.min(start, span.start);
      end = Math.max(end, span.end);
    }
  }
  return { start, end };
}

/** What stands there, in back quotes, cut for a message. */
export function excerpt(context: Context, span: { readonly start: number; readonly end: number }): string {
  const text = context.text.slice(span.start, span.end).replace(/\s+/g, ' ');
  return `\`${text.length > 24 ? `${text.slice(0, 23)}…` : text}\``;
}
