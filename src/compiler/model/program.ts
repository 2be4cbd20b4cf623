/**
 * The Program: what a `.cnn` means. Every default is explicit, every shape known, every node has its origin.
 * Plain JSON (no class instances, no cycles, no undefined in arrays): the bundle of a trained model stores it as it is.
 *
 * Shapes are without the batch dimension, channels last: `[height, width, channels]` or `[units]`.
 */
import type { Span } from '../source/source.ts';
import type { LayerArgs, LayerWord, Variable } from './program/layers.ts';

export * from './program/layers.ts';

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
    /** Absent: none. With a star a pattern of the picture's path (below its class's folder), otherwise a column of the table. */
    readonly group?: string;
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
  /** Whitening of all numbers of a picture together, last; epsilon is added to singular values. Absent: none. */
  readonly zca?: { readonly epsilon: number };
}

/** Training only; ranges in the units of the words. */
/** Whether numbers come out around 0 with a spread of about 1, whatever they were. */
export const isStandardised = (p: Preprocess): boolean => p.meanStd !== null || p.samplewiseStd || p.featurewiseStd || p.zca !== undefined;

export interface Augment {
  /** Degrees: θ ~ U(−r, r). 0 is off. */
  readonly rotation: number;
  /** Fraction of the width (columns move), or pixels. */
  readonly widthShift: { readonly amount: number; readonly unit: 'fraction' | 'pixels' };
  readonly heightShift: { readonly amount: number; readonly unit: 'fraction' | 'pixels' };
  /** Degrees: s ~ U(−r, r), columns move. 0 is off. */
  readonly shear: number;
  /** Both factors drawn independently from [low, high]; [1, 1] is off; below 1 magnifies, as in Keras. */
  readonly zoom: readonly [number, number];
  /** The least share of height and width that is kept, s ~ U(least, 1), at a place of its own; 1 is off. */
  readonly crop: number;
  readonly horizontalFlip: boolean;
  readonly verticalFlip: boolean;
  /** The share of pictures that each change of place is made to; flips are .5 as in Keras. */
  readonly chances: Readonly<Record<WarpStep, number>>;
  readonly fill: { readonly mode: 'nearest' | 'constant' | 'reflect' | 'wrap'; readonly value: number };
  /** Changes of what pixels say, 0..255, in the order they are made, each at most once. */
  readonly colours: readonly ColourStep[];
  /** Every picture is mixed with another one of the training part, after the changes of both; the loss is λ of its label and 1 − λ of the other's, λ ~ Beta(alpha, alpha). */
  readonly mix: { readonly kind: 'mixup' | 'cutmix'; readonly alpha: number; readonly chance: number } | null;
}

export type WarpStep = 'rotation' | 'widthShift' | 'heightShift' | 'shear' | 'zoom' | 'crop' | 'horizontalFlip' | 'verticalFlip';

/** `chance`: the share of pictures it is made to. */
export type ColourStep = { readonly chance: number } & (
  /** c ~ U(−amount, amount) is added to all channels, within the picture's own least and largest value. */
  | { readonly kind: 'channel_shift'; readonly amount: number }
  /** f ~ U(range): brightness x·f, contrast m + (x − m)·f about each channel's mean, saturation grey + (x − grey)·f. Then 0..255. */
  | { readonly kind: 'brightness' | 'contrast' | 'saturation'; readonly range: readonly [number, number] }
  /** Degrees: colours are turned about the grey axis by θ ~ U(−degrees, degrees). */
  | { readonly kind: 'hue'; readonly degrees: number }
  /** Gaussian of 3x3 pixels, σ ~ U(0, sigma). */
  | { readonly kind: 'blur'; readonly sigma: number }
  /** Normal noise of its own for each number, standard deviation ~ U(0, std). */
  | { readonly kind: 'noise'; readonly std: number }
  /** A rectangle of a share ~ U(least, most) of the picture becomes `value`. */
  | { readonly kind: 'erase'; readonly least: number; readonly most: number; readonly value: number }
);
export type ColourWord = ColourStep['kind'];

/** Nothing is changed. */
export const noAugment: Augment = {
  rotation: 0,
  widthShift: { amount: 0, unit: 'fraction' },
  heightShift: { amount: 0, unit: 'fraction' },
  shear: 0,
  zoom: [1, 1],
  crop: 1,
  horizontalFlip: false,
  verticalFlip: false,
  chances: { rotation: 1, widthShift: 1, heightShift: 1, shear: 1, zoom: 1, crop: 1, horizontalFlip: 0.5, verticalFlip: 0.5 },
  fill: { mode: 'nearest', value: 0 },
  colours: [],
  mix: null,
};

export const hasWarp = (a: Augment): boolean =>
  a.rotation > 0 || a.widthShift.amount > 0 || a.heightShift.amount > 0 || a.shear > 0 || a.zoom[0] !== 1 || a.zoom[1] !== 1 || a.crop < 1 || a.horizontalFlip || a.verticalFlip;

/** How many numbers of each sample the graph takes for a step. */
export const colourNumbers: Readonly<Record<ColourWord, number>> = { channel_shift: 1, brightness: 1, contrast: 1, saturation: 1, hue: 2, blur: 1, noise: 1, erase: 4 };

export const changesPictures = (a: Augment): boolean => hasWarp(a) || a.colours.length > 0;

/** How many numbers of each sample a mixture takes: λ, and for cutmix the rectangle [top, bottom, left, right) of the other picture. */
export const mixWidth = ({ mix }: Augment): number => (mix === null ? 0 : mix.kind === 'mixup' ? 1 : 5);

/** Of all steps together; 0 where there is none. */
export const colourWidth = ({ colours }: Augment): number => colours.reduce((sum, { kind }) => sum + colourNumbers[kind], 0);

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

// ---------------------------------------------------------------- training

export interface Compile {
  readonly optimizer: Optimizer;
  /** What is done around the optimizer's own arithmetic, whichever it is. */
  readonly around: OptimizerOptions;
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
  /** `mixed_bfloat16`: everything from the normalised image to the logits; weights, optimizer and loss stay float32. */
  readonly precision: 'float32' | 'mixed_bfloat16';
}

type Rated = { readonly lr: number | Schedule };
type AdamLike = Rated & { readonly beta_1: number; readonly beta_2: number; readonly epsilon: number };

/** With Keras's parameter names; `lr` is a number or follows the step. */
export type Optimizer =
  | (AdamLike & { readonly kind: 'adam' | 'adamw'; readonly amsgrad: boolean })
  | (AdamLike & { readonly kind: 'nadam' | 'adamax' | 'lamb' })
  | (Rated & { readonly kind: 'sgd'; readonly momentum: number; readonly nesterov: boolean })
  | (Rated & { readonly kind: 'rmsprop'; readonly rho: number; readonly momentum: number; readonly epsilon: number; readonly centered: boolean })
  | (Rated & { readonly kind: 'adagrad'; readonly initial_accumulator_value: number; readonly epsilon: number })
  | (Rated & { readonly kind: 'adadelta'; readonly rho: number; readonly epsilon: number })
  | (Rated & { readonly kind: 'lion'; readonly beta_1: number; readonly beta_2: number })
  | (Rated & {
      readonly kind: 'ftrl';
      readonly learning_rate_power: number;
      readonly initial_accumulator_value: number;
      readonly l1_regularization_strength: number;
      readonly l2_regularization_strength: number;
      readonly l2_shrinkage_regularization_strength: number;
      readonly beta: number;
    });

/** In this order: gradients are gathered and clipped, weights decay (w − lr·wd·w), the optimizer steps, averages follow. */
export interface OptimizerOptions {
  /** null: none. */
  readonly weight_decay: number | null;
  /** `norm`: of each gradient; `global_norm`: of all together; `value`: of each number. */
  readonly clip: { readonly by: 'norm' | 'global_norm' | 'value'; readonly limit: number } | null;
  /** Moving averages of the weights, which take the weights' place at the end of training, and every so many steps (null: only then). */
  readonly ema: { readonly momentum: number; readonly overwrite_frequency: number | null } | null;
  /** Gradients of so many steps are averaged before weights change, slots with them; null: of each step. */
  readonly gradient_accumulation_steps: number | null;
}

/** The learning rate of each step, which counts from 0. */
export type Schedule =
  | { readonly kind: 'exponential_decay' | 'inverse_time_decay'; readonly lr: number; readonly steps: number; readonly rate: number; readonly staircase: boolean }
  /** warmup null: none; otherwise from lr up to its target in so many steps, and from there down. */
  | { readonly kind: 'cosine_decay'; readonly lr: number; readonly steps: number; readonly alpha: number; readonly warmup: { readonly target: number; readonly steps: number } | null }
  | { readonly kind: 'cosine_decay_restarts'; readonly lr: number; readonly steps: number; readonly t_mul: number; readonly m_mul: number; readonly alpha: number }
  /** values[i] up to and with step boundaries[i]. */
  | { readonly kind: 'piecewise'; readonly boundaries: readonly number[]; readonly values: readonly number[] }
  | { readonly kind: 'polynomial_decay'; readonly lr: number; readonly steps: number; readonly end: number; readonly power: number; readonly cycle: boolean }
  /** From max_lr/div_factor along a cosine to max_lr, then to max_lr/(div_factor·final_div_factor). */
  | { readonly kind: 'one_cycle'; readonly max_lr: number; readonly steps: number; readonly pct_start: number; readonly div_factor: number; readonly final_div_factor: number };

export type CrossEntropy = { readonly kind: 'categorical_crossentropy' | 'sparse_categorical_crossentropy' | 'binary_crossentropy'; readonly from_logits: boolean; readonly label_smoothing: number; /** sparse only; absent: none. */ readonly ignore_class?: number };
/** Means over the outputs, without parameters. */
export type PlainLoss =
  | 'mse' | 'mae' | 'mape' | 'msle' | 'log_cosh' | 'hinge' | 'squared_hinge' | 'categorical_hinge' | 'kl_divergence' | 'poisson' | 'cosine_similarity';

export type Loss =
  | CrossEntropy
  | { readonly kind: 'categorical_focal_crossentropy'; readonly alpha: number; readonly gamma: number; readonly from_logits: boolean; readonly label_smoothing: number }
  | { readonly kind: 'binary_focal_crossentropy'; readonly apply_class_balancing: boolean; readonly alpha: number; readonly gamma: number; readonly from_logits: boolean; readonly label_smoothing: number }
  | { readonly kind: 'categorical_generalized_crossentropy'; readonly q: number }
  | { readonly kind: 'huber'; readonly delta: number }
  | { readonly kind: PlainLoss };

export type Metric =
  /** Resolved to Keras's choice: `categorical` for one-hot and integer labels alike, `binary` for sigmoid heads. */
  | { readonly kind: 'accuracy'; readonly name: string; readonly form: 'categorical' | 'binary'; readonly threshold: number }
  | { readonly kind: 'top_k'; readonly name: string; readonly k: number }
  /** top_k null: by the threshold alone; class_id null: over all outputs together. */
  | { readonly kind: 'precision' | 'recall'; readonly name: string; readonly threshold: number; readonly top_k: number | null; readonly class_id: number | null }
  | { readonly kind: 'auc'; readonly name: string; readonly num_thresholds: number; readonly curve: 'roc' | 'pr'; readonly summation_method: 'interpolation' | 'minoring' | 'majoring'; readonly from_logits: boolean }
  /** threshold null: the largest output says yes. */
  | { readonly kind: 'f1'; readonly name: string; readonly average: 'micro' | 'macro' | 'weighted'; readonly threshold: number | null }
  | { readonly kind: 'r2'; readonly name: string; readonly class_aggregation: 'uniform_average' | 'variance_weighted_average' }
  | { readonly kind: 'rmse'; readonly name: string }
  | (CrossEntropy & { readonly name: string })
  | { readonly kind: 'huber'; readonly name: string; readonly delta: number }
  | { readonly kind: PlainLoss; readonly name: string };

export interface Fit {
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
  readonly shuffle: boolean;
  /** null: an epoch is once through the training part. Otherwise the pass goes on where the epoch before ended. */
  readonly stepsPerEpoch: number | null;
  /** Factors of the loss by class name (absent ones are 1), or `balanced`: n / (classes · n of the class), counted in the training part. */
  readonly classWeight: 'balanced' | readonly { readonly class: string; readonly weight: number }[] | null;
  /** `oversample`: a pass holds as many pictures of each class as the largest has. */
  readonly sampling: 'oversample' | null;
  readonly earlyStopping: { readonly monitor: string; readonly mode: 'min' | 'max'; readonly patience: number; readonly minDelta: number; readonly restoreBest: boolean; readonly startFromEpoch: number; /** A value to beat, or patience goes on running out; null: none. */ readonly baseline: number | null } | null;
  readonly reduceLr: { readonly monitor: string; readonly mode: 'min' | 'max'; readonly factor: number; readonly patience: number; readonly minDelta: number; readonly cooldown: number; readonly minLr: number } | null;
  /** Checkpoints for resuming are always written every epoch; this adds copies to keep. */
  readonly checkpoint: { readonly every: number; readonly best: boolean; readonly monitor: string; readonly mode: 'min' | 'max'; /** What the first best must beat; null: nothing. */ readonly initialValueThreshold: number | null } | null;
  /** A file in the run folder, a line an epoch. */
  readonly csvLog: { readonly file: string; readonly separator: string } | null;
  /** Event files in the run folder. */
  readonly tensorboard: boolean;
  readonly stopOnNan: boolean;
}

/** Whether the graph takes a weight for each sample: `weights` float32 [N], a factor of its loss in training. */
export const weighsSamples = ({ data, fit }: Pick<Program, 'data' | 'fit'>): boolean => fit.classWeight !== null || hasSampleWeights(data);

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
