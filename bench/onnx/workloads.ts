/** The workloads of the engines' comparison, with data of the right shape: graphs, initial state and one batch. */
import { compile } from '../../src/compiler/compile.ts';
import { initialSlots, initialWeights } from '../../src/compiler/graph/initial.ts';
import { buildTraining } from '../../src/compiler/graph/training.ts';
import type { TrainingGraph } from '../../src/compiler/graph/types.ts';
import type { DataFacts } from '../../src/compiler/model/program.ts';
import type { Tensor, Tensors } from '../../src/runtime/engine/engine.ts';

export interface Workload {
  readonly name: string;
  readonly graph: TrainingGraph;
  readonly batch: number;
  readonly state: Tensors;
  readonly feeds: (step: number) => Tensors;
}

const texts = {
  mnist: {
    batch: 64, shape: [28, 28, 1], classes: 10,
    network: 'conv 32 3x3; relu; conv 64 3x3; relu; pool 2; dropout .25; flatten; dense 128; relu; dropout .5; dense classes; softmax',
    before: '',
  },
  tutorial: {
    batch: 16, shape: [150, 150, 3], classes: 5,
    network: 'conv 32 5x5; pool 2; relu; dropout .25; conv 32 5x5; pool 2; relu; dropout .25; conv 32 5x5; pool 2; relu; dropout .25; flatten; dense 128; relu; dense classes; softmax',
    before: 'augment { rotation 20; width_shift .2; height_shift .2; horizontal_flip }',
  },
  /** Small pictures through batch normalisation, as in today's networks. */
  normalised: {
    batch: 32, shape: [32, 32, 3], classes: 10,
    network: 'conv 32 3x3 same; batch_norm; relu; conv 32 3x3 same; batch_norm; relu; pool 2; conv 64 3x3 same; batch_norm; relu; conv 64 3x3 same; batch_norm; relu; pool 2; global_avg_pool; dense classes; softmax',
    before: '',
  },
} as const;

export type WorkloadName = keyof typeof texts;
export const workloadNames = Object.keys(texts) as readonly WorkloadName[];

export function workload(name: WorkloadName, precision: 'float32' | 'mixed_bfloat16' = 'float32'): Workload {
  const { batch, shape, classes, network, before } = texts[name];
  const facts: DataFacts = {
    labelKind: 'sparse', classes: Array.from({ length: classes }, (_, i) => `c${i}`), sampleShape: shape, pixelType: 'uint8', count: 10_000, perClass: [],
    parts: { test: false, validation: false },
  };
  const text = `model Bench\ndata { folder "pictures" }\npreprocess { scale 1/255 }\n${before}\nnetwork < ${network} >\ncompile { optimizer adam; loss sparse_categorical_crossentropy; metrics accuracy; precision ${precision} }\nfit { batch ${batch} }\n`;
  const { program, diagnostics } = compile(text, { path: `${name}.cnn`, facts });
  if (!program) throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join('\n'));
  const graph = buildTraining(program);
  const shapes = new Map(graph.variables.map((v) => [v.name, v.type.shape]));
  const state = Object.fromEntries(
    Object.entries({ ...initialWeights(program, 1), ...initialSlots(graph) }).map(([key, data]): [string, Tensor] => [key, { dtype: 'float32', shape: shapes.get(key)!, data }]),
  );
  const size = (shape as readonly number[]).reduce((a, b) => a * b, 1);
  const x = Uint8Array.from({ length: batch * size }, (_, i) => (i * 7919 + (i >> 5)) & 255);
  const y = Int32Array.from({ length: batch }, (_, i) => i % classes);
  // A small turn and a shift.
  const transforms = Float32Array.from(Array.from({ length: batch }, () => [0.98, -0.17, 12, 0.17, 0.98, -9, 0, 0]).flat());
  return {
    name, graph, batch, state,
    feeds: (step) => ({
      x: { dtype: 'uint8', shape: [batch, ...shape], data: x },
      y: { dtype: 'int32', shape: [batch], data: y },
      ...(before === '' ? {} : { transforms: { dtype: 'float32', shape: [batch, 8], data: transforms } satisfies Tensor }),
      key: { dtype: 'int32', shape: [2], data: Int32Array.of(1, 2) },
      step: { dtype: 'int32', shape: [], data: Int32Array.of(step) },
      lr: { dtype: 'float32', shape: [], data: Float32Array.of(0.001) },
    }),
  };
}
