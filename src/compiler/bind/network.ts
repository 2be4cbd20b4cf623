/**
 * The network's cells, expanded: uses of named cells become copies of their bodies with the names' values put in, a `repeat … as i`
 * one copy an iteration. A node that cannot be understood becomes `broken`, and the rest is bound all the same.
 */
import type { Block, Statement, Value } from '../syntax/ast.ts';
import { words } from '../vocabulary/index.ts';
import { branch, repeat, residual } from '../vocabulary/structure.ts';
import type { Merge } from '../model/program.ts';
import type { BoundCell, BoundNode } from './bound.ts';
import { declare, isDeclaration, scopeOfCell } from './declare.ts';
import { show } from './describe.ts';
import { mentions } from './mentions.ts';
import { findCell, known, namesInSight, withValues } from './scope.ts';
import type { CellDeclaration, Environment, Scope } from './scope.ts';
import type { Misplaced } from './section.ts';
import { bindUse, headSpan, identify } from './statement.ts';

export function bindCell(block: Block, outer: Scope, misplaced: Misplaced[]): BoundCell {
  const scope = declare(block.statements, outer, outer.env);
  const nodes = block.statements.filter((statement) => !isDeclaration(statement)).map((statement) => bindNode(statement, scope, misplaced));
  return { nodes, span: block.span };
}

function bindNode(statement: Statement, scope: Scope, misplaced: Misplaced[]): BoundNode {
  const { report } = scope.env;
  const span = headSpan(statement);
  if (!spend(statement, scope)) return { kind: 'broken', span };
  const cell = findCell(scope, statement.word.text);
  if (cell) return bindCall(cell, statement, scope, misplaced);
  const before = report.errors;
  const identified = identify(statement, 'network', 'layer', report, namesInSight(scope, 'cells'));
  if (identified.kind === 'elsewhere') misplaced.push({ word: identified.word, statement });
  if (identified.kind !== 'word') {
    // What stands inside is checked, too; where it stands is not known.
    for (const block of statement.blocks) if (block.kind === 'cell') bindCell(block, scope, misplaced);
    return { kind: 'broken', span };
  }
  if (identified.word === repeat) return bindRepeat(statement, scope, misplaced);
  if (identified.word === residual) return bindResidual(statement, scope, misplaced);
  if (identified.word === branch) return bindBranch(statement, scope, misplaced);
  const use = bindUse(identified.word, statement, scope);
  const name = use.args.get('name');
  if (name && !/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(String(name.value))) report.add('CNN1018', name.span, { name: String(name.value) });
  return report.errors > before ? { kind: 'broken', span } : { kind: 'layer', use };
}

/** Statements that expansion may make in all; far more than `mostLayers`, far less than memory. */
export const mostStatements = 200_000;

/** False, and reported once, where cells that use cells have grown beyond all bounds. */
function spend(statement: Statement, { env }: Scope): boolean {
  if (env.budget-- > 0) return true;
  if (!env.exhausted) env.report.add('CNN1207', headSpan(statement), { limit: mostStatements, what: 'cell' });
  env.exhausted = true;
  return false;
}

const cellsOf = (statement: Statement): readonly Block[] => statement.blocks.filter((block) => block.kind === 'cell');

/** `repeat 3 < … >`, `repeat 4 < odd > < even >`, `repeat 3 as i < … >`. */
function bindRepeat(written: Statement, scope: Scope, misplaced: Misplaced[]): BoundNode {
  const { env } = scope;
  const { report } = env;
  const { statement, counter } = takeCounter(written);
  const span = headSpan(written);
  const before = report.errors;
  const use = bindUse(repeat, statement, scope);
  const count = use.args.get('count');
  const value = count?.value;
  const blocks = cellsOf(statement);
  if (typeof value === 'object' && 'classes' in value && !value.unknown) report.add('CNN1008', count!.span, { owner: 'repeat', param: 'count', only: true, expected: 'a whole number', found: 'classes' });
  const times = typeof value === 'number' ? value : null;
  const cells: BoundCell[] = [];
  if (counter && times !== null && blocks.length > 0 && isName(counter, scope)) {
    for (let i = 0; i < times && report.errors === before && !env.exhausted; i++) {
      const at = { span: counter.span, label: `iteration ${i + 1} of ${times}, with ${counter.text} = ${i}`, via: 'iteration' as const };
      const named = withValues(scope, new Map([[counter.text, known(counter, { kind: 'number', value: i, integer: true, text: String(i), span: counter.span })]]));
      report.within(at, () => cells.push(bindCell(blocks[i % blocks.length], named, misplaced)));
    }
  } else {
    const inner = counter ? withValues(scope, new Map([[counter.text, known(counter, null)]])) : scope;
    for (const block of blocks) cells.push(bindCell(block, inner, misplaced));
  }
  if (times === null || report.errors > before || blocks.length === 0) return { kind: 'broken', span };
  if (counter && !mentions(blocks).has(counter.text)) report.add('CNN1227', counter.span, { what: 'counter', name: counter.text, of: 'repeat' });
  return { kind: 'repeat', count: times, countSpan: count!.span, cells, written: blocks.length, span: written.span };
}

/** The statement without `as i`, and i. */
function takeCounter(statement: Statement): { readonly statement: Statement; readonly counter: Extract<Value, { kind: 'word' }> | null } {
  const { values } = statement;
  const at = values.findIndex((value) => value.kind === 'word' && value.text === 'as');
  const counter = at < 0 ? undefined : values[at + 1];
  if (counter?.kind !== 'word') return { statement, counter: null };
  return { statement: { ...statement, values: values.filter((_, i) => i !== at && i !== at + 1) }, counter };
}

/** A counter must not be a word of the language. */
function isName({ text, span }: Extract<Value, { kind: 'word' }>, { env }: Scope): boolean {
  if (!words.has(text)) return true;
  env.report.add('CNN1016', span, { name: text });
  return false;
}

/** `residual < … >`, `residual project < … >`. */
function bindResidual(statement: Statement, scope: Scope, misplaced: Misplaced[]): BoundNode {
  const { report } = scope.env;
  const before = report.errors;
  const use = bindUse(residual, statement, scope);
  const [block] = cellsOf(statement);
  const cell = block ? bindCell(block, scope, misplaced) : null;
  if (!cell || !use.sound || report.errors > before) return { kind: 'broken', span: use.span };
  const asked = use.args.get('project')?.value;
  return { kind: 'residual', cell, project: asked === 'norm' || asked === 'conv' ? asked : 'none', use, span: use.span };
}

/** `branch < … > < … > merge=concat`. */
function bindBranch(statement: Statement, scope: Scope, misplaced: Misplaced[]): BoundNode {
  const { report } = scope.env;
  const before = report.errors;
  const use = bindUse(branch, statement, scope);
  const cells = cellsOf(statement).map((block) => bindCell(block, scope, misplaced));
  if (cells.length === 1 && report.errors === before) report.add('CNN1228', use.span, {});
  if (cells.length < 2 || report.errors > before) return { kind: 'broken', span: use.span };
  return { kind: 'branch', cells, merge: (use.args.get('merge')?.value as Merge | undefined) ?? 'concat', use, span: use.span };
}

/** `stage 64`: the body of the cell, its parameters being what stands here. */
function bindCall(cell: CellDeclaration, statement: Statement, scope: Scope, misplaced: Misplaced[]): BoundNode {
  const { env } = scope;
  const { report } = env;
  const span = headSpan(statement);
  env.used.add(cell);
  const broken: BoundNode = { kind: 'broken', span };
  if (cell.busy) {
    report.add('CNN1221', span, { what: 'cell', names: [cell.name.text] }, { related: [{ span: cell.name.span, label: 'declared here' }] });
    return broken;
  }
  const use = bindUse(cell.word, statement, scope);
  if (!use.sound) return broken;
  const given = new Map<string, Value>();
  for (const [name, { value }] of use.args) if (typeof value === 'object' && 'written' in value) given.set(name, value.written as Value);
  const text = [cell.name.text, ...[...given].map(([name, value], i) => (cell.params[i]?.text === name ? show(value) : `${name}=${show(value)}`))].join(' ');
  const key = JSON.stringify([...given].map(([name, value]) => [name, { ...value, span: undefined }]));
  const body = cell.expansions.get(key) ?? report.within({ span, label: `in \`${text}\`, called here`, via: 'call' }, () => expand(cell, given, misplaced));
  cell.expansions.set(key, body);
  return { kind: 'call', name: cell.name.text, text, cell: body, span };
}

/** `given` null: the body is looked at though nothing uses the cell. */
function expand(cell: CellDeclaration, given: ReadonlyMap<string, Value> | null, misplaced: Misplaced[]): BoundCell {
  cell.busy = true;
  const body = bindCell(cell.body, scopeOfCell(cell, given), misplaced);
  cell.busy = false;
  return body;
}

/** Parameters that neither the body nor the default of another speaks of. */
function reportParameters({ name, params, defaults, body }: CellDeclaration, { report }: Environment): void {
  const used = mentions([body, ...defaults.values()]);
  for (const param of params) if (!used.has(param.text)) report.add('CNN1227', param.span, { what: 'parameter', name: param.text, of: name.text });
}

/** Cells that nothing uses are checked all the same, as far as that goes without values for their parameters. */
export function bindUnused(scope: Scope, misplaced: Misplaced[]): void {
  const { env } = scope;
  // Looking at one may find the declarations inside it.
  for (const declared of env.declared) {
    const isCell = 'params' in declared;
    if (env.used.has(declared)) {
      if (isCell && !declared.imported) reportParameters(declared, env);
      continue;
    }
    if (!declared.imported) env.report.add('CNN1227', declared.name.span, { what: isCell ? 'cell' : 'value', name: declared.name.text, of: null });
    if (isCell) expand(declared, null, misplaced);
  }
}
