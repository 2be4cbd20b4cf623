/** Names of a program: values (`let width=32`, parameters of a cell, the counter of a `repeat`) and cells, each visible in its block and below it. */
import type { Block, Name, Value } from '../syntax/ast.ts';
import type { Word } from '../vocabulary/types.ts';
import type { BoundCell } from './bound.ts';
import { noDamage } from './damage.ts';
import type { Damage } from './damage.ts';
import type { Report } from './report.ts';

export interface Scope {
  readonly parent: Scope | null;
  readonly values: ReadonlyMap<string, NamedValue>;
  readonly cells: ReadonlyMap<string, CellDeclaration>;
  readonly env: Environment;
  /** A name of it could not be read: unknown ones may be that. */
  readonly incomplete?: true;
}

/** What one compilation shares. */
export interface Environment {
  readonly report: Report;
  /** The program's own file; what stands in another was imported. */
  readonly file: string;
  /** Number of classes where it is known already; arithmetic with `classes` waits for it. */
  classes: number | null;
  /** `classes` has a meaning in the network only. */
  inNetwork: boolean;
  /** Every declaration but parameters and counters. */
  readonly declared: (NamedValue | CellDeclaration)[];
  /** Those that something refers to. */
  readonly used: Set<NamedValue | CellDeclaration>;
  /** Cells and their statements that may still be made by expansion. */
  budget: number;
  /** The expansion was cut off, and that was reported. */
  exhausted: boolean;
  /** How many cells stand around the place where binding is. */
  depth: number;
  /** Named cells that are being expanded, from the outside in: using one of them is a circle. */
  readonly expanding: CellDeclaration[];
  /** Values that are being worked out, from the first on: asking for one of them is a circle. */
  readonly asking: NamedValue[];
  /** Names whose declaration was reported: their uses are not. */
  readonly lost: Set<string>;
  readonly damage: Damage;
}

export interface NamedValue {
  readonly name: Name;
  /** As written; null: a parameter of a cell that is looked at without being used. */
  readonly written: Value | null;
  /** Where `written` stands: what its own names mean. */
  readonly scope: Scope | null;
  /** Filled in when it is first asked for. */
  value: Value | null;
}

export interface CellDeclaration {
  readonly name: Name;
  /** Its parameters as those of a word, so that a use is bound like any layer. */
  readonly word: Word;
  readonly defaults: ReadonlyMap<string, Value>;
  readonly params: readonly Name[];
  readonly body: Block;
  /** Bodies by what the parameters were given, so that equal uses share one. */
  readonly expansions: Map<string, BoundCell>;
  /** Where it is declared. */
  readonly scope: Scope;
}

export function findValue(scope: Scope, name: string): NamedValue | null {
  for (let at: Scope | null = scope; at; at = at.parent) {
    const found = at.values.get(name);
    if (found) return found;
  }
  return null;
}

export function findCell(scope: Scope, name: string): CellDeclaration | null {
  for (let at: Scope | null = scope; at; at = at.parent) {
    const found = at.cells.get(name);
    if (found) return found;
  }
  return null;
}

/** Whether an unknown name may be one that could not be read. */
export function isExcused(scope: Scope, name: string): boolean {
  if (scope.env.lost.has(name)) return true;
  for (let at: Scope | null = scope; at; at = at.parent) if (at.incomplete) return true;
  return false;
}

/** All names in sight, nearest first. */
export function namesInSight(scope: Scope, of: 'values' | 'cells'): readonly string[] {
  const names: string[] = [];
  for (let at: Scope | null = scope; at; at = at.parent) names.push(...at[of].keys());
  return [...new Set(names)];
}

export const withValues = (parent: Scope, values: ReadonlyMap<string, NamedValue>): Scope => ({ parent, values, cells: new Map(), env: parent.env });

/** A value that is known already: an argument, a counter. */
export const known = (name: Name, value: Value | null): NamedValue => ({
  name,
  written: value,
  scope: null,
  value: value ?? { kind: 'word', text: name.text, unknown: true, span: name.span },
});

export const environment = (report: Report, file: string, budget: number, damage: Damage = noDamage): Environment => ({
  report, file, classes: null, inNetwork: false, declared: [], used: new Set(), budget, exhausted: false, depth: 0, expanding: [], asking: [], lost: new Set(), damage,
});
