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
export function declare(statements: readonly Statement[], parent: Scope | null, env: Environment, brought: readonly CellDeclaration[] = [], imported = false): Scope {
  const values = new Map<string, NamedValue>();
  const cells = new Map<string, CellDeclaration>(brought.map((cell) => [cell.name.text, cell]));
  const scope: Scope = { parent, values, cells, env };
  for (const statement of statements) {
    if (statement.word.text === 'let') declareValues(statement, scope, values, imported);
    if (statement.word.text === 'cell') {
      const cell = cellOf(statement, scope, imported);
      if (cell && isFree(cell.name, cells.get(cell.name.text)?.name ?? values.get(cell.name.text)?.name, env)) {
        cells.set(cell.name.text, cell);
        env.declared.push(cell);
      }
    }
  }
  return scope;
}

/** False, and reported, where the name is a word of the language or declared before. */
function isFree(name: Name, earlier: Name | undefined, { report }: Environment): boolean {
  if (words.has(name.text)) {
    report.add('CNN1016', name.span, { name: name.text });
    return false;
  }
  if (!earlier) return true;
  report.add('CNN1017', name.span, { what: 'declaration', name: name.text }, { related: [{ span: earlier.span, label: 'first here' }] });
  return false;
}

function declareValues(statement: Statement, scope: Scope, values: Map<string, NamedValue>, imported: boolean): void {
  const { report } = scope.env;
  const [stray] = statement.values;
  if (stray || statement.options.length === 0 || statement.blocks.length > 0) {
    report.add('CNN1225', stray?.span ?? headSpan(statement), { what: 'let', found: stray ? show(stray) : null });
  }
  for (const { name, value } of statement.options) {
    if (!isFree(name, values.get(name.text)?.name ?? scope.cells.get(name.text)?.name, scope.env)) continue;
    const named: NamedValue = { name, written: value, scope, imported, state: 'new' };
    values.set(name.text, named);
    scope.env.declared.push(named);
  }
}

/** null: reported. */
function cellOf(statement: Statement, scope: Scope, imported: boolean): CellDeclaration | null {
  const { report } = scope.env;
  const [head, more] = statement.values;
  const wrong = (span = headSpan(statement), found: string | null = null): null => {
    report.add('CNN1225', span, { what: 'cell', found });
    return null;
  };
  if (!head || (head.kind !== 'word' && head.kind !== 'call')) return wrong(head?.span, head ? show(head) : null);
  if (more) return wrong(more.span, show(more));
  const [block, second] = statement.blocks;
  if (!block || block.kind !== 'cell' || second) return wrong((second ?? block)?.span);
  const name: Name = head.kind === 'call' ? head.name : { text: head.text, span: head.span };
  const params: Name[] = [];
  const defaults = new Map<string, Value>();
  const add = (param: Name): void => {
    const earlier = params.find((p) => p.text === param.text);
    if (param.text === 'classes' || param.text === 'as') report.add('CNN1016', param.span, { name: param.text });
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
  }
  return { name, word: wordOf(name.text, params, defaults), defaults, params, body: block, imported, expansions: new Map(), scope: () => scope, busy: false };
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
  const outer = cell.scope();
  const values = new Map<string, NamedValue>();
  const scope: Scope = { parent: outer, values, cells: new Map(), env: outer.env };
  for (const name of cell.params) {
    const written = cell.defaults.get(name.text);
    const value = given?.get(name.text);
    if (value) values.set(name.text, known(name, value));
    // A default may use the parameters before it.
    else if (written) values.set(name.text, { name, written, scope, imported: false, state: 'new' });
    else values.set(name.text, known(name, null));
  }
  return scope;
}
