/** Proves that an engine works: a small training step on it, beside the same step in float64. Also the measure of `cnnc engine list`. */
import { gradients } from '../../../compiler/graph/autodiff.ts';
import { builder } from '../../../compiler/graph/build.ts';
import { interpretFunction } from '../../../compiler/graph/interpret.ts';
import { ndarray } from '../../../compiler/graph/ndarray.ts';
import { draws, Purpose } from '../../../compiler/graph/philox.ts';
import type { GraphVariable, TensorType, TrainingGraph } from '../../../compiler/graph/types.ts';
import type { Engine, Tensor } from '../engine.ts';
import { openFound } from '../open.ts';
import type { FoundEngine } from './places.ts';

/** 4·3×3 convolution, relu, 2×2 max-pool, dense 3, cross-entropy, one step of gradient descent. */
export function microGraph(side: number): TrainingGraph {
  const g = builder();
  const inner = ((side - 2) / 2) ** 2 * 4;
  const types: Record<string, TensorType> = {
    kernel: { dtype: 'float32', shape: [3, 3, 1, 4] },
    bias: { dtype: 'float32', shape: [4] },
    dense: { dtype: 'float32', shape: [inner, 3] },
  };
  const [kernel, bias, dense] = Object.entries(types).map(([name, type]) => g.variable(name, type));
  const x = g.input('x', { dtype: 'uint8', shape: [-1, side, side, 1] });
  const y = g.input('y', { dtype: 'int32', shape: [-1] });
  const rate = g.input('lr', { dtype: 'float32', shape: [] });
  const image = g.mul(g.cast(x, 'float32'), g.scalar(1 / 255));
  const map = g.unary('relu', g.biasAdd(g.conv2d(image, kernel, { stride: [1, 1], padding: 'valid', dilation: [1, 1] }), bias));
  const pooled = g.maxPool(map, { size: [2, 2], stride: [2, 2], padding: 'valid' });
  const logits = g.matmul(g.reshape(pooled, [-1, inner]), dense);
  const loss = g.reduce('mean', g.sparseSoftmaxCrossEntropy(logits, y), [0]);
  const slopes = gradients(g, loss, [kernel, bias, dense]);
  const variables: GraphVariable[] = Object.entries(types).map(([name, type]) => ({ name, type, role: 'weight' }));
  return {
    variables,
    train: {
      name: 'train',
      inputs: [x, y, rate],
      outputs: { sums: g.reshape(loss, [1]) },
      updates: [kernel, bias, dense].map((w, i) => ({ variable: variables[i].name, value: g.sgdUpdate(w, slopes[i], rate) })),
    },
    evaluate: { name: 'evaluate', inputs: [x, y], outputs: { sums: g.reshape(loss, [1]) }, updates: [] },
    predict: { name: 'predict', inputs: [x], outputs: { y: g.softmax(logits) }, updates: [] },
  };
}

export interface Micro {
  readonly graph: TrainingGraph;
  readonly feeds: Record<string, Tensor>;
  readonly weights: Record<string, Tensor>;
}

export function micro(side: number, batch: number): Micro {
  const graph = microGraph(side);
  const random = draws(1, Purpose.synthetic);
  const weights = graph.variables.map(({ name, type: { shape } }): [string, Tensor] => {
    const size = shape.reduce((a, b) => a * b, 1);
    return [name, { dtype: 'float32', shape, data: Float32Array.from({ length: size }, () => random.uniform() - 0.5) }];
  });
  return {
    graph,
    weights: Object.fromEntries(weights),
    feeds: {
      x: { dtype: 'uint8', shape: [batch, side, side, 1], data: Uint8Array.from({ length: batch * side * side }, () => random.below(256)) },
      y: { dtype: 'int32', shape: [batch], data: Int32Array.from({ length: batch }, (_, i) => i % 3) },
      lr: { dtype: 'float32', shape: [], data: Float32Array.of(0.1) },
    },
  };
}

const array = ({ shape, data, dtype }: Tensor) => ndarray(shape, data, dtype);

export interface Proof {
  readonly version: string;
  /** Milliseconds a step of the measured network takes. */
  readonly stepTime: number;
}

/** Pictures in a measured step. */
export const PROOF_BATCH = 64;

/** Rejects, with words for a message, when the engine does not start or does not compute what it should. */
export async function prove(found: Pick<FoundEngine, 'kind' | 'path'>, threads: number): Promise<Proof> {
  const engine = await openFound(found, threads);
  try {
    await selfTest(engine);
    return { version: engine.info.version, stepTime: await measure(engine, micro(28, PROOF_BATCH)) };
  } finally {
    await engine.close();
  }
}

/** Rejects when the engine computes something else than it should. The graph that was loaded is gone afterwards. */
export const selfTest = (engine: Engine): Promise<void> => compare(engine, micro(8, 5));

async function compare(engine: Engine, { graph, feeds, weights }: Micro): Promise<void> {
  const arrays = (tensors: Record<string, Tensor>) => Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, array(t)]));
  const expected = interpretFunction(graph.train, arrays(feeds), new Map(Object.entries(arrays(weights))));
  await engine.load(graph);
  await engine.restore(weights);
  await engine.run('train', feeds);
  const state = await engine.state();
  for (const [name, want] of expected.updates) {
    const worst = want.data.reduce((most, w, i) => Math.max(most, Math.abs(w - state[name].data[i])), 0);
    if (!(worst < 1e-4)) throw new Error(`it computes wrong numbers: ${name} is off by ${worst}`);
  }
}

/** Milliseconds of a training step. */
export async function measure(engine: Engine, { graph, feeds, weights }: Micro): Promise<number> {
  await engine.load(graph);
  await engine.restore(weights);
  const times: number[] = [];
  for (let i = 0; i < 12; i++) {
    const start = performance.now();
    await engine.run('train', feeds);
    times.push(performance.now() - start);
  }
  // The first steps prepare kernels; the median of the rest is not moved by one interruption.
  return times.slice(3).sort((a, b) => a - b)[4];
}
