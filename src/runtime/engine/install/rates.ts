/**
 * How fast an engine trains on this machine, measured by `cnnc engine list`: what `cnnc summary` estimates the time of a step from. Two small networks: one of convolutions, which counts multiply-adds, and one of relus, which moves numbers.
 */
import { gradients } from '../../../compiler/graph/autodiff.ts';
import { builder } from '../../../compiler/graph/build.ts';
import type { GraphVariable, TrainingGraph, Value } from '../../../compiler/graph/types.ts';
import type { Rates } from '../../../compiler/model/summary.ts';
import type { Tensor } from '../engine.ts';
import { openFound } from '../open.ts';
import type { FoundEngine } from './places.ts';
import { PROOF_BATCH, measure, micro } from './prove.ts';

const layers = 3;
const batch = 16;
const shape = [32, 32, 32] as const;
const perLayer = shape[0] * shape[1] * shape[2];

/** `layers` times a 3x3 convolution, or a bias and a relu; the mean is brought down by one step. */
function network(of: 'convolutions' | 'relus'): { readonly graph: TrainingGraph; readonly feeds: Record<string, Tensor>; readonly weights: Record<string, Tensor> } {
  const g = builder();
  const dims = of === 'convolutions' ? [3, 3, shape[2], shape[2]] : [shape[2]];
  const names = Array.from({ length: layers }, (_, i) => `w${i}`);
  const variables: GraphVariable[] = names.map((name) => ({ name, type: { dtype: 'float32', shape: dims }, role: 'weight' }));
  const weights = variables.map(({ name, type }) => g.variable(name, type));
  const x = g.input('x', { dtype: 'float32', shape: [-1, ...shape] });
  const rate = g.input('lr', { dtype: 'float32', shape: [] });
  const through = (map: Value, w: Value): Value =>
    of === 'convolutions' ? g.conv2d(map, w, { stride: [1, 1], padding: 'same', dilation: [1, 1] }) : g.unary('relu', g.biasAdd(map, w));
  const loss = g.reduce('mean', weights.reduce(through, x), [0, 1, 2, 3]);
  const slopes = gradients(g, loss, weights);
  const size = dims.reduce((a, b) => a * b, 1);
  const sums = { sums: g.reshape(loss, [1]) };
  return {
    graph: {
      variables,
      train: { name: 'train', inputs: [x, rate], outputs: sums, updates: weights.map((w, i) => ({ variable: names[i], value: g.sgdUpdate(w, slopes[i], rate) })) },
      evaluate: { name: 'evaluate', inputs: [x], outputs: sums, updates: [] },
      predict: { name: 'predict', inputs: [x], outputs: sums, updates: [] },
    },
    weights: Object.fromEntries(names.map((name) => [name, { dtype: 'float32', shape: dims, data: new Float32Array(size).fill(0.01) }])),
    feeds: {
      x: { dtype: 'float32', shape: [batch, ...shape], data: new Float32Array(batch * perLayer).fill(0.5) },
      lr: { dtype: 'float32', shape: [], data: Float32Array.of(0.01) },
    },
  };
}

/** Some seconds of work. Rejects when the engine does not start. */
export async function measureRates(found: Pick<FoundEngine, 'kind' | 'path'>, threads: number): Promise<Rates> {
  const engine = await openFound(found, threads);
  try {
    // A step of next to nothing: what starting one costs.
    const overhead = await measure(engine, micro(4, PROOF_BATCH));
    const seconds = async (of: Parameters<typeof network>[0]): Promise<number> => Math.max(0.1, (await measure(engine, network(of))) - overhead) / 1000;
    const macs = batch * layers * perLayer * 9 * shape[2];
    const bytes = batch * layers * 2 * perLayer * 4;
    return {
      engine: `${found.kind} ${engine.info.version}, ${threads} thread${threads === 1 ? '' : 's'}`,
      macsPerSecond: macs / (await seconds('convolutions')),
      bytesPerSecond: bytes / (await seconds('relus')),
      overhead,
    };
  } finally {
    await engine.close();
  }
}
