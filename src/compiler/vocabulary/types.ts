/**
 * What the language knows, as data. One definition per word gives its parameters, documentation, shape rule and
 * variables; the checker, hover, completion, reference pages and the TextMate grammar are derived from it.
 */
import type { LayerArgsByWord, LayerWord, Shape, Variable } from '../model/program.ts';

export type Group = 'section' | 'source' | 'data' | 'preprocess' | 'augment' | 'layer' | 'structure' | 'compile' | 'optimizer' | 'loss' | 'metric' | 'fit' | 'plot' | 'initializer';

/** The type of a parameter's value as a person writes it. */
export type ParamType =
  | { readonly kind: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'number'; readonly min?: number; readonly max?: number; readonly exclusiveMin?: boolean; readonly exclusiveMax?: boolean }
  /** `.25`, `25%` or a plain number 0..1. */
  | { readonly kind: 'fraction'; readonly min?: number; readonly max?: number; readonly exclusiveMax?: boolean }
  /** A fraction of the size, or `10px`. */
  | { readonly kind: 'shift' }
  /** `5x5` or `5`. */
  | { readonly kind: 'size2' }
  | { readonly kind: 'range' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  /** `on` / `off`. */
  | { readonly kind: 'switch' }
  | { readonly kind: 'string' }
  | { readonly kind: 'words' }
  | { readonly kind: 'numbers' }
  | { readonly kind: 'initializer' }
  | { readonly kind: 'activation' };

export interface Param {
  readonly name: string;
  readonly type: ParamType;
  /** Position among the positional values, from 0; absent: only as an option. */
  readonly position?: number;
  readonly required?: boolean;
  /** In the language's own spelling, for hover and pages: `3x3`, `valid`, `the size of the window`. */
  readonly default?: string;
  /** One sentence. */
  readonly doc: string;
  /** Old spellings understood with a fix: `filters`, `kernel_size`, `pool_size`. */
  readonly keras?: readonly string[];
  /** Bare words that set this parameter: `{ same: 'same', valid: 'valid' }`, `{ nesterov: true }`. */
  readonly flags?: Readonly<Record<string, string | number | boolean>>;
}

export interface Word {
  readonly word: string;
  readonly group: Group;
  /** One sentence for hover; more for the page. */
  readonly doc: string;
  readonly details?: string;
  /** Spellings of Keras and habit that mean this word: `Conv2D`, `conv2d`, `Convolution2D`. */
  readonly keras?: readonly string[];
  readonly params: readonly Param[];
  /** Sections or blocks it may stand in: `network`, `data`, `fit`, …; `top` is the file itself. */
  readonly in: readonly string[];
  /** A line or two that compile in their place. */
  readonly example: string;
  /** Keras's class or function, or the paper. */
  readonly source?: string;
}

/** What is wrong with a shape, as facts; check turns it into a diagnostic. */
export type ShapeProblem =
  | { readonly kind: 'window'; readonly window: readonly [number, number]; readonly input: Shape }
  | { readonly kind: 'rank'; readonly expected: 'image' | 'vector'; readonly input: Shape };

export type ShapeResult = { readonly ok: true; readonly output: Shape } | { readonly ok: false; readonly problem: ShapeProblem };

export interface LayerDefinition<W extends LayerWord = LayerWord> extends Word {
  readonly word: W;
  readonly group: 'layer';
  readonly shape: (input: Shape, args: LayerArgsByWord[W]) => ShapeResult;
  /** Variables without the layer's name: `kernel`, … */
  readonly variables: (input: Shape, args: LayerArgsByWord[W]) => readonly Variable[];
  /** Multiply-adds of one sample. */
  readonly macs: (input: Shape, output: Shape, args: LayerArgsByWord[W]) => number;
}
