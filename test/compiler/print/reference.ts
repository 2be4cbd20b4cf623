/** The reference of printed code: the program's graph on the float64 interpreter, with its random numbers in the open. */
import { rateAt } from '../../../src/compiler/graph/schedule.ts';
import { buildTraining } from '../../../src/compiler/graph/training.ts';
import { initialSlots, initialWeights } from '../../../src/compiler/graph/initial.ts';
import { interpretFunction } from '../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import type { NDArray } from '../../../src/compiler/graph/ndarray.ts';
import { philox4x32 } from '../../../src/compiler/graph/philox.ts';
import { asLayer, hasWarp } from '../../../src/compiler/model/program.ts';
import type { Program } from '../../../src/compiler/model/program.ts';

export interface Batch {
  readonly images: Uint8Array;
  /** Class numbers, or rows. */
  readonly labels: Int32Array | Float32Array;
  readonly count: number;
  /** [n · 8]; of training batches of a program that augments. */
  readonly transforms?: Float32Array;
}

export const key: readonly [number, number] = [12345, 678];

export function reference(program: Program, statistics: Readonly<Record<string, Float32Array>>) {
  const graph = buildTraining(program, { rewrites: { poolFirst: false } });
  const variables = new Map<string, NDArray>();
  const initial = { ...initialWeights(program, 7), ...initialSlots(graph), ...statistics };
  for (const { name, type } of graph.variables) variables.set(name, ndarray(type.shape, initial[name]));
  const isClasses = program.labels.kind === 'categorical' || program.labels.kind === 'sparse';
  const feeds = (batch: Batch) => ({
    x: ndarray([batch.count, ...program.input], batch.images, 'uint8'),
    y: isClasses ? ndarray([batch.count], batch.labels, 'int32') : ndarray([batch.count, batch.labels.length / batch.count], batch.labels),
  });
  return {
    variables,
    weights: (): Map<string, NDArray> => new Map(graph.variables.filter((v) => v.role === 'weight').map((v) => [v.name, variables.get(v.name)!])),
    /** The sums of loss and metrics over the samples, before the update. */
    train(batch: Batch, step: number): Float64Array {
      const { outputs, updates } = interpretFunction(graph.train, {
        ...feeds(batch),
        ...(hasWarp(program.augment) ? { transforms: ndarray([batch.count, 8], batch.transforms ?? []) } : {}),
        key: ndarray([2], key, 'int32'),
        step: ndarray([], [step], 'int32'),
        lr: ndarray([], [rateAt(program.compile.optimizer.lr, step - 1)]),
      }, variables);
      for (const [name, value] of updates) variables.set(name, value);
      return outputs.sums.data;
    },
    evaluate: (batch: Batch): Float64Array => interpretFunction(graph.evaluate, feeds(batch), variables).outputs.sums.data,
    predict: (batch: Batch): Float64Array => interpretFunction(graph.predict, { x: feeds(batch).x }, variables).outputs.y.data,
  };
}

/** The uniform numbers behind the graph's dropout masks, in the order of the dropout layers, for one step. */
export function dropoutNumbers(program: Program, step: number, [low, high]: readonly number[] = key): (size: number) => Float32Array {
  const layers = program.layers.flatMap((layer) => (layer.word === 'dropout' ? asLayer(layer, 'dropout') : layer.word === 'spatial_dropout' ? asLayer(layer, 'spatial_dropout') : []));
  let next = 0;
  return (size) => {
    const { index, args: { bits } } = layers[next++];
    const perBlock = 128 / bits;
    const block = new Uint32Array(4);
    return Float32Array.from({ length: size }, (_, i) => {
      if (i % perBlock === 0) philox4x32(Math.floor(i / perBlock), 0, step, index + 1, low, high, block);
      const at = (i % perBlock) * bits;
      return ((block[at >> 5] >>> (at & 31)) & (2 ** bits - 1)) / 2 ** bits;
    });
  };
}
