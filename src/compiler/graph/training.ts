/**
 * The whole training step as one graph: Program → `train`, `evaluate` and `predict`, as Keras's train_step, test_step
 * and predict_step, with the gradients and the optimizer's arithmetic written out. See `TrainingGraph` for what goes in
 * and comes out.
 */
import { activationOf, givesScores } from '../model/loss.ts';
import { colourWidth, hasWarp, mixWidth, weighsSamples } from '../model/program.ts';
import type { Program } from '../model/program.ts';
import { gradients } from './autodiff.ts';
import { builder } from './build.ts';
import type { Builder } from './build.ts';
import { lossOfSamples } from './losses/table.ts';
import { activate } from './lower/activations.ts';
import type { LowerContext } from './lower/context.ts';
import { lowerNetwork } from './lower/network.ts';
import type { NetworkOutput } from './lower/network.ts';
import { constrained, weightPenalties } from './lower/penalties.ts';
import { accumulated, total } from './metrics/table.ts';
import { applyOptimizer, slotVariables } from './optimizers/apply.ts';
import { changeColours } from './colours.ts';
import { mixImages, mixLosses } from './mix.ts';
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
    ...statisticsOf(program.preprocess, program.input),
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
  const updated = bounded(graph, applyOptimizer({ g, variable, gradients: byWeight, rate, step: g.cast(step, 'float32') }, program.compile));
  const finite = g.cast(g.compare('lessEqual', g.unary('abs', loss), g.scalar(FLOAT32_MAX)), 'float32');
  return { name: 'train', inputs, outputs: { sums: sumsOf(graph, network, perSample), finite }, updates: [...updates, ...updated] };
}

function evaluate(graph: Graph): GraphFunction {
  const penalties: Value[] = [];
  const network = inference(graph, (ofSamples) => penalties.push(ofSamples));
  const perSample = withPenalties(graph, lossOf(graph, network), penalties);
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
  const own = augmented(graph, x, '', { key, step });
  const { mix } = program.augment;
  const other = mix && augmented(graph, g.input('x2', { dtype: x.dtype, shape: x.shape }), '2', { key, step });
  const mixed = mix && other && { y: g.input('y2', targetType(program.labels)), numbers: g.input('mix', { dtype: 'float32', shape: [BATCH, mixWidth(program.augment)] }) };
  const changed = mixed ? g.scoped('augment', () => mixImages(g, own.images, other.images, mixed.numbers, mix)) : own.images;
  const updates: { variable: string; value: Value }[] = [];
  const penalties: Value[] = [];
  const context: LowerContext = {
    g, mode: 'train', variable, random: { key, step }, poolFirst: poolsFirst(graph),
    update: (name, value) => updates.push({ variable: name, value }),
    penalty: (ofSamples) => penalties.push(ofSamples),
  };
  const network = lowerNetwork(context, program, preprocessed(graph, changed));

  const byOwn = lossOf(graph, network);
  const unweighed = mixed ? mixLosses(g, byOwn, lossOf({ ...graph, y: mixed.y }, network), mixed.numbers) : byOwn;
  const weights = weighsSamples(program) ? [g.input('weights', { dtype: 'float32', shape: [BATCH] })] : [];
  const perSample = withPenalties(graph, weights.reduce((losses, weight) => g.mul(losses, weight), unweighed), penalties);
  const loss = g.reduce('mean', perSample, [0], false, 'loss');
  const names = program.layers.flatMap((layer) => layer.variables).filter((weight) => weight.trainable).map((weight) => weight.name);
  const byWeight = gradients(g, loss, names.map(variable)).map((gradient, i) => ({ name: names[i], gradient }));
  return { inputs: [x, y, ...weights, ...own.inputs, ...(mixed ? [...other.inputs, mixed.y, mixed.numbers] : []), key, step, rate], network, perSample, loss, gradients: byWeight, updates, rate, step };
}

/** Pictures of training as they reach preprocessing, and the inputs that they take. @param suffix '2' for those that are mixed in */
function augmented({ g, program: { augment } }: Graph, x: Value, suffix: '' | '2', random: { readonly key: Value; readonly step: Value }): { readonly images: Value; readonly inputs: readonly Value[] } {
  const transforms = hasWarp(augment) ? [g.input(`transforms${suffix}`, { dtype: 'float32', shape: [BATCH, 8] })] : [];
  const colours = augment.colours.length > 0 ? [g.input(`colours${suffix}`, { dtype: 'float32', shape: [BATCH, colourWidth(augment)] })] : [];
  const pixels = g.scoped('preprocess', () => decodeImages(g, x));
  const images = g.scoped('augment', () => {
    const warped = transforms.reduce((images, numbers) => warpImages(g, images, numbers, augment), pixels);
    return colours.reduce((images, numbers) => changeColours(g, images, numbers, augment, { ...random, second: suffix === '2' }), warped);
  });
  return { images, inputs: [...(suffix === '' ? [] : [x]), ...transforms, ...colours] };
}

function inference(graph: Graph, penalty: LowerContext['penalty'] = () => undefined): NetworkOutput {
  const { g, program, x, variable } = graph;
  const update = (name: string): never => {
    throw new Error(`internal error: inference changes ${name}`);
  };
  const images = g.scoped('preprocess', () => decodeImages(g, x));
  return lowerNetwork({ g, mode: 'inference', variable, random: null, poolFirst: poolsFirst(graph), update, penalty }, program, preprocessed(graph, images));
}

const poolsFirst = ({ options }: Graph): boolean => options.rewrites?.poolFirst ?? true;

const preprocessed = ({ g, program, variable }: Graph, images: Value): Value =>
  g.scoped('preprocess', () => preprocessImages(g, images, program.preprocess, variable));

const lossOf = ({ g, program, y }: Graph, network: NetworkOutput): Value =>
  lossOfSamples({ g, network, targets: targetsOf(g, program.labels, y) }, program.compile.loss);

/** Losses [N] with what layers' outputs and weights add: the reported loss includes them, as Keras's. */
function withPenalties({ g, program, variable }: Graph, losses: Value, ofSamples: readonly Value[]): Value {
  const ofWeights = weightPenalties(g, program, variable);
  return [...ofSamples, ...(ofWeights ? [ofWeights] : [])].reduce((sum, penalty) => g.add(sum, penalty, 'penalty'), losses);
}

/** New weights brought back to their bounds. */
function bounded({ g, program }: Graph, updates: GraphFunction['updates']): GraphFunction['updates'] {
  const constraints = new Map(program.layers.flatMap((layer) => layer.variables).flatMap(({ name, constraint }) => (constraint ? [[name, constraint] as const] : [])));
  return updates.map(({ variable, value }) => {
    const constraint = constraints.get(variable);
    return constraint ? { variable, value: g.scoped(`constraint/${variable}`, () => constrained(g, constraint, value)) } : { variable, value };
  });
}

/** The accumulators of the loss and of each metric, one after the other. */
function sumsOf({ g, program, y }: Graph, network: NetworkOutput, perSample: Value): Value {
  const context = { g, network, targets: targetsOf(g, program.labels, y) };
  const rows = [total(g, perSample), ...program.compile.metrics.map((metric) => accumulated(context, metric))];
  const row = g.concat(rows);
  return g.reshape(row, [row.shape[1]], 'sums');
}

/** The largest float32: a larger magnitude is infinite, and a NaN compares with nothing. */
const FLOAT32_MAX = 3.4028234663852886e+38;
