/** Names that a piece of a program speaks of, without asking what they mean: enough to see that a parameter is never used. */
import type { AstNode } from '../syntax/walk.ts';
import { walk } from '../syntax/walk.ts';

export function mentions(nodes: readonly AstNode[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodes)
    walk(node, (inner) => {
      if ('kind' in inner && (inner.kind === 'word' || inner.kind === 'name')) names.add(inner.text);
    });
  return names;
}
