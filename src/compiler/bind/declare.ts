/** Declarations of a block: `let width=32`, `cell stage(filters, rate=.25) < … >`. They hold in the whole block, also above them. */
import type { Name, Statement, Value } from '../syntax/ast.ts';
import { words } from '../vocabulary/index.ts';
import type { Param, Word } from '../vocabulary/types.ts';
import { show } from './describe.ts';
import { known } from './scope.ts';
import type { CellDeclaration, Environment, NamedValue, Scope } from './scope.ts';
import { headSpan } from './statement.ts';

export const isDeclaration = (statement: Statement): boolean => statement.word.text === 'let' || statement.word.text === 'cell';

/** The scope of a block: its own names before those around it. `brought`: cells of imported files. */
export function declare(statements: readonly Statement[], parent: Scope | null, env: Environment, brought: ReadonlyMap<string, CellDeclaration> = new Map()): Scope {
  const values = new Map<string, NamedValue>();
  const cells = new Map(brought);
  const scope: Scope = { parent, values, cells, env };
  for (const statement of statements) {
    if (statement.word.text === 'let') declareValues(statement, scope, values);
    if (statement.word.text === 'cell') {
      const cell = cellOf(statement, scope);
      if (cell && isFree(cell.name, cells.get(cell.name.text)?.name ?? values.get(cell.name.text)?.name, env)) {
        cells.set(cell.name.text, cell);
        env.declared.push(cell);
      }
    }
  }
  return scope;
}

/**
 * Words that cannot be names: those that begin statements of the program or of a network, those that stand for a value of their
 * own (optimizers, losses, initializers), and those between. Settings (`size`, `batch`) are told apart by their section.
 */
export const isReserved = (name: string): boolean => ['as', 'on', 'off'].includes(name) || (words.get(name) ?? []).some((word) => !word.in.every(isSection));

const isSection = (place: string): boolean => (words.get(place) ?? []).some(({ blocks }) => blocks === 'settings');

/** False, and reported, where the name is a word of the language or declared before. */
function isFree(name: Name, earlier: Name | undefined, { report }: Environment): boolean {
  if (isReserved(name.text)) {
    report.add('CNN1016', name.span, { name: name.text });
    return false;
  }
  if (!earlier) return true;
  report.add('CNN1017', name.span, { what: 'declaration', name: name.text }, { related: [{ span: earlier.span, label: 'first here' }] });
  return false;
}

function declareValues(statement: Statement, scope: Scope, values: Map<string, NamedValue>): void {
  const { report } = scope.env;
  const [stray] = statement.values;
  if (stray || statement.options.length === 0 || statement.blocks.length > 0) {
    report.add('CNN1225', stray?.span ?? headSpan(statement), { what: 'let', found: stray ? show(stray) : null });
  }
  for (const { name, value } of statement.options) {
    if (!isFree(name, values.get(name.text)?.name ?? scope.cells.get(name.text)?.name, scope.env)) continue;
    const named: NamedValue = { name, written: value, scope, value: null };
    values.set(name.text, named);
    scope.env.declared.push(named);
  }
}

/** null: reported. */
function cellOf(statement: Statement, scope: Scope): CellDeclaration | null {
  const { report } = scope.env;
  const [head, more] = statement.values;
  const wrong = (span = headSpan(statement), found: string | null = null): null => {
    report.add('CNN1225', span, { what: 'cell', found });
    if (head?.kind === 'word') scope.env.lost.add(head.text);
    if (head?.kind === 'call') scope.env.lost.add(head.name.text);
    return null;
  };
  // What the parser reported in its head may be a parameter.
  if (scope.env.damage.within(headSpan(statement)) && (head?.kind === 'word' || head?.kind === 'call')) {
    scope.env.lost.add(head.kind === 'call' ? head.name.text : head.text);
    return null;
  }
  if (!head || (head.kind !== 'word' && head.kind !== 'call')) return wrong(head?.span, head ? show(head) : null);
  if (more) return wrong(more.span, show(more));
  const [block, second] = statement.blocks;
  if (!block || block.kind !== 'cell' || second) return wrong((second ?? block)?.span);
  const name: Name = head.kind === 'call' ? head.name : { text: head.text, span: head.span };
  const params: Name[] = [];
  const defaults = new Map<string, Value>();
  const add = (param: Name): void => {
    const earlier = params.find((p) => p.text === param.text);
    if (isReserved(param.text) || earlier) scope.env.lost.add(name.text);
    if (isReserved(param.text)) report.add('CNN1016', param.span, { name: param.text });
    else if (earlier) report.add('CNN1017', param.span, { what: 'parameter', name: param.text }, { related: [{ span: earlier.span, label: 'first here' }] });
    else params.push(param);
  };
  if (head.kind === 'call') {
    for (const arg of head.args) {
      if (arg.kind !== 'word') return wrong(arg.span, show(arg));
      add({ text: arg.text, span: arg.span });
    }
    for (const option of head.options) {
      add(option.name);
      defaults.set(option.name.text, option.value);
    }
    // In the order written, whether with a default or without.
    params.sort((a, b) => a.span.start - b.span.start);
  }
  // Its uses would be measured by the wrong parameters.
  if (scope.env.lost.has(name.text)) return null;
  return { name, word: wordOf(name.text, params, defaults), defaults, params, body: block, expansions: new Map(), scope };
}

/** A cell as a word of its own, so that its uses are bound, and their slips reported, like those of any layer. */
function wordOf(name: string, params: readonly Name[], defaults: ReadonlyMap<string, Value>): Word {
  const example = [name, ...params.filter((p) => !defaults.has(p.text)).map((p) => p.text)].join(' ');
  return {
    word: name,
    group: 'layer',
    doc: `A cell of this program.`,
    in: ['network'],
    example,
    repeats: true,
    params: params.map(({ text }, position): Param => {
      const value = defaults.get(text);
      return { name: text, type: { kind: 'any' }, doc: `A parameter of the cell ${name}.`, position, ...(value ? { default: show(value) } : { required: true }) };
    }),
  };
}

/** The scope of a cell's body: its parameters with what a use gives them; null: nothing uses it. */
export function scopeOfCell(cell: CellDeclaration, given: ReadonlyMap<string, Value> | null): Scope {
  const outer = cell.scope;
  const values = new Map<string, NamedValue>();
  const scope: Scope = { parent: outer, values, cells: new Map(), env: outer.env };
  for (const name of cell.params) {
    const written = cell.defaults.get(name.text);
    const value = given?.get(name.text);
    if (value) values.set(name.text, known(name, value));
    // A default may use the parameters before it.
    else if (written) values.set(name.text, { name, written, scope, value: null });
    else values.set(name.text, known(name, null));
  }
  return scope;
}
