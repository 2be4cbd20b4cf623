/**
 * What the language knows, as data. One definition per word gives its parameters, documentation, shape rule and
 * variables; the checker, hover, completion, reference pages and the TextMate grammar are derived from it.
 */
import type { ActivationWord, Constraint, DataSource, Initializer, LabelKind, LayerArgsByWord, LayerWord, Loss, Metric, Optimizer, OptimizerOptions, Regularizer, Schedule, Shape, Sides, Variable } from '../model/program.ts';
import type { Span } from '../source/source.ts';

export type Group = 'section' | 'source' | 'data' | 'preprocess' | 'augment' | 'layer' | 'structure' | 'compile' | 'optimizer' | 'schedule' | 'loss' | 'metric' | 'fit' | 'budget' | 'plot' | 'initializer' | 'regularizer' | 'constraint';

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
  /** `10MB`: bytes. */
  | { readonly kind: 'bytes' }
  | { readonly kind: 'range' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  /** `on` / `off`. */
  | { readonly kind: 'switch' }
  | { readonly kind: 'string' }
  | { readonly kind: 'words' }
  | { readonly kind: 'numbers' }
  /** `[2, 1, 3]`, `7x7x64` or one number; `like` is an example. */
  | { readonly kind: 'integers'; readonly min: number; readonly like: string }
  /** Top, bottom, left and right: `1`, `1x2` (height x width), `[1, 2]` or `[top, bottom, left, right]`. */
  | { readonly kind: 'sides' }
  | { readonly kind: 'initializer' }
  | { readonly kind: 'regularizer' }
  | { readonly kind: 'constraint' }
  | { readonly kind: 'activation' }
  /** A learning rate: a number above 0, or a schedule such as `cosine_decay(.001, steps=1000)`. */
  | { readonly kind: 'rate' }
  /** `150x150` or `150x150x3`. */
  | { readonly kind: 'imageSize' }
  /** A name of the user's own, as a word or a string: `model Flowers`. */
  | { readonly kind: 'name' }
  /** Anything: a parameter of a named cell. */
  | { readonly kind: 'any' }
  /** A word of a group with options of its own: `optimizer adam lr=.001`, `metrics accuracy top_k(3)`. */
  | { readonly kind: 'use'; readonly group: Group };

/** A parameter's value as bind understood it. `{ classes: true }` stands for the data's number of classes (`dense classes`). */
export type ParamValue =
  | number
  | string
  | boolean
  | readonly number[]
  | readonly string[]
  | { readonly amount: number; readonly unit: 'fraction' | 'pixels' }
  | { readonly initializer: Initializer }
  /** null: `none`. */
  | { readonly regularizer: Regularizer | null }
  | { readonly constraint: Constraint | null }
  | { readonly schedule: Schedule }
  /** Lines of a block: a name and its number. */
  | { readonly lines: readonly { readonly name: string; readonly value: number }[] }
  /** null: `activation=none`. */
  | { readonly activation: ActivationWord | null }
  /** `unknown`: not that number itself, but a value that nothing tells yet. */
  | { readonly classes: true; readonly unknown?: true }
  /** A value of the syntax as it is, for a parameter of kind `any`. */
  | { readonly written: unknown };

/** The values of one use of a word, defaults filled in. Asking for a parameter that has neither value nor default is a bug and throws. */
export interface Given {
  /** Written, not a default. */
  has(name: string): boolean;
  number(name: string): number;
  flag(name: string): boolean;
  text(name: string): string;
  size(name: string): readonly [number, number];
  shift(name: string): { readonly amount: number; readonly unit: 'fraction' | 'pixels' };
  numbers(name: string): readonly number[];
  texts(name: string): readonly string[];
  rate(name: string): number | Schedule;
  /** Empty where none were given. */
  entries(name: string): readonly { readonly name: string; readonly value: number }[];
  /** The number, or null where none was given. */
  maybe(name: string): number | null;
  sides(name: string): Sides;
  initializer(name: string): Initializer;
  /** null where none was asked for. */
  regularizer(name: string): Regularizer | null;
  constraint(name: string): Constraint | null;
  /** null where none was asked for. */
  activation(name: string): ActivationWord | null;
}

export interface Param {
  readonly name: string;
  readonly type: ParamType;
  /** Position among the positional values, from 0; absent: only as an option. */
  readonly position?: number;
  /** Takes all positional values from its position on. */
  readonly rest?: boolean;
  readonly required?: boolean;
  /** In the language's own spelling, for hover and pages: `3x3`, `valid`, `the size of the window`. */
  readonly default?: string;
  /** The default as a value, where it does not depend on others. `default` is its spelling. */
  readonly value?: ParamValue;
  /** Part of the language, but this version cannot run it yet. */
  readonly later?: boolean;
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
  /** The blocks it takes: `{ settings }`, one `< cell >`, several, or `{ names with a number each }`, which become the parameter `weights`. Absent: none. */
  readonly blocks?: 'settings' | 'cell' | 'cells' | 'entries';
  /** Settings of its block may be left out (`plot loss`). */
  readonly blockOptional?: boolean;
  /** May stand more than once in its section. */
  readonly repeats?: boolean;
  /** Part of the language, but this version cannot run it yet. */
  readonly later?: boolean;
}

/** What is wrong with a shape, as facts; check turns it into a diagnostic. */
export type ShapeProblem =
  | { readonly kind: 'window'; readonly window: readonly [number, number]; readonly input: Shape }
  | { readonly kind: 'rank'; readonly expected: 'image' | 'vector'; readonly input: Shape }
  /** TensorFlow's convolutions take a stride or a dilation above 1, not both. */
  | { readonly kind: 'strideAndDilation' }
  | { readonly kind: 'groups'; readonly groups: number; readonly of: 'filters' | 'channels'; readonly count: number; readonly input: Shape }
  | { readonly kind: 'reshape'; readonly target: readonly number[]; readonly input: Shape }
  | { readonly kind: 'permute'; readonly dims: readonly number[]; readonly input: Shape }
  | { readonly kind: 'cropping'; readonly cropping: Sides; readonly input: Shape }
  /** Keras's output_padding is below the stride, and at least what the window needs. */
  | { readonly kind: 'outputPadding'; readonly outputPadding: readonly [number, number]; readonly stride: readonly [number, number]; readonly window: readonly [number, number]; readonly input: Shape }
  | { readonly kind: 'axes'; readonly axes: readonly number[]; readonly input: Shape }
  | { readonly kind: 'noiseShape'; readonly noiseShape: readonly number[]; readonly input: Shape };

export type ShapeResult = { readonly ok: true; readonly output: Shape } | { readonly ok: false; readonly problem: ShapeProblem };

export interface LayerDefinition<W extends LayerWord = LayerWord> extends Word {
  readonly word: W;
  readonly group: 'layer';
  readonly args: (given: Given) => LayerArgsByWord[W];
  readonly shape: (input: Shape, args: LayerArgsByWord[W]) => ShapeResult;
  /** Variables without the layer's name: `kernel`, … */
  readonly variables: (input: Shape, args: LayerArgsByWord[W]) => readonly Variable[];
  /** Multiply-adds of one sample. */
  readonly macs: (input: Shape, output: Shape, args: LayerArgsByWord[W]) => number;
}

export interface OptimizerDefinition extends Word {
  readonly group: 'optimizer';
  readonly build: (given: Given) => Optimizer;
  /** What is done around its arithmetic. */
  readonly options: (given: Given) => OptimizerOptions;
  /** float32 slots it keeps for each trainable number. */
  readonly slots: (optimizer: Optimizer) => number;
}

export interface LossDefinition extends Word {
  readonly group: 'loss';
  readonly build: (given: Given) => Loss;
  /** Label kinds it makes sense for. */
  readonly labels: readonly LabelKind[];
  /** What it takes at the network's end: the activation of the labels; that or another range of numbers; or scores without one. */
  readonly head: 'probabilities' | 'any' | 'scores';
}

export interface ScheduleDefinition extends Word {
  readonly group: 'schedule';
  readonly build: (given: Given) => Schedule;
}

export interface MetricDefinition extends Word {
  readonly group: 'metric';
  readonly build: (given: Given, labels: LabelKind) => Metric;
  readonly labels: readonly LabelKind[];
  /** Larger is better. */
  readonly mode: 'min' | 'max';
}

export interface SourceDefinition extends Word {
  readonly group: 'source';
  readonly build: (given: Given, origin: Span) => DataSource;
  /** What the labels are before the data was seen; null: only the data knows. */
  readonly labels: LabelKind | null;
  /** Pixels before the data was seen; null: only the data knows. */
  readonly pixels: 'uint8' | null;
}
