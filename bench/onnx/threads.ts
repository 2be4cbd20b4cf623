/**
 * Settings of onnxruntime's threads beside each other on a training step, in turn in one process: whether threads spin while they wait,
 * and whether work is handed out in pieces. Milliseconds a step, least and median. Worth a look on an idle and on a busy machine.
 *
 *   npx tsx bench/onnx/threads.ts [--only mnist,tutorial,normalised] [--threads 2] [--rounds 6]
 */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { toOnnx } from '../../src/compiler/backend/onnx/model.ts';
import { variableLayouts } from '../../src/compiler/backend/onnx/variables.ts';
import { findOnnxRuntime } from '../../src/runtime/engine/onnx/locate.ts';
import { median } from '../process.ts';
import { workload, workloadNames } from './workloads.ts';
import type { WorkloadName } from './workloads.ts';

interface Session {
  readonly inputNames: readonly string[];
  readonly inputMetadata: readonly { readonly name: string; readonly type: string; readonly shape: readonly (number | string)[] }[];
  run(feeds: object, fetches: object): Promise<object>;
}
/** Of onnxruntime-node, which is no dependency of this project: `cnnc engine install onnx` fetches it. */
interface Runtime {
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (dtype: string, data: unknown, dims: readonly number[]) => { readonly dims: readonly number[] };
}
const runtimePath = findOnnxRuntime();
if (runtimePath === null) throw new Error('first type: npx cnnc engine install onnx');
const { InferenceSession, Tensor } = createRequire(import.meta.url)(runtimePath) as Runtime;

const { values } = parseArgs({
  options: { only: { type: 'string', default: workloadNames.join() }, threads: { type: 'string', default: String(availableParallelism()) }, rounds: { type: 'string', default: '6' } },
});
const threads = Number(values.threads);
const still = { intra_op: { allow_spinning: '0' } };
const settings = [
  ['one thread', 1, {}],
  ['spinning', threads, {}],
  ['spinning, in pieces', threads, { dynamic_block_base: '4' }],
  ['still', threads, still],
  ['still, in pieces', threads, { ...still, dynamic_block_base: '4' }],
] as const;
const STEPS = 4;

for (const name of values.only.split(',') as WorkloadName[]) {
  const { graph, batch, state } = workload(name);
  const fn = toOnnx(graph.train, variableLayouts(graph), { block: 8 });
  const runners = [];
  for (const [label, count, session] of settings) {
    const made = await InferenceSession.create(fn.bytes, { intraOpNumThreads: count, graphOptimizationLevel: 'all', logSeverityLevel: 3, extra: { session } });
    const inputs = Object.fromEntries(
      made.inputMetadata.map(({ name: input, type, shape }) => {
        const dims = shape.map((d) => (typeof d === 'number' ? d : batch));
        const length = dims.reduce((a, b) => a * b, 1);
        const data = type === 'uint8' ? new Uint8Array(length) : type === 'int32' ? new Int32Array(length).fill(1) : Float32Array.from({ length }, (_, i) => 0.05 * Math.sin(i) + 0.001);
        return [input, new Tensor(type, data, dims)];
      }),
    );
    const next = fn.updates.map((variable) => [`next/${variable}`, new Tensor('float32', new Float32Array(state[variable].data.length), inputs[`state/${variable}`].dims)]);
    const fetches = Object.fromEntries([...next, ...Object.keys(fn.outputs).map((output) => [`output/${output}`, null])]);
    runners.push({ label, step: () => made.run(inputs, fetches), times: [] as number[] });
  }
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const runner of runners) {
      for (let i = 0; i < STEPS; i++) {
        const started = performance.now();
        await runner.step();
        // The first round warms up.
        if (round > 0) runner.times.push(performance.now() - started);
      }
    }
  }
  for (const { label, times } of runners) console.log(`${name}, ${label}: least ${Math.min(...times).toFixed(1)} ms, median ${median(times).toFixed(1)} ms`);
}
