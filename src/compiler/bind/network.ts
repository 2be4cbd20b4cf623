/** The network's cells: layers and repeats. A node that cannot be understood becomes `broken`, and the rest is bound all the same. */
import type { Block, Statement, Value } from '../syntax/ast.ts';
import { words } from '../vocabulary/index.ts';
import { bindArguments } from './arguments.ts';
import type { BoundCell, BoundNode } from './bound.ts';
import type { Misplaced } from './section.ts';
import type { Report } from './report.ts';
import { bindUse, headSpan, identify } from './statement.ts';

export function bindCell(block: Block, report: Report, misplaced: Misplaced[]): BoundCell {
  return { nodes: block.statements.map((statement) => bindNode(statement, report, misplaced)), span: block.span };
}

function bindNode(statement: Statement, report: Report, misplaced: Misplaced[]): BoundNode {
  const span = headSpan(statement);
  const before = report.errors;
  const identified = identify(statement, 'network', 'layer', report);
  if (identified.kind === 'elsewhere') misplaced.push({ word: identified.word, statement });
  if (identified.kind !== 'word') {
    // What stands inside is checked, too; where it stands is not known.
    for (const block of statement.blocks) if (block.kind === 'cell') bindCell(block, report, misplaced);
    return { kind: 'broken', span };
  }
  if (identified.word.word === 'repeat') return bindRepeat(statement, report, misplaced);
  const use = bindUse(identified.word, statement, report);
  const name = use.args.get('name');
  if (name && !/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(String(name.value))) report.add('CNN1018', name.span, { name: String(name.value) });
  return report.errors > before ? { kind: 'broken', span } : { kind: 'layer', use };
}

/** `repeat 3 < … >`, `repeat 4 < odd > < even >`, `repeat 3 as i < … >`. */
function bindRepeat(statement: Statement, report: Report, misplaced: Misplaced[]): BoundNode {
  const span = headSpan(statement);
  const before = report.errors;
  const values = withoutCounter(statement.values);
  const word = words.get('repeat')?.[0];
  const bound = word ? bindArguments(word, values, statement.options, span, 'repeat', report) : null;
  const count = bound?.args.get('count');
  const cells: BoundCell[] = [];
  for (const block of statement.blocks) {
    if (block.kind === 'cell') cells.push(bindCell(block, report, misplaced));
    else report.add('CNN1014', { ...block.span, end: block.span.start + 1 }, { owner: 'repeat', expected: 'cell', found: 'settings', example: word?.example ?? '' });
  }
  if (statement.blocks.length === 0) report.add('CNN1014', span, { owner: 'repeat', expected: 'cell', found: null, example: word?.example ?? '' });
  const value = count?.value;
  if (typeof value === 'object') report.add('CNN1008', count!.span, { owner: 'repeat', param: 'count', only: true, expected: 'a whole number', found: 'classes' });
  if (count === undefined || typeof value !== 'number' || report.errors > before) return { kind: 'broken', span };
  return { kind: 'repeat', count: value, countSpan: count.span, cells, span: statement.span };
}

/** Without `as i`; the name is declared in declared.ts. */
function withoutCounter(values: readonly Value[]): readonly Value[] {
  const at = values.findIndex((value) => value.kind === 'word' && value.text === 'as');
  return at >= 0 && values[at + 1]?.kind === 'word' ? values.filter((_, i) => i !== at && i !== at + 1) : values;
}
