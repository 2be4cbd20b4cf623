/**
 * What was written: one statement form (docs/language.md). Nodes are readonly and carry spans;
 * no names are resolved and no defaults filled in here.
 */
import type { Span } from '../source/source.ts';

export interface Ast {
  readonly kind: 'program';
  readonly file: string;
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
  readonly span: Span;
}

export interface Comment {
  /** With its `#`, without the line end. */
  readonly text: string;
  readonly span: Span;
}

/** `word value* (name=value | flag)* block* (name=value)*`; flags are bare words, so they stand among `values` until bind knows them. */
export interface Statement {
  readonly kind: 'statement';
  readonly word: Name;
  /** Positional values and bare words (flags) in the order written. */
  readonly values: readonly Value[];
  /** `name=value`, those after the last block included (`trailing` says so). */
  readonly options: readonly Option[];
  readonly blocks: readonly Block[];
  readonly span: Span;
}

export interface Name {
  readonly text: string;
  readonly span: Span;
  /** True where a string stands in place of the word (`class_weight { "black cat" 2 }`). */
  readonly quoted?: boolean;
}

export interface Option {
  readonly name: Name;
  readonly value: Value;
  readonly trailing: boolean;
  readonly span: Span;
}

/** `{ … }` settings or `< … >` a cell. */
export interface Block {
  readonly kind: 'settings' | 'cell';
  readonly statements: readonly Statement[];
  readonly span: Span;
}

export type Value =
  | { readonly kind: 'number'; readonly value: number; readonly integer: boolean; readonly text: string; readonly span: Span }
  /** `25%`: value is 25. */
  | { readonly kind: 'percent'; readonly value: number; readonly text: string; readonly span: Span }
  /** `1/255` between two number literals. */
  | { readonly kind: 'ratio'; readonly numerator: number; readonly denominator: number; readonly text: string; readonly span: Span }
  /** `1M`, `500k`, `2GB`, `10MB`: value in units (k 1e3, M 1e6, G 1e9; with B bytes). */
  | { readonly kind: 'quantity'; readonly value: number; readonly unit: 'count' | 'bytes'; readonly text: string; readonly span: Span }
  /** `10px`. */
  | { readonly kind: 'pixels'; readonly value: number; readonly text: string; readonly span: Span }
  /** `5x5`, `150x150x3`: height x width (x channels). */
  | { readonly kind: 'size'; readonly parts: readonly number[]; readonly text: string; readonly span: Span }
  /** `.8..1.2`. */
  | { readonly kind: 'range'; readonly low: number; readonly high: number; readonly text: string; readonly span: Span }
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  /** A bare word: a flag, a choice, `on`, `off`, or a name in scope. `unknown` is never written: bind puts it where a value is known only later. */
  | { readonly kind: 'word'; readonly text: string; readonly unknown?: true; readonly span: Span }
  | { readonly kind: 'call'; readonly name: Name; readonly args: readonly Value[]; readonly options: readonly Option[]; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly span: Span }
  /** Arithmetic in parentheses. */
  | { readonly kind: 'expression'; readonly expression: Expression; readonly span: Span };

export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'name'; readonly text: string; readonly span: Span }
  | { readonly kind: 'negate'; readonly operand: Expression; readonly span: Span }
  | { readonly kind: 'binary'; readonly operator: '+' | '-' | '*' | '/' | '%' | '^'; readonly left: Expression; readonly right: Expression; readonly span: Span }
  | { readonly kind: 'call'; readonly name: Name; readonly args: readonly Expression[]; readonly span: Span };
