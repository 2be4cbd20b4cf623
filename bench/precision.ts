/**
 * mixed_bfloat16 beside float32 on this machine: images/s on MNIST's and the tutorial's network, in turns, and the accuracy of MNIST over seeds.
 *
 *   npm run build && npx tsx bench/precision.ts [--part speed,accuracy] [--networks mnist,tutorial] [--repeats 5] [--seconds 2] [--seeds 1,2,3] [--limit 8000] [--epochs 1]
 *
 * `native` and `emulated` are the ways of operations/emit.ts; a processor without avx512_bf16 or amx_bf16 runs native in TensorFlow's slow kernels, so it is left out there
 * unless `--native` asks for it. Writes bench/precision.md.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findEngines } from '../src/runtime/engine/install/places.ts';
import { bfloat16Support } from '../src/runtime/engine/processor.ts';
import { openTensorFlow } from '../src/runtime/engine/tensorflow/engine.ts';
import { workload, type WorkloadName } from './onnx/workloads.ts';
import { median, watch } from './process.ts';

const { values } = parseArgs({
  options: {
    networks: { type: 'string', default: 'mnist,tutorial' }, part: { type: 'string', default: 'speed,accuracy' }, repeats: { type: 'string', default: '5' }, seconds: { type: 'string', default: '2' }, seeds: { type: 'string', default: '1,2,3' },
    limit: { type: 'string', default: '8000' }, epochs: { type: 'string', default: '1' }, native: { type: 'boolean', default: false },
  },
});
const parts = values.part.split(',');
const support = bfloat16Support();
const lines: string[] = [];
const tell = (line: string): void => {
  console.log(line);
  lines.push(line);
};
const figure = (all: readonly number[], digits: number): string => `${median(all).toFixed(digits)} (${Math.min(...all).toFixed(digits)}–${Math.max(...all).toFixed(digits)})`;

if (parts.includes('speed')) {
  tell('| network | float32, images/s | mixed_bfloat16 | images/s | ratio of each turn |\n|---|---|---|---|---|');
  const ways = [...(support.native || values.native ? ['native' as const] : []), 'emulated' as const];
  for (const name of values.networks.split(',') as WorkloadName[]) for (const way of ways) await speed(name, way);
}

/** Each turn runs the one and then the other for a while, so that a slow moment of the machine meets both. */
async function speed(name: WorkloadName, way: 'native' | 'emulated'): Promise<void> {
  const sides = [];
  for (const precision of ['float32', 'mixed_bfloat16'] as const) {
    const engine = await openTensorFlow({ addonPath: findEngines('tensorflow')[0].path, threads: cpus().length, bfloat16: way });
    const { graph, batch, state, feeds } = workload(name, precision);
    await engine.load(graph);
    await engine.restore(state);
    for (let step = 1; step <= 3; step++) await engine.run('train', feeds(step));
    sides.push({ engine, batch, feeds, rates: [] as number[] });
  }
  for (let turn = 0; turn < Number(values.repeats); turn++) {
    for (const { engine, batch, feeds, rates } of sides) {
      const begin = performance.now();
      let steps = 0;
      while (performance.now() - begin < Number(values.seconds) * 1000 || steps < 3) await engine.run('train', feeds(4 + steps++));
      rates.push((steps * batch * 1000) / (performance.now() - begin));
    }
  }
  await Promise.all(sides.map(({ engine }) => engine.close()));
  const [plain, mixed] = sides.map(({ rates }) => rates);
  tell(`| ${name} | ${figure(plain, 0)} | ${way} | ${figure(mixed, 0)} | ${figure(mixed.map((rate, i) => rate / plain[i]), 2)} |`);
}

if (parts.includes('accuracy')) {
  tell(`\nMNIST, examples/mnist/mnist.cnn with ${values.limit} pictures, ${values.epochs} epoch${values.epochs === '1' ? '' : 's'}; accuracy of the test part:\n\n| seed | float32 | mixed_bfloat16 |\n|---|---|---|`);
  const all: [number, number][] = [];
  for (const seed of values.seeds.split(',')) {
    const pair: [number, number] = [await accuracy(seed, 'float32'), await accuracy(seed, 'mixed_bfloat16')];
    all.push(pair);
    tell(`| ${seed} | ${pair.map((one) => one.toFixed(4)).join(' | ')} |`);
  }
  tell(`| mean | ${[0, 1].map((side) => (all.reduce((sum, pair) => sum + pair[side], 0) / all.length).toFixed(4)).join(' | ')} |`);
}

async function accuracy(seed: string, precision: string): Promise<number> {
  const folder = 'bench/out/precision';
  mkdirSync('bench/out', { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  const args = ['examples/mnist/mnist.cnn', '--quiet', '--engine', 'tensorflow', '--out', folder, '--seed', seed, '--epochs', values.epochs, '--set', `data.limit=${values.limit}`, '--set', `compile.precision=${precision}`];
  const done = await watch('node', ['dist/cnnc.cjs', 'run', ...args], {}, false);
  if (done.code !== 0 || !existsSync(join(folder, 'metrics.json'))) throw new Error(`cnnc run ended with ${done.code}:\n${done.stderr}`);
  return (JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8')) as { accuracy: number }).accuracy;
}

const machine = `${cpus().length} x ${cpus()[0].model.trim()}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; ${support.native ? 'it multiplies bfloat16' : support.reason}; medians (least–most)`;
writeFileSync('bench/precision.md', `# mixed_bfloat16 beside float32\n\n${machine}. Made by \`npx tsx bench/precision.ts\`.\n\n${lines.join('\n')}\n`);
