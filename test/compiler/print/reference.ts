/** The reference of printed code: the program's graph on the float64 interpreter, with its random numbers in the open. */
import { rateAt } from '../../../src/compiler/graph/schedule.ts';
import { buildTraining } from '../../../src/compiler/graph/training.ts';
import { initialSlots, initialWeights } from '../../../src/compiler/graph/initial.ts';
import { interpretFunction } from '../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import type { NDArray } from '../../../src/compiler/graph/ndarray.ts';
import { philox4x32 } from '../../../src/compiler/graph/philox.ts';
import { asLayer } from '../../../src/compiler/model/program.ts';
import type { Program } from '../../../src/compiler/model/program.ts';

export interface Batch {
  readonly images: Uint8Array;
  /** Class numbers, or rows. */
  readonly labels: Int32Array | Float32Array;
  readonly count: number;
}

export const key: readonly [number, number] = [12345, 678];

/** Class numbers as int32 [n], rows as float32 [n, k]. */
export const isClasses = ({ labels }: Pick<Program, 'labels'>): boolean => labels.kind === 'categorical' || labels.kind === 'sparse';

export function reference(program: Program, statistics: Readonly<Record<string, Float32Array>>) {
  const graph = buildTraining(program, { rewrites: { poolFirst: false } });
  const variables = new Map<string, NDArray>();
  const initial = { ...initialWeights(program, 7), ...initialSlots(graph), ...statistics };
  for (const { name, type } of graph.variables) variables.set(name, ndarray(type.shape, initial[name]));
  const feeds = (batch: Batch, suffix = '') => ({
    [`x${suffix}`]: ndarray([batch.count, ...program.input], batch.images, 'uint8'),
    [`y${suffix}`]: isClasses(program) ? ndarray([batch.count], batch.labels, 'int32') : ndarray([batch.count, batch.labels.length / batch.count], batch.labels),
  });
  return {
    variables,
    weights: (): Map<string, NDArray> => new Map(graph.variables.filter((v) => v.role === 'weight').map((v) => [v.name, variables.get(v.name)!])),
    /** The accumulators of loss and metrics, before the update. @param others that are mixed in @param more the other inputs */
    train(batch: Batch, step: number, others: Batch | null = null, more: Readonly<Record<string, NDArray>> = {}): Float64Array {
      const all: Record<string, NDArray> = {
        ...feeds(batch),
        ...(others ? feeds(others, '2') : {}),
        ...more,
        key: ndarray([2], key, 'int32'),
        step: ndarray([], [step], 'int32'),
        lr: ndarray([], [rateAt(program.compile.optimizer.lr, step - 1)]),
      };
      const { outputs, updates } = interpretFunction(graph.train, all, variables);
      for (const [name, value] of updates) variables.set(name, value);
      return outputs.sums.data;
    },
    evaluate: (batch: Batch): Float64Array => interpretFunction(graph.evaluate, feeds(batch), variables).outputs.sums.data,
    predict: (batch: Batch): Float64Array => interpretFunction(graph.predict, { x: feeds(batch).x }, variables).outputs.y.data,
  };
}

/** Tensors of uniform numbers that stand behind the graph's draws in one step, in the order in which generated code asks for them. */
export function uniformNumbers(program: Program, step: number, [low, high]: readonly number[] = key): (size: number) => Float32Array {
  const mask = (stream: number, bits: number) => (size: number): Float32Array => {
    const perBlock = 128 / bits;
    const block = new Uint32Array(4);
    return Float32Array.from({ length: size }, (_, i) => {
      if (i % perBlock === 0) philox4x32(Math.floor(i / perBlock), 0, step, stream, low, high, block);
      const at = (i % perBlock) * bits;
      return ((block[at >> 5] >>> (at & 31)) & (2 ** bits - 1)) / 2 ** bits;
    });
  };
  // Generated code takes the logarithm of 1 − u, the graph that of u in (0, 1).
  const normal = (first: number, second: number) => [
    (size: number) => mask(first, 16)(size).map((u) => 1 - (u + 2 ** -17)),
    (size: number) => mask(second, 16)(size).map((u) => u + 2 ** -17),
  ];
  const noise = program.augment.colours.some(({ kind }) => kind === 'noise');
  const draws = [
    ...(noise ? normal(COLOURS, COLOURS + 1) : []),
    ...(noise && program.augment.mix ? normal(COLOURS + 2, COLOURS + 3) : []),
    ...program.layers.flatMap((layer) => {
      switch (layer.word) {
        case 'dropout':
        case 'spatial_dropout':
          return [mask(layer.index + 1, (layer.word === 'dropout' ? asLayer(layer, 'dropout') : asLayer(layer, 'spatial_dropout')).args.bits)];
        case 'gaussian_dropout':
        case 'gaussian_noise':
          return normal(layer.index + 1, layer.index + 1 + 2 ** 20);
        default:
          return [];
      }
    }),
  ];
  let next = 0;
  return (size) => draws[next++](size);
}

/** The first stream of graph/colours.ts. */
const COLOURS = 2 ** 21;
