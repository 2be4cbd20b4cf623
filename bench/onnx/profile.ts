/**
 * Where a training step's time goes on onnxruntime: its own profiler, summed by node.
 *
 *   npx tsx bench/onnx/profile.ts mnist|tutorial [--threads 1] [--steps 10] [--top 40]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PLAIN, toStored } from '../../src/compiler/backend/onnx/layout.ts';
import { toOnnx } from '../../src/compiler/backend/onnx/model.ts';
import type { HostInput } from '../../src/compiler/backend/onnx/operations/definition.ts';
import { variableLayouts } from '../../src/compiler/backend/onnx/variables.ts';
import { findOnnxRuntime } from '../../src/runtime/engine/onnx/locate.ts';
import { workload } from './workloads.ts';
import type { WorkloadName } from './workloads.ts';

interface Place {
  readonly length: number;
}
interface Kernels {
  drawMask(input: HostInput, count: number, key: Int32Array, step: number): Place;
  drawUniform(input: HostInput, count: number, key: Int32Array, step: number): Place;
  warpImages(input: HostInput, images: Uint8Array, count: number, transforms: Float32Array): Place;
  view(place: Place): Float32Array;
}
interface Tensor {
  readonly dims: readonly number[];
}
interface Session {
  readonly inputMetadata: readonly { readonly name: string }[];
  run(feeds: object, fetches: object): Promise<object>;
  endProfiling(): void;
  release(): Promise<void>;
}
/** Of onnxruntime-node, which is no dependency of this project: `cnnc engine install onnx` fetches it. */
interface Runtime {
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (dtype: string, data: unknown, dims: readonly number[]) => Tensor;
}
const require = createRequire(import.meta.url);
const runtime = findOnnxRuntime();
if (!runtime) throw new Error('type: npx cnnc engine install onnx');
const { InferenceSession, Tensor } = require(runtime) as Runtime;
const kernels = (require('../../src/runtime/engine/onnx/onnx-kernels.cjs') as { openKernels(): Kernels }).openKernels();

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '1' }, steps: { type: 'string', default: '10' }, top: { type: 'string', default: '40' }, block: { type: 'string', default: '8' } },
});
const { graph, batch, state, feeds } = workload((positionals[0] ?? 'mnist') as WorkloadName);
const layouts = variableLayouts(graph);
const fn = toOnnx(graph.train, layouts, { block: values.block === '0' ? null : Number(values.block) });
const folder = mkdtempSync(join(tmpdir(), 'cnnc-profile-'));
const steps = Number(values.steps);
const session = await InferenceSession.create(fn.bytes, {
  intraOpNumThreads: Number(values.threads), graphOptimizationLevel: 'all', enableProfiling: true, profileFilePrefix: join(folder, 'profile'), logSeverityLevel: 3,
});
const variables = Object.fromEntries(fn.reads.map((name) => {
  const { data } = state[name];
  const shape = session.inputMetadata.find((m) => m.name === `state/${name}`)!;
  return [`state/${name}`, new Tensor('float32', toStored(data as Float32Array, state[name].shape, layouts.get(name) ?? PLAIN), (shape as unknown as { shape: number[] }).shape)];
}));
let host = 0;
let total = 0;
const updated = Object.fromEntries(fn.updates.map((name) => [`next/${name}`, new Tensor('float32', new Float32Array(state[name].data.length), variables[`state/${name}`].dims)]));
for (let step = 1; step <= steps; step++) {
  const given = feeds(step);
  const started = performance.now();
  const inputs: Record<string, Tensor> = { ...variables };
  for (const [name, { inGraph }] of Object.entries(fn.inputs)) if (inGraph) inputs[`input/${name}`] = new Tensor(given[name].dtype, given[name].data as never, given[name].shape as number[]);
  const from = performance.now();
  const made = fn.host.map((input) =>
    input.kind === 'warp'
      ? kernels.warpImages(input, given[input.images].data as Uint8Array, batch, given[input.transforms].data as Float32Array)
      : input.kind === 'mask'
        ? kernels.drawMask(input, batch, given.key.data as Int32Array, step)
        : kernels.drawUniform(input, batch, given.key.data as Int32Array, step),
  );
  if (step > 1) host += performance.now() - from;
  fn.host.forEach((input, i) => {
    inputs[input.name] = new Tensor('float32', kernels.view(made[i]), [batch, ...input.storedShape.slice(1)]);
  });
  await session.run(inputs, { ...updated, ...Object.fromEntries(Object.keys(fn.outputs).map((name) => [`output/${name}`, null])) });
  if (step > 1) total += performance.now() - started;
}
session.endProfiling();
await session.release();

interface Event {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string; readonly output_size?: string };
}
const events = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]), 'utf8')) as Event[];
rmSync(folder, { recursive: true });
const sums = new Map<string, { ms: number; op: string; calls: number }>();
for (const { cat, name, dur, args } of events) {
  if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
  const key = name.replace(/_kernel_time$/, '');
  const entry = sums.get(key) ?? { ms: 0, op: args?.op_name ?? '', calls: 0 };
  entry.calls++;
  // The first step warms up.
  if (entry.calls > 1) entry.ms += dur / 1000 / (steps - 1);
  sums.set(key, entry);
}
const whole = events.filter(({ name }) => name === 'model_run' || name === 'SequentialExecutor::Execute').map(({ name, dur }) => `${name} ${(dur / 1000).toFixed(1)}`);
console.log(whole.slice(-4).join(', '));
const byOp = new Map<string, number>();
for (const { ms, op } of sums.values()) byOp.set(op, (byOp.get(op) ?? 0) + ms);
const all = [...sums.values()].reduce((sum, { ms }) => sum + ms, 0);
console.log(`a step: ${(total / (steps - 1)).toFixed(1)} ms, in operators ${all.toFixed(1)}, host ${(host / (steps - 1)).toFixed(1)}`);
for (const [op, ms] of [...byOp].sort((a, b) => b[1] - a[1]).slice(0, 20)) console.log(ms.toFixed(2).padStart(8), op);
console.log();
for (const [name, { ms, op }] of [...sums].sort((a, b) => b[1].ms - a[1].ms).slice(0, Number(values.top))) console.log(ms.toFixed(2).padStart(8), op.padEnd(16), name);
