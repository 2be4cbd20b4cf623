/** What an engine makes of a random program in a few steps, and what is to be said of two of them. */
import { sizeOf } from '../../src/compiler/graph/metrics/finish.ts';
import { buildGradients } from '../../src/compiler/graph/training.ts';
import type { TrainingGraph } from '../../src/compiler/graph/types.ts';
import type { Metric, Program } from '../../src/compiler/model/program.ts';
import type { Tensors } from '../../src/runtime/engine/engine.ts';
import type { FuzzData } from './data.ts';
import type { FuzzCase } from './generate.ts';

/** A tensor of an engine, or the interpreter's with all its digits. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** What of an engine is needed here; the interpreter (reference.ts) has it, too. */
export interface Runner {
  load(graph: TrainingGraph): Promise<void>;
  restore(values: Tensors): Promise<void>;
  state(names: readonly string[]): Promise<Readonly<Record<string, Numbers>>>;
  run(fn: 'train' | 'evaluate' | 'predict', feeds: Tensors): Promise<Readonly<Record<string, Numbers>>>;
}

export interface Trace {
  /** Loss and gradients of the first step: `loss`, `grad/conv_1/kernel`. */
  readonly gradients: Readonly<Record<string, Numbers>>;
  /** With the first weights, and with the last. */
  readonly before: Numbers;
  readonly after: Numbers;
  /** Sums of loss and metrics, for each step. */
  readonly sums: readonly ArrayLike<number>[];
  /** Weights after the first step, and after the last. */
  readonly first: Readonly<Record<string, Numbers>>;
  readonly last: Readonly<Record<string, Numbers>>;
}

/** One graph for everything that is compared: `evaluate` gives the gradients. It stays loaded. */
export async function traceOf(engine: Runner, { program, facts }: FuzzCase, data: FuzzData, steps: number): Promise<Trace> {
  const graph: TrainingGraph = { ...data.graph, evaluate: { ...buildGradients(program, { pixels: facts.pixelType }), name: 'evaluate' } };
  const weights = graph.variables.filter((variable) => variable.role === 'weight').map((variable) => variable.name);
  const predict = async (): Promise<Numbers> => (await engine.run('predict', { x: data.x })).y;
  await engine.load(graph);
  await engine.restore(data.start);
  const gradients = await engine.run('evaluate', data.feeds(1, graph.evaluate));
  const before = await predict();
  const sums: ArrayLike<number>[] = [];
  let first: Trace['first'] = {};
  for (let step = 1; step <= steps; step++) {
    sums.push((await engine.run('train', data.feeds(step, graph.train))).sums.data);
    if (step === 1) first = await engine.state(weights);
  }
  return { gradients, before, after: await predict(), sums, first, last: await engine.state(weights) };
}

/** How far apart things may be, relative to their size; what rounding does is added, `slack` times. A gradient's size is at least a hundredth of the whole one's. */
export const tolerances = { predictions: 1e-5, gradients: 1e-5, firstLoss: 1e-5, loss: 1e-4, metrics: 1e-4, firstWeights: 1e-4, weights: 1e-3, slack: 50 } as const;

interface Compared {
  readonly what: string;
  readonly distance: number;
  /** Allowed. */
  readonly tolerance: number;
}

/**
 * Everything that differs by more than it may, as text. `exact` is the interpreter's trace, `inexact`
 * those with float32's errors: their distance is what rounding does. Weights whose gradient is analytically zero are noise, whichever way an optimizer turns it into steps; so are then
 * the moving means behind them.
 */
export function differences(a: Trace, b: Trace, exact: Trace, inexact: readonly Trace[], program: Program): string[] {
  const { layers, compile } = program;
  const zero = withoutGradient(exact.gradients);
  // Optimizers that divide by the size of the gradient make steps of any noise.
  const adaptive = compile.optimizer.kind !== 'sgd';
  const isRandom = layers.some(({ word }) => /dropout|noise/.test(word));
  const noisy = (name: string): boolean => adaptive && (zero.has(name) || (zero.size > 0 && /\/moving_(mean|variance)$/.test(name)));
  const total = Math.hypot(...Object.entries(exact.gradients).map(([name, value]) => (name === 'loss' ? 0 : norm(value.data))));
  // Two that round may each be off, to either side.
  const rounders = [a, b].filter((trace) => trace !== exact).length;
  const pick = (part: (trace: Trace) => ArrayLike<number>, what: string, tolerance: number, floor: number): Compared => {
    const size = Math.max(norm(part(exact)), floor, 1e-12);
    const noise = Math.max(...inexact.map((trace) => distance(part(exact), part(trace))));
    // Too large for float32: each engine loses it in its own way.
    return { what, distance: distance(part(a), part(b)) / size, tolerance: Number.isFinite(noise) ? tolerance + (rounders * tolerances.slack * noise) / size : Infinity };
  };
  const counted = countedPlaces(program);
  const steps = exact.sums.slice(0, stableSteps(exact));
  // A logarithm of what is below 0, say, or more than float32 holds: what follows from it is no number either, or an infinite one.
  const isLost = ![exact, ...inexact].every(({ gradients }) => Number.isFinite(gradients.loss.data[0]));
  const compared: Compared[] = [
    pick((t) => t.before.data, 'predictions', tolerances.predictions, sizeOfPredictions(exact.before.data)),
    ...(isLost ? [] : [pick((t) => t.gradients.loss.data, 'loss', tolerances.firstLoss, 1e-6)]),
    ...Object.keys(exact.gradients).filter((name) => name !== 'loss' && !isLost).map((name) => pick((t) => t.gradients[name].data, name, tolerances.gradients, zero.has(name.slice('grad/'.length)) ? total : 0.01 * total)),
    ...steps.map((_, step) => pick((t) => [t.sums[step][0]], `loss of step ${step + 1}`, tolerances.loss, 1e-6)),
    // Of equal outputs rounding chooses the largest, and with it the accuracy.
    ...(hasTies(exact.before) ? [] : steps).map((_, step) => pick((t) => metricsOf(t, exact, step < COUNTED && !isRandom ? [] : counted, step), `metrics of step ${step + 1}`, tolerances.metrics, 1)),
    ...Object.keys(exact.first).filter((name) => !noisy(name) && !isLost).map((name) => pick((t) => t.first[name].data, `${name} after the first step`, tolerances.firstWeights, 0.01)),
    ...(diverges(exact) ? [] : Object.keys(exact.last)).filter((name) => !noisy(name)).map((name) => pick((t) => t.last[name].data, `${name} after the last step`, tolerances.weights, 0.01)),
  ];
  return compared.filter(({ distance: d, tolerance }) => tolerance < Infinity && !(d <= tolerance)).map(({ what, distance: d, tolerance }) => `${what}: ${d.toExponential(2)} > ${tolerance.toExponential(2)}`);
}

/** Steps in which counts are compared: later, weights that are a little apart put a picture on the other side of a tie. How they are counted is the same in every step. */
const COUNTED = 3;

/**
 * Sums of the metrics of a step that are numbers (poisson's is none below 0).
 * @param without places of those that count, where something is drawn, which may leave equal outputs, of which rounding chooses
 */
const metricsOf = (trace: Trace, exact: Trace, without: readonly number[], step: number): readonly number[] =>
  Array.from(trace.sums[step]).filter((_, i) => i > 0 && Number.isFinite(exact.sums[step][i]) && !without.includes(i));

const counting: readonly Metric['kind'][] = ['accuracy', 'top_k', 'precision', 'recall', 'auc', 'f1'];

/** Places in the sums of the metrics that count answers. */
function countedPlaces({ compile: { metrics }, labels }: Program): readonly number[] {
  const places: number[] = [];
  let at = 1;
  for (const metric of metrics) {
    const size = sizeOf(metric, labels);
    if (counting.includes(metric.kind)) places.push(...Array.from({ length: size }, (_, i) => at + i));
    at += size;
  }
  return places;
}

/** Steps before the loss grew without bound: then each number format ends in its own way. */
const stableSteps = ({ sums }: Trace): number => {
  const first = sums.findIndex((sum) => !(Math.abs(sum[0]) < 1e4));
  return first < 0 ? sums.length : first;
};
export const diverges = (trace: Trace): boolean => stableSteps(trace) < trace.sums.length;

/** Weights that the loss does not depend on, by the float64 gradient: `conv_1/bias` before batch normalisation. */
export function withoutGradient(gradients: Trace['gradients']): ReadonlySet<string> {
  const sizes = Object.entries(gradients).filter(([name]) => name !== 'loss').map(([name, value]) => [name.slice('grad/'.length), norm(value.data)] as const);
  const total = Math.hypot(...sizes.map(([, size]) => size));
  return new Set(sizes.filter(([, size]) => size <= 1e-9 * total).map(([name]) => name));
}

/** Whether two outputs of a picture are the same but for rounding: of a network that answers 0 to centred pictures, say. */
function hasTies({ shape, data }: Numbers): boolean {
  const width = shape[shape.length - 1];
  return Array.from(data).some((value, i) => {
    const row = Array.from(data).slice(i - (i % width), i);
    return row.some((other) => Math.abs(value - other) <= 1e-6 * Math.abs(value) || value === other);
  });
}

/** Of probabilities near 0, ONNX Runtime's sigmoid has seven digits behind the point, not seven digits: they count as a tenth. */
export const sizeOfPredictions = (values: ArrayLike<number>): number => Math.max(norm(values), 0.1 * Math.sqrt(values.length));

export const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));
/** NaN where only one is not a number; infinities and NaN agree with themselves. */
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => Math.hypot(...Array.from(a, (value, i) => (Object.is(value, b[i]) ? 0 : value - b[i])));
