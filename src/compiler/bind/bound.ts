/** What bind makes of the AST: words resolved, values typed, positions and options in one place. Defaults are not filled in here. */
import type { Merge } from '../model/program.ts';
import type { Statement } from '../syntax/ast.ts';
import type { Span } from '../source/source.ts';
import type { Given, ParamValue, Word } from '../vocabulary/types.ts';
import { given } from '../vocabulary/given.ts';

/** One value written, with its place. */
export interface Arg {
  readonly value: ParamValue;
  readonly span: Span;
  /** The option it stands in (`lr=.01`), or its own place again. */
  readonly whole: Span;
}

/** One word in use. */
export interface Use {
  readonly word: Word;
  readonly statement: Statement;
  /** From the word to its last value, blocks left out. */
  readonly span: Span;
  readonly args: ReadonlyMap<string, Arg>;
  /** What stands for a parameter of kind `use`: the optimizer of `optimizer adam`. */
  readonly uses: readonly Use[];
  /** False when something about it was reported: its values may be missing. */
  readonly sound: boolean;
}

export interface Section {
  readonly word: string;
  /** null: not written. */
  readonly statement: Statement | null;
  readonly settings: ReadonlyMap<string, Use>;
  /** False when it is damaged or holds an error: conclusions from what is absent would be guesses. */
  readonly sound: boolean;
}

export interface BoundCell {
  readonly nodes: readonly BoundNode[];
  readonly span: Span;
}

/** What the shortcut of a residual does where shapes differ: `norm` is a 1x1 convolution and a batch_norm, `conv` without the norm. */
export type Project = 'none' | 'norm' | 'conv';

export type BoundNode =
  | { readonly kind: 'layer'; readonly use: Use }
  /** Iteration i runs cells[i % cells.length]: the `written` cells, or with `as i` one of its own for each iteration. */
  | { readonly kind: 'repeat'; readonly count: number; readonly countSpan: Span; readonly counter: string | null; readonly cells: readonly BoundCell[]; readonly written: number; readonly head: Span; readonly span: Span }
  /** A named cell in use; `text` is the use with its values: `stage 64`. */
  | { readonly kind: 'call'; readonly name: string; readonly text: string; readonly cell: BoundCell; readonly span: Span }
  | { readonly kind: 'residual'; readonly cell: BoundCell; readonly project: Project; /** Of the convolution of the shortcut. */ readonly bias: boolean; readonly use: Use; readonly span: Span }
  | { readonly kind: 'branch'; readonly cells: readonly BoundCell[]; readonly merge: Merge; readonly use: Use; readonly span: Span }
  /** Reported already; what follows has no known shape. */
  | { readonly kind: 'broken'; readonly span: Span };

export interface BoundPlot {
  readonly use: Use;
  readonly settings: Section;
}

export interface Bound {
  readonly file: string;
  readonly model: Use | null;
  readonly input: Use | null;
  readonly classes: Use | null;
  readonly source: Use | null;
  readonly data: Section;
  readonly preprocess: Section;
  readonly augment: Section;
  readonly compile: Section;
  readonly fit: Section;
  readonly budget: Section;
  readonly network: { readonly cell: BoundCell; readonly span: Span; readonly sound: boolean } | null;
  readonly plots: readonly BoundPlot[];
  /** Nothing was written but blanks and comments. */
  readonly empty: boolean;
  /** False when the text outside of sections is damaged: a section may be missing because of that. */
  readonly sound: boolean;
}

/** Reads a use's values. */
export function read(use: Use, classes: number | null = null): Given {
  const values = new Map<string, ParamValue>();
  for (const [name, arg] of use.args) values.set(name, arg.value);
  return given(use.word, values, classes);
}

/** Whether a value of the use waits for the number of classes, or for the parameter of a cell that nothing uses. */
export const isUnknown = (use: Use): boolean => [...use.args.values()].some((arg) => typeof arg.value === 'object' && 'classes' in arg.value && arg.value.unknown === true);

/** Whether a value of the use is the word `classes`. */
export const asksForClasses = (use: Use): boolean => [...use.args.values()].some((arg) => typeof arg.value === 'object' && 'classes' in arg.value);
