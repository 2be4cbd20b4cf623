/**
 * The whole training step as one graph: Program → `train`, `evaluate` and `predict`, as Keras's train_step, test_step
 * and predict_step, with the gradients and the optimizer's arithmetic written out. See `TrainingGraph` for what goes in
 * and comes out.
 */
import { activationOf, givesScores } from '../model/loss.ts';
import { colourWidth, hasWarp, weighsSamples } from '../model/program.ts';
import type { Program } from '../model/program.ts';
import { gradients } from './autodiff.ts';
import { builder } from './build.ts';
import type { Builder } from './build.ts';
import { lossOfSamples } from './losses/table.ts';
import { activate } from './lower/activations.ts';
import type { LowerContext } from './lower/context.ts';
import { lowerNetwork } from './lower/network.ts';
import type { NetworkOutput } from './lower/network.ts';
import { accumulated, total } from './metrics/table.ts';
import { applyOptimizer, slotVariables } from './optimizers/apply.ts';
import { changeColours } from './colours.ts';
import { decodeImages, preprocessImages, statisticsOf, warpImages } from './preprocess.ts';
import { targetsOf, targetType } from './targets.ts';
import { BATCH } from './types.ts';
import type { GraphFunction, GraphVariable, TensorType, TrainingGraph, Value } from './types.ts';

export interface TrainingOptions {
  /** Rewrites that keep the meaning; all on unless switched off. */
  readonly rewrites?: { readonly poolFirst?: boolean };
  /** How pixels come: `uint8` (pictures, the default) or `float32` (arrays of numbers). */
  readonly pixels?: 'uint8' | 'float32';
}

/** The graph of a program. Every call with the same program gives the same graph. */
export function buildTraining(program: Program, options: TrainingOptions = {}): TrainingGraph {
  const graph = startGraph(program, options);
  return { variables: variablesOf(program), train: train(graph), evaluate: evaluate(graph), predict: predict(graph) };
}

/** Everything the graph keeps between calls: weights (in the layers' order), slots, featurewise statistics. */
export function variablesOf(program: Program): readonly GraphVariable[] {
  const type = (shape: readonly number[]): TensorType => ({ dtype: 'float32', shape });
  const weights = program.layers.flatMap((layer) => layer.variables);
  return [
    ...weights.map(({ name, shape }): GraphVariable => ({ name, type: type(shape), role: 'weight' })),
    ...slotVariables(program.compile, weights.filter((variable) => variable.trainable).map(({ name, shape }) => ({ name, type: type(shape) }))),
    ...statisticsOf(program.preprocess, program.input[program.input.length - 1]),
  ];
}

/** The mean loss of a batch and its gradient by every trainable weight, for tests: outputs `loss` and `grad/<variable>`. */
export function buildGradients(program: Program, options: TrainingOptions = {}): GraphFunction {
  const graph = startGraph(program, options);
  const { inputs, loss, gradients: byWeight } = trainingPass(graph);
  const outputs = Object.fromEntries(byWeight.map(({ name, gradient }) => [`grad/${name}`, gradient]));
  return { name: 'train', inputs, outputs: { loss, ...outputs }, updates: [] };
}

// ---------------------------------------------------------------- the three functions

/** What the functions share: one graph, so that evaluate and predict share their operations. */
interface Graph {
  readonly g: Builder;
  readonly program: Program;
  readonly x: Value;
  readonly y: Value;
  readonly variable: (name: string) => Value;
  readonly options: TrainingOptions;
}

function startGraph(program: Program, options: TrainingOptions): Graph {
  const g = builder();
  const types = new Map(variablesOf(program).map(({ name, type }) => [name, type]));
  return {
    g,
    program,
    x: g.input('x', { dtype: options.pixels ?? 'uint8', shape: [BATCH, ...program.input] }),
    y: g.input('y', targetType(program.labels)),
    variable(name) {
      const type = types.get(name);
      if (!type) throw new Error(`internal error: no variable ${name}`);
      return g.variable(name, type);
    },
    options,
  };
}

function train(graph: Graph): GraphFunction {
  const { g, program, variable } = graph;
  const { inputs, network, perSample, loss, gradients: byWeight, updates, rate, step } = trainingPass(graph);
  const updated = applyOptimizer({ g, variable, gradients: byWeight, rate, step: g.cast(step, 'float32') }, program.compile);
  const finite = g.cast(g.compare('lessEqual', g.unary('abs', loss), g.scalar(FLOAT32_MAX)), 'float32');
  return { name: 'train', inputs, outputs: { sums: sumsOf(graph, network, perSample), finite }, updates: [...updates, ...updated] };
}

function evaluate(graph: Graph): GraphFunction {
  const network = inference(graph);
  const perSample = lossOf(graph, network);
  return { name: 'evaluate', inputs: [graph.x, graph.y], outputs: { sums: sumsOf(graph, network, perSample) }, updates: [] };
}

/** Predictions are always what a person wants to read: a network that trains on logits or scores gets its softmax or sigmoid here. */
function predict(graph: Graph): GraphFunction {
  const { output, head } = inference(graph);
  const { labels, compile } = graph.program;
  const activation = head === null && givesScores(compile.loss) ? activationOf[labels.kind] : null;
  const y = activation ? activate(graph.g, activation, output) : output;
  return { name: 'predict', inputs: [graph.x], outputs: { y }, updates: [] };
}

// ---------------------------------------------------------------- their parts

interface TrainingPass {
  readonly inputs: readonly Value[];
  readonly network: NetworkOutput;
  /** float32 [N], weighed. */
  readonly perSample: Value;
  /** float32 []: the mean over the samples that are there, also in a short last batch (Keras's sum_over_batch_size). */
  readonly loss: Value;
  readonly gradients: readonly { readonly name: string; readonly gradient: Value }[];
  /** Moving statistics. */
  readonly updates: GraphFunction['updates'];
  readonly rate: Value;
  readonly step: Value;
}

/** Forward in training mode, and back. */
function trainingPass(graph: Graph): TrainingPass {
  const { g, program, x, y, variable } = graph;
  const key = g.input('key', { dtype: 'int32', shape: [2] });
  const step = g.input('step', { dtype: 'int32', shape: [] });
  const rate = g.input('lr', { dtype: 'float32', shape: [] });
  const transforms = hasWarp(program.augment) ? [g.input('transforms', { dtype: 'float32', shape: [BATCH, 8] })] : [];
  const colours = program.augment.colours.length > 0 ? [g.input('colours', { dtype: 'float32', shape: [BATCH, colourWidth(program.augment)] })] : [];

  const pixels = g.scoped('preprocess', () => decodeImages(g, x));
  const warped = transforms.length > 0 ? g.scoped('augment', () => warpImages(g, pixels, transforms[0], program.augment)) : pixels;
  const changed = colours.length > 0 ? g.scoped('augment', () => changeColours(g, warped, colours[0], program.augment, { key, step })) : warped;
  const updates: { variable: string; value: Value }[] = [];
  const context: LowerContext = { g, mode: 'train', variable, random: { key, step }, poolFirst: poolsFirst(graph), update: (name, value) => updates.push({ variable: name, value }) };
  const network = lowerNetwork(context, program, preprocessed(graph, changed));

  const weights = weighsSamples(program) ? [g.input('weights', { dtype: 'float32', shape: [BATCH] })] : [];
  const perSample = weights.reduce((losses, weight) => g.mul(losses, weight), lossOf(graph, network));
  const loss = g.reduce('mean', perSample, [0], false, 'loss');
  const names = program.layers.flatMap((layer) => layer.variables).filter((weight) => weight.trainable).map((weight) => weight.name);
  const byWeight = gradients(g, loss, names.map(variable)).map((gradient, i) => ({ name: names[i], gradient }));
  return { inputs: [x, y, ...weights, ...transforms, ...colours, key, step, rate], network, perSample, loss, gradients: byWeight, updates, rate, step };
}

function inference(graph: Graph): NetworkOutput {
  const { g, program, x, variable } = graph;
  const update = (name: string): never => {
    throw new Error(`internal error: inference changes ${name}`);
  };
  const images = g.scoped('preprocess', () => decodeImages(g, x));
  return lowerNetwork({ g, mode: 'inference', variable, random: null, poolFirst: poolsFirst(graph), update }, program, preprocessed(graph, images));
}

const poolsFirst = ({ options }: Graph): boolean => options.rewrites?.poolFirst ?? true;

const preprocessed = ({ g, program, variable }: Graph, images: Value): Value =>
  g.scoped('preprocess', () => preprocessImages(g, images, program.preprocess, variable));

const lossOf = ({ g, program, y }: Graph, network: NetworkOutput): Value =>
  lossOfSamples({ g, network, targets: targetsOf(g, program.labels, y) }, program.compile.loss);

/** The accumulators of the loss and of each metric, one after the other. */
function sumsOf({ g, program, y }: Graph, network: NetworkOutput, perSample: Value): Value {
  const context = { g, network, targets: targetsOf(g, program.labels, y) };
  const rows = [total(g, perSample), ...program.compile.metrics.map((metric) => accumulated(context, metric))];
  const row = g.concat(rows);
  return g.reshape(row, [row.shape[1]], 'sums');
}

/** The largest float32: a larger magnitude is infinite, and a NaN compares with nothing. */
const FLOAT32_MAX = 3.4028234663852886e+38;
