/**
 * The network's cells, expanded: uses of named cells become copies of their bodies with the names' values put in, a `repeat … as i`
 * one copy an iteration. A node that cannot be understood becomes `broken`, and the rest is bound all the same.
 */
import type { Block, Name, Statement, Value } from '../syntax/ast.ts';
import { branch, repeat, residual } from '../vocabulary/structure.ts';
import type { Merge } from '../model/program.ts';
import { mostLayers, mostNested } from '../model/tree.ts';
import type { BoundCell, BoundNode } from './bound.ts';
import { declare, isDeclaration, isReserved, scopeOfCell } from './declare.ts';
import { show } from './describe.ts';
import { mentions } from './mentions.ts';
import { findCell, findValue, known, namesInSight, withValues } from './scope.ts';
import type { CellDeclaration, Environment, NamedValue, Scope } from './scope.ts';
import type { Misplaced } from './section.ts';
import { separate } from './separate.ts';
import { bindUse, headSpan, identify } from './statement.ts';

export function bindCell(block: Block, outer: Scope, misplaced: Misplaced[]): BoundCell {
  const { env } = outer;
  const cut: BoundCell = { nodes: [{ kind: 'broken', span: block.span }], span: block.span };
  if (!spend(block, env)) return cut;
  if (env.depth >= mostNested) {
    // Said once: nothing more is expanded.
    env.budget = 0;
    env.exhausted = true;
    env.report.add('CNN1270', { ...block.span, end: block.span.start + 1 }, { what: 'cell', limit: mostNested });
    return cut;
  }
  env.depth++;
  const scope = declare(block.statements, outer, env);
  const { damage } = env;
  const { file } = block.span;
  const nodes: BoundNode[] = [];
  let at = block.span.start + 1;
  /** What could not be read may have been a layer. */
  const hole = (to: number) => {
    if (to > at && damage.within({ file, start: at, end: to - 1 })) nodes.push({ kind: 'broken', span: { file, start: at, end: to } });
  };
  const written = new Set(block.statements.map((statement) => statement.span.start));
  for (const statement of separate(block.statements, 'network', scope)) {
    hole(statement.span.start);
    // Where statements ran together something may be missing, or too much.
    if (!written.has(statement.span.start)) nodes.push({ kind: 'broken', span: headSpan(statement) });
    at = statement.span.end + 1;
    if (isDeclaration(statement)) continue;
    const node = bindNode(statement, scope, misplaced);
    nodes.push(damage.inHead(statement) ? { kind: 'broken', span: headSpan(statement) } : node);
  }
  hole(block.span.end);
  env.depth--;
  return { nodes, span: block.span };
}

function bindNode(statement: Statement, scope: Scope, misplaced: Misplaced[]): BoundNode {
  const { report } = scope.env;
  const span = headSpan(statement);
  const cell = findCell(scope, statement.word.text);
  if (cell) return bindCall(cell, statement, scope, misplaced);
  // A cell whose declaration was reported.
  if (scope.env.lost.has(statement.word.text)) return { kind: 'broken', span };
  const before = report.errors;
  const identified = identify(statement, 'network', 'layer', report, () => namesInSight(scope, 'cells'));
  if (identified.kind === 'elsewhere') misplaced.push({ word: identified.word, statement });
  if (identified.kind !== 'word') {
    // What stands inside is checked, too; where it stands is not known.
    const inner = guessed(statement, scope);
    for (const block of statement.blocks) if (block.kind === 'cell') bindCell(block, inner, misplaced);
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

/** Cells and statements that expansion may make in all; far more than `mostLayers`, far less than memory. */
export const mostStatements = 100_000;

/** False, and reported once, where cells that use cells have grown beyond all bounds. */
function spend(block: Block, env: Environment): boolean {
  env.budget -= 1 + block.statements.length;
  if (env.budget > 0) return true;
  if (!env.exhausted) env.report.add('CNN1207', { ...block.span, end: block.span.start + 1 }, { limit: mostLayers, what: 'cell' });
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
      const at = { span: counter.span, label: turnLabel(i, times, counter.text), via: 'iteration' as const };
      const named = withValues(scope, new Map([[counter.text, known(counter, { kind: 'number', value: i, integer: true, text: String(i), span: counter.span })]]));
      report.within(at, () => cells.push(bindCell(blocks[i % blocks.length], named, misplaced)));
    }
  } else {
    const inner = guessed(written, scope);
    for (const block of blocks) cells.push(bindCell(block, inner, misplaced));
  }
  if (times === null || report.errors > before || blocks.length === 0) return { kind: 'broken', span };
  if (counter && counter.span.file === env.file && !mentions(blocks).has(counter.text)) report.add('CNN1227', counter.span, { what: 'counter', name: counter.text, of: 'repeat' });
  return { kind: 'repeat', count: times, countSpan: count!.span, counter: counter?.text ?? null, cells, written: blocks.length, head: span, span: written.span };
}

/** How an iteration is spoken of where it explains a problem. `index` counts from 0. */
export const turnLabel = (index: number, count: number, counter: string | null): string => `iteration ${index + 1} of ${count}${counter === null ? '' : `, with ${counter} = ${index}`}`;

/** The statement without `as i`, and i. */
function takeCounter(statement: Statement): { readonly statement: Statement; readonly counter: Extract<Value, { kind: 'word' }> | null } {
  const { values } = statement;
  const at = values.findIndex((value) => value.kind === 'word' && value.text === 'as');
  const counter = at < 0 ? undefined : values[at + 1];
  if (counter?.kind !== 'word') return { statement, counter: null };
  return { statement: { ...statement, values: values.filter((_, i) => i !== at && i !== at + 1) }, counter };
}

/** What stands before a block that was not understood may hold the counter of a `repeat`. */
function guessed({ word, values }: Statement, scope: Scope): Scope {
  const names = values.filter((value) => value.kind === 'word').filter(({ text }) => findValue(scope, text) === null);
  if (names.length === 0 && word.text !== 'as') return scope;
  return { ...withValues(scope, new Map(names.map((name) => [name.text, known(name, null)]))), incomplete: true };
}

/** A counter must not be a word of the language. */
function isName({ text, span }: Extract<Value, { kind: 'word' }>, { env }: Scope): boolean {
  if (!isReserved(text)) return true;
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
  const bias = use.args.get('bias');
  const project = asked === 'norm' || asked === 'conv' ? asked : 'none';
  if (bias && project === 'none') {
    report.add('CNN1273', bias.whole, {});
    return { kind: 'broken', span: use.span };
  }
  return { kind: 'residual', cell, project, bias: bias?.value !== false, use, span: use.span };
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
  const begun = env.expanding.indexOf(cell);
  if (begun >= 0) {
    const names = [...env.expanding.slice(begun), cell].map(({ name }) => name.text);
    report.add('CNN1221', span, { what: 'cell', names }, { related: [{ span: cell.name.span, label: 'declared here' }] });
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
  const { expanding } = cell.scope.env;
  expanding.push(cell);
  const body = bindCell(cell.body, scopeOfCell(cell, given), misplaced);
  expanding.pop();
  return body;
}

/** Parameters that neither the body nor the default of another speaks of. */
function unusedParameters({ params, defaults, body }: CellDeclaration): readonly Name[] {
  const used = mentions([body, ...defaults.values()]);
  return params.filter((param) => !used.has(param.text));
}

/**
 * Cells that nothing uses are checked all the same, as far as that goes without values for their parameters. What is not used
 * is only told where all else is understood: `sound` is false where a use may have been lost.
 */
export function bindUnused(env: Environment, sound: boolean, misplaced: Misplaced[]): void {
  const unused = new Set<NamedValue | CellDeclaration>();
  // Looking at one may find the declarations inside it.
  for (const declared of env.declared) {
    if (env.used.has(declared)) continue;
    unused.add(declared);
    if ('params' in declared) expand(declared, null, misplaced);
  }
  if (!sound || env.report.errors > 0) return;
  // A cell that is used twice has its declarations twice.
  const place = ({ name: { span } }: NamedValue | CellDeclaration): string => `${span.file} ${span.start}`;
  const told = new Set<string>();
  const used = new Set([...env.used].map(place));
  for (const one of env.declared) {
    if (one.name.span.file !== env.file || told.has(place(one))) continue;
    told.add(place(one));
    if (unused.has(one) && !used.has(place(one))) env.report.add('CNN1227', one.name.span, { what: 'params' in one ? 'cell' : 'value', name: one.name.text, of: null });
    else if ('params' in one) for (const param of unusedParameters(one)) env.report.add('CNN1227', param.span, { what: 'parameter', name: param.text, of: one.name.text });
  }
}
