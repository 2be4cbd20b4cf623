/**
 * Initial weights: Keras's distributions (keras/src/initializers/random_initializers.py), drawn on the host from the
 * program's seed, one stream per variable. Only + − × ÷ and √ are used, which IEEE 754 rounds the same everywhere, so
 * the same seed gives the same bytes on every machine and Node version.
 */
import type { Initializer, Program, Shape } from '../model/program.ts';
import { draws, Purpose } from './philox.ts';
import type { Draws } from './philox.ts';
import { identity, orthogonal } from './initial/matrix.ts';
import { probit, truncatedNormal } from './initial/normal.ts';
import type { GraphVariable, TrainingGraph } from './types.ts';

/** The standard deviation of a unit normal cut at ±2; Keras divides by it so that the cut one has the variance asked for. */
const TRUNCATED_STD = 0.8796256610342398;

/**
 * The values of every weight of the program (moving statistics included), by variable name, row-major.
 * @param seed a safe integer ≥ 0: `fit.seed`
 */
export function initialWeights(program: Program, seed: number): Record<string, Float32Array> {
  const weights: Record<string, Float32Array> = {};
  program.layers.flatMap((layer) => layer.variables).forEach((variable, index) => {
    weights[variable.name] = initialValues(variable.initializer, variable.shape, draws(seed, Purpose.weights, index));
  });
  return weights;
}

/** Optimizer slots start at zero, or where their optimizer says. */
export function initialSlots(graph: Pick<TrainingGraph, 'variables'>): Record<string, Float32Array> {
  const slots = graph.variables.filter((variable: GraphVariable) => variable.role === 'slot');
  return Object.fromEntries(slots.map((slot) => [slot.name, new Float32Array(sizeOf(slot.type.shape)).fill(slot.initial ?? 0)]));
}

/** One tensor of `shape` from an initializer; each element takes one draw, in row-major order. */
export function initialValues(initializer: Initializer, shape: Shape, random: Draws): Float32Array {
  if (initializer.kind === 'orthogonal') return orthogonal(shape, initializer.gain, () => probit(open(random)));
  if (initializer.kind === 'identity') return identity(shape, initializer.gain);
  return new Float32Array(sizeOf(shape)).map(sampler(initializer, shape, random));
}

function sampler(initializer: Exclude<Initializer, { readonly kind: 'orthogonal' | 'identity' }>, shape: Shape, random: Draws): () => number {
  const uniform = (low: number, high: number) => () => low + (high - low) * random.uniform();
  const truncated = (mean: number, std: number) => () => mean + std * truncatedNormal(open(random));
  const { fanIn, fanOut } = fans(shape);
  const average = (fanIn + fanOut) / 2;
  switch (initializer.kind) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'constant':
      return () => initializer.value;
    case 'glorot_uniform':
      return symmetric(Math.sqrt(3 / Math.max(1, average)), uniform);
    case 'he_uniform':
      return symmetric(Math.sqrt(6 / Math.max(1, fanIn)), uniform);
    case 'lecun_uniform':
      return symmetric(Math.sqrt(3 / Math.max(1, fanIn)), uniform);
    case 'glorot_normal':
      return truncated(0, Math.sqrt(1 / Math.max(1, average)) / TRUNCATED_STD);
    case 'he_normal':
      return truncated(0, Math.sqrt(2 / Math.max(1, fanIn)) / TRUNCATED_STD);
    case 'lecun_normal':
      return truncated(0, Math.sqrt(1 / Math.max(1, fanIn)) / TRUNCATED_STD);
    case 'random_normal':
      return () => initializer.mean + initializer.stddev * probit(open(random));
    case 'truncated_normal':
      return truncated(initializer.mean, initializer.stddev);
    case 'random_uniform':
      return uniform(initializer.low, initializer.high);
    case 'variance_scaling': {
      const fan = { fan_in: fanIn, fan_out: fanOut, fan_avg: average }[initializer.mode];
      const variance = initializer.scale / Math.max(1, fan);
      if (initializer.distribution === 'uniform') return symmetric(Math.sqrt(3 * variance), uniform);
      if (initializer.distribution === 'truncated_normal') return truncated(0, Math.sqrt(variance) / TRUNCATED_STD);
      return () => Math.sqrt(variance) * probit(open(random));
    }
  }
}

const symmetric = (limit: number, uniform: (low: number, high: number) => () => number): (() => number) => uniform(-limit, limit);

/** Uniform in the open interval (0, 1): the inverse of a distribution function is infinite at its ends. */
const open = (random: Draws): number => (random.uint32() + 0.5) / 0x100000000;

/** Keras's compute_fans: a kernel [..., in, out] sees its window times the channels; a vector has one fan; a scalar 1. */
export function fans(shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0], fanOut: shape[0] };
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: window * shape[shape.length - 2], fanOut: window * shape[shape.length - 1] };
}

const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
