/** `repeat 2 < a > < b > < c >`: the third cell has no turn. */
import type { BoundCell } from '../../bind/bound.ts';
import type { Rule } from './rule.ts';

export const cellNeverRuns: Rule = ({ bound }, { report }) => {
  const seen = new Set<number>();
  // Uses of a named cell share its body.
  const visited = new Set<BoundCell>();
  const look = (cell: BoundCell): void => {
    if (visited.has(cell)) return;
    visited.add(cell);
    for (const node of cell.nodes) {
      if (node.kind === 'layer' || node.kind === 'broken') continue;
      if (node.kind === 'repeat' && node.count < node.written && !seen.has(node.countSpan.start)) {
        seen.add(node.countSpan.start);
        report.add('CNN1235', node.countSpan, { count: node.count, cells: node.written });
      }
      for (const inner of node.kind === 'call' || node.kind === 'residual' ? [node.cell] : node.cells) look(inner);
    }
  };
  if (bound.network) look(bound.network.cell);
};
