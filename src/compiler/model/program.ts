/**
 * The Program: what a `.cnn` means. Every default is explicit, every shape known, every node has its origin.
 * Plain JSON (no class instances, no cycles, no undefined in arrays): the bundle of a trained model stores it as it is.
 *
 * Shapes are without the batch dimension, channels last: `[height, width, channels]` or `[units]`.
 */
import type { Span } from '../source/source.ts';

export type Shape = readonly number[];

export interface Program {
  readonly schema: 1;
  /** As written after `model`, or the file's base name. */
  readonly name: string;
  readonly input: Shape;
  readonly data: DataPlan;
  readonly labels: Labels;
  readonly preprocess: Preprocess;
  readonly augment: Augment;
  /** The tree as written: cells and repeats kept. */
  readonly network: Cell;
  /** The layers in the order they run, repeats expanded: a flattened view of `network`. */
  readonly layers: readonly Layer[];
  readonly compile: Compile;
  readonly fit: Fit;
  readonly plots: readonly Plot[];
  /** Limits that the program sets itself; absent: none. */
  readonly budget?: Budget;
}

/** Each null: no limit. Parameters, multiply-adds of a picture, bytes while training, bytes of the trained weights. */
export interface Budget {
  readonly params: number | null;
  readonly macs: number | null;
  readonly memory: number | null;
  readonly size: number | null;
}

// ---------------------------------------------------------------- data

export interface DataPlan {
  readonly source: DataSource;
  readonly image: ImagePlan;
  /** Class names in order, if the program states them; otherwise null: the data decides. */
  readonly classes: readonly string[] | null;
  /** `auto`: by the source (folders, integers and one-hot rows are classes; several ones in a row multi-label; floats values). */
  readonly labels: LabelKind | 'auto';
  readonly split: {
    /** Fraction 0..1 of the whole; null where the source brings its own test part (`x_test`, test/ folder, idx t10k). */
    readonly test: number | null;
    /** Fraction of what remains after the test part; 0 is none. null where the source brings a validation part. */
    readonly validation: number | null;
    readonly by: 'stratified' | 'random' | 'order';
    readonly seed: number;
    readonly duplicates: 'together' | 'allow';
  };
  readonly onCorrupt: 'error' | 'skip';
  /** Use at most this many samples (first by the split's shuffle, stratified); null is all. */
  readonly limit: number | null;
  /** Packed cache on disk. */
  readonly cache: boolean;
}

export type DataSource =
  | { readonly kind: 'folder'; readonly path: string; readonly origin: Span }
  /** MNIST files, gzip or not. `images`/`labels` of the training part, optional test part. Paths are relative to the program. */
  | { readonly kind: 'idx'; readonly images: string; readonly labels: string; readonly testImages: string | null; readonly testLabels: string | null; readonly origin: Span }
  /** Arrays `x`, `y` and optional `x_test`, `y_test` (docs/cli.md). */
  | { readonly kind: 'npz'; readonly path: string; readonly origin: Span }
  /** One NumPy array a file; the test part is two files more. */
  | { readonly kind: 'npy'; readonly images: string; readonly labels: string; readonly testImages: string | null; readonly testLabels: string | null; readonly origin: Span }
  /** A folder of the binary batches of CIFAR-10 or -100. `labels` is for CIFAR-100: its 100 classes or its 20 groups of them. */
  | { readonly kind: 'cifar'; readonly path: string; readonly labels: 'fine' | 'coarse'; readonly origin: Span }
  | CsvSource
  /** Seeded shapes drawn by the tool: `count` pictures of `classes` kinds (circle, square, triangle, cross, ring, star, …). */
  | { readonly kind: 'synthetic'; readonly count: number; readonly classes: number; readonly seed: number; readonly noise: number; readonly origin: Span }
  /** `input HxWxC` and `classes N` stand in for data: the program cannot be run, but checked, summarised and built. */
  | { readonly kind: 'none' };

/** A table of pictures in files. Columns by name; null: the usual names, or there is none (weight, part). */
export interface CsvSource {
  readonly kind: 'csv';
  /** Relative to the program, as `folder` is. */
  readonly path: string;
  /** What the paths of the table are relative to, and stay under; null: the table's own folder. */
  readonly folder: string | null;
  readonly delimiter: 'comma' | 'semicolon' | 'tab';
  readonly pathColumn: string | null;
  /** Added to each path. */
  readonly ending: string;
  /** One column of names or numbers, or several of 0 and 1 or of numbers. */
  readonly labelColumns: readonly string[] | null;
  /** Between several labels in one cell; null: a cell is one label, unless the program says `labels multilabel`. */
  readonly separator: string | null;
  readonly weightColumn: string | null;
  readonly partColumn: string | null;
  readonly origin: Span;
}

/** Whether each sample has a weight of its own in the loss. */
export const hasSampleWeights = ({ source }: DataPlan): boolean => source.kind === 'csv' && source.weightColumn !== null;

/** Whether the samples are pictures in files, to be decoded and resized. */
export const isOfFiles = (source: DataSource['kind'] | null): boolean => source === 'folder' || source === 'csv';

export interface ImagePlan {
  /** 0 x 0 in the plan of `CompileResult.data` where only the data knows (arrays without `image`); never in a Program. */
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly resize: 'stretch' | 'crop' | 'pad';
  readonly interpolation: 'nearest' | 'bilinear' | 'bicubic' | 'lanczos';
  /** Apply the EXIF orientation (Keras and PIL do not; default off). */
  readonly exif: boolean;
}

export type LabelKind = 'categorical' | 'sparse' | 'binary' | 'multilabel' | 'values';

export interface Labels {
  /** categorical: one-hot; sparse: integers; binary: one output 0/1; multilabel: n outputs 0/1; values: floats. */
  readonly kind: LabelKind;
  /** Classes (two of them for binary), labels of a multi-label set, or values of a regression row. Outputs of the network: `outputsOf(labels)`. */
  readonly count: number;
  /** Names in order, when they are known. */
  readonly names: readonly string[] | null;
}

/** What the edge found out about the data before checking: counts and names, no pixels. */
export interface DataFacts {
  readonly labelKind: LabelKind;
  readonly classes: readonly string[];
  /** [height, width, channels] for arrays of one size; null for folders of pictures. */
  readonly sampleShape: Shape | null;
  /** uint8: 0..255; float32: as it is. */
  readonly pixelType: 'uint8' | 'float32';
  readonly count: number;
  readonly perClass: readonly number[];
  /** Which parts the source brings itself. */
  readonly parts: { readonly test: boolean; readonly validation: boolean };
}

// ---------------------------------------------------------------- before the network

/** Applied everywhere (train, validation, test, predict, page), in this fixed order; an absent step is null or false. */
export interface Preprocess {
  /** Multiply by. 1 is nothing. Default 1/255 for uint8 pictures when nothing else scales. */
  readonly scale: number;
  readonly offset: number;
  readonly samplewiseCenter: boolean;
  readonly samplewiseStd: boolean;
  readonly featurewiseCenter: boolean;
  readonly featurewiseStd: boolean;
  /** Given numbers per channel, used like featurewise statistics. */
  readonly meanStd: { readonly mean: readonly number[]; readonly std: readonly number[] } | null;
}

/** Training only; ranges in the units of the words. */
export interface Augment {
  /** Degrees: θ ~ U(−r, r). 0 is off. */
  readonly rotation: number;
  /** Fraction of the width (columns move), or pixels. */
  readonly widthShift: { readonly amount: number; readonly unit: 'fraction' | 'pixels' };
  readonly heightShift: { readonly amount: number; readonly unit: 'fraction' | 'pixels' };
  /** Both factors drawn independently from [low, high]; [1, 1] is off; below 1 magnifies, as in Keras. */
  readonly zoom: readonly [number, number];
  readonly horizontalFlip: boolean;
  readonly verticalFlip: boolean;
  readonly fill: { readonly mode: 'nearest' | 'constant' | 'reflect' | 'wrap'; readonly value: number };
}

export const hasWarp = (a: Augment): boolean =>
  a.rotation > 0 || a.widthShift.amount > 0 || a.heightShift.amount > 0 || a.zoom[0] !== 1 || a.zoom[1] !== 1 || a.horizontalFlip || a.verticalFlip;

// ---------------------------------------------------------------- network

/** A sequence of nodes, as between `<` and `>`. */
export interface Cell {
  readonly nodes: readonly Node[];
  readonly origin: Span;
}

export type Node =
  | { readonly kind: 'layer'; /** index into Program.layers */ readonly layer: number }
  /** Iteration i runs a copy of cells[i % cells.length]; `iterations[i]` is that copy with its own layers. */
  | { readonly kind: 'repeat'; readonly count: number; readonly cells: number; readonly iterations: readonly Cell[]; readonly origin: Span }
  /** A named cell in use; `text` is the use with its values: `stage 64`. */
  | { readonly kind: 'call'; readonly name: string; readonly text: string; readonly cell: Cell; readonly origin: Span }
  /** Its input goes through `cell` and through `shortcut` (empty: the identity); the two are added. */
  | { readonly kind: 'residual'; readonly cell: Cell; readonly shortcut: Cell; readonly output: Shape; readonly origin: Span }
  /** Its input goes through each cell (an empty one is the identity); `concat` joins the channels, the others work element by element. */
  | { readonly kind: 'branch'; readonly cells: readonly Cell[]; readonly merge: Merge; readonly output: Shape; readonly origin: Span };

export type Merge = 'concat' | 'add' | 'average' | 'multiply' | 'maximum';

/** One layer with every parameter explicit. `args` by the vocabulary's parameter names. */
export interface Layer {
  readonly index: number;
  readonly word: LayerWord;
  /** `conv_1`, or the user's name: unique, used in weights, summaries, exports. */
  readonly name: string;
  readonly args: LayerArgs;
  readonly input: Shape;
  readonly output: Shape;
  readonly variables: readonly Variable[];
  /** Multiply-adds of one sample's forward pass. */
  readonly macs: number;
  /** The layer was not written: a head's activation that follows from the labels. */
  readonly inferred: boolean;
  readonly origin: Span;
}

export type ActivationWord =
  | 'relu' | 'relu6' | 'leaky_relu' | 'elu' | 'selu' | 'gelu' | 'silu' | 'hard_sigmoid' | 'sigmoid' | 'tanh' | 'softplus' | 'softsign' | 'softmax';

export type LayerWord =
  | 'conv' | 'dense' | 'pool' | 'avg_pool' | 'global_avg_pool' | 'global_pool' | 'batch_norm' | 'dropout' | 'flatten' | ActivationWord;

type Window = { readonly size: readonly [number, number]; readonly stride: readonly [number, number]; readonly padding: 'same' | 'valid' };

/** The arguments of each layer word, all explicit. `activation` options are kept here and run inside the layer (null: none). */
export interface LayerArgsByWord {
  conv: Window & { readonly filters: number; readonly dilation: readonly [number, number]; readonly bias: boolean; readonly activation: ActivationWord | null; readonly kernel_initializer: Initializer; readonly bias_initializer: Initializer };
  dense: { readonly units: number; readonly bias: boolean; readonly activation: ActivationWord | null; readonly kernel_initializer: Initializer; readonly bias_initializer: Initializer };
  pool: Window;
  avg_pool: Window;
  global_avg_pool: Record<never, never>;
  global_pool: Record<never, never>;
  batch_norm: { readonly momentum: number; readonly epsilon: number; readonly center: boolean; readonly scale: boolean };
  /** rate as asked; bits 8 where 256·rate is whole, else 16; threshold = round(rate·2^bits): an element is dropped where its random bits < threshold; kept ones are divided by keep = 1 − threshold/2^bits. */
  dropout: { readonly rate: number; readonly bits: 8 | 16; readonly threshold: number; readonly keep: number };
  flatten: Record<never, never>;
  relu: Record<never, never>;
  relu6: Record<never, never>;
  leaky_relu: { readonly negative_slope: number };
  elu: { readonly alpha: number };
  selu: Record<never, never>;
  gelu: Record<never, never>;
  silu: Record<never, never>;
  hard_sigmoid: Record<never, never>;
  sigmoid: Record<never, never>;
  tanh: Record<never, never>;
  softplus: Record<never, never>;
  softsign: Record<never, never>;
  softmax: Record<never, never>;
}

export type LayerArgs = LayerArgsByWord[LayerWord];

/** A layer of a known word: `asLayer(layer, 'conv').args.filters`. */
export type LayerOf<W extends LayerWord> = Omit<Layer, 'word' | 'args'> & { readonly word: W; readonly args: LayerArgsByWord[W] };

export function asLayer<W extends LayerWord>(layer: Layer, word: W): LayerOf<W> {
  if (layer.word !== word) throw new Error(`layer ${layer.name} is a ${layer.word}, not a ${word}`);
  return layer as unknown as LayerOf<W>;
}

/** Keras's initializers with their numbers; fans are computed from the variable's shape. */
export type Initializer =
  | { readonly kind: 'zeros' | 'ones' }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'glorot_uniform' | 'glorot_normal' | 'he_uniform' | 'he_normal' | 'lecun_uniform' | 'lecun_normal' }
  | { readonly kind: 'random_normal' | 'truncated_normal'; readonly mean: number; readonly stddev: number }
  | { readonly kind: 'random_uniform'; readonly low: number; readonly high: number };

export interface Variable {
  /** `conv_1/kernel`: layer name, slash, Keras's variable name (kernel, bias, gamma, beta, moving_mean, moving_variance). */
  readonly name: string;
  /** Keras's layout: conv kernels HWIO, dense kernels [in, out]. */
  readonly shape: Shape;
  readonly initializer: Initializer;
  readonly trainable: boolean;
}

// ---------------------------------------------------------------- training

export interface Compile {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
}

export type Optimizer =
  | { readonly kind: 'adam'; readonly lr: number; readonly beta_1: number; readonly beta_2: number; readonly epsilon: number }
  | { readonly kind: 'sgd'; readonly lr: number; readonly momentum: number; readonly nesterov: boolean }
  | { readonly kind: 'rmsprop'; readonly lr: number; readonly rho: number; readonly momentum: number; readonly epsilon: number; readonly centered: boolean };

export type Loss =
  | { readonly kind: 'categorical_crossentropy' | 'sparse_categorical_crossentropy' | 'binary_crossentropy'; readonly from_logits: boolean; readonly label_smoothing: number }
  | { readonly kind: 'mse' };

export type Metric =
  /** Resolved to Keras's choice: `categorical` for one-hot and integer labels alike, `binary` for sigmoid heads. */
  | { readonly kind: 'accuracy'; readonly name: string; readonly form: 'categorical' | 'binary'; readonly threshold: number }
  | { readonly kind: 'top_k'; readonly name: string; readonly k: number }
  | { readonly kind: 'mae' | 'mse'; readonly name: string };

export interface Fit {
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly earlyStopping: { readonly monitor: string; readonly mode: 'min' | 'max'; readonly patience: number; readonly minDelta: number; readonly restoreBest: boolean; readonly startFromEpoch: number } | null;
  /** Checkpoints for resuming are always written every epoch; this adds copies to keep. */
  readonly checkpoint: { readonly every: number; readonly best: boolean; readonly monitor: string; readonly mode: 'min' | 'max' } | null;
  readonly stopOnNan: boolean;
}

export interface Plot {
  /** History names drawn together with their `val_` twins: `["loss"]`. */
  readonly metrics: readonly string[];
  /** File name without ending: `loss`. */
  readonly file: string;
  readonly title: string;
  readonly xlabel: string;
  readonly ylabel: string;
  /** Labels in order: training then validation (for each metric); null: default labels. */
  readonly legend: { readonly labels: readonly string[]; readonly at: 'upper_right' | 'upper_left' | 'lower_right' | 'lower_left' | 'best' } | null;
}
  /** A file in the run folder, a line an epoch. */
  readonly csvLog: { readonly file: string; readonly separator: string } | null;
  /** Event files in the run folder. */
  readonly tensorboard: boolean;
