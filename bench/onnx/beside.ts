/**
 * Training steps on both engines in turn, in one run on one machine: milliseconds a step (least and median), images/s, peak memory.
 *
 *   npx tsx bench/onnx/beside.ts [--only mnist,tutorial] [--threads 2] [--rounds 6] [--steps 5] [--engines tensorflow,onnx]
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { openEngine } from '../../src/runtime/engine/choose.ts';
import type { Engine } from '../../src/runtime/engine/engine.ts';
import { openOnnx } from '../../src/runtime/engine/onnx/engine.ts';
import { findOnnxRuntime } from '../../src/runtime/engine/onnx/locate.ts';
import { median } from '../process.ts';
import { workload, workloadNames } from './workloads.ts';
import type { WorkloadName } from './workloads.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: workloadNames.join() }, threads: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '6' }, steps: { type: 'string', default: '5' }, engines: { type: 'string', default: 'tensorflow,onnx' },
  },
});
const threads = Number(values.threads);
const openers: Record<string, () => Promise<Engine>> = {
  tensorflow: () => openEngine({ engine: 'tensorflow', threads }),
  onnx: () => openOnnx({ runtimePath: findOnnxRuntime()!, threads }),
};

for (const name of values.only.split(',') as WorkloadName[]) {
  const { graph, batch, state, feeds } = workload(name);
  const runners = [];
  for (const kind of values.engines.split(',')) {
    const engine = await openers[kind]();
    await engine.load(graph);
    await engine.restore(state);
    runners.push({ kind, engine, step: 0, times: [] as number[] });
  }
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const runner of runners) {
      for (let i = 0; i < Number(values.steps); i++) {
        const started = performance.now();
        await runner.engine.run('train', feeds(++runner.step));
        // The first round warms up.
        if (round > 0) runner.times.push(performance.now() - started);
      }
    }
  }
  for (const { kind, engine, times } of runners) {
    const [least, middle] = [Math.min(...times), median(times)];
    console.log(`${name} ${kind}, ${threads} threads: least ${least.toFixed(1)} ms (${((1000 * batch) / least).toFixed(0)} images/s), median ${middle.toFixed(1)} ms (${((1000 * batch) / middle).toFixed(0)}), ${((await engine.memory()) / 1e6).toFixed(0)} MB`);
    await engine.close();
  }
}
