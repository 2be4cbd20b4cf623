/**
 * The estimate of memory beside what training really takes, for quite different programs on both engines. Linux only, by hand:
 *
 *   npm run --silent build && npx tsx bench/memory.ts [--only REGEXP] [--engines tensorflow,onnx] [--threads 2]
 *
 * Measured is a whole `cnnc run`: the peak of resident pages (VmHWM) of cnnc's process plus that of the engine's, whenever they were.
 * Pages of files that both map (Node itself) count in each. The constants of src/compiler/memory/constants.ts come from this table.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { memoryEstimator } from '../src/compiler/memory/estimate.ts';
import { onnx } from '../src/compiler/memory/onnx.ts';
import { tensorflow } from '../src/compiler/memory/tensorflow.ts';
import { sizeOf } from '../src/cli/memory.ts';
import { compileAlone, loadProgram } from '../src/cli/render-load.ts';
import { programs } from './memory/programs.ts';
import { watchMemory } from './memory/watch.ts';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, engines: { type: 'string', default: 'tensorflow,onnx' }, threads: { type: 'string', default: '2' } } });
const root = fileURLToPath(new URL('..', import.meta.url));
const rules = { tensorflow, onnx };
const MB = (bytes: number): string => String(Math.round(bytes / 1e6));

console.log('| program | engine | estimate, MB | measured, MB | | cnnc: estimate, measured | engine: estimate, measured |\n|---|---|---|---|---|---|---|');
for (const [name, write] of Object.entries(programs)) {
  if (!new RegExp(values.only).test(name)) continue;
  for (const engine of values.engines.split(',') as (keyof typeof rules)[]) {
    const folder = mkdtempSync(join(tmpdir(), 'cnnc-memory-'));
    try {
      const path = join(folder, 'x.cnn');
      const text = write(root);
      writeFileSync(path, text);
      const { program, facts } = await loadProgram(path, text, {});
      if (!program) throw new Error(`${name}: ${(await compileAlone(path, text, {})).diagnostics.map((d) => d.message).join('; ')}`);
      const { total, own, child } = memoryEstimator(program, rules[engine], sizeOf(program, facts))();
      const { code, stderr, peaks } = await watchMemory(process.execPath, [join(root, 'dist/cnnc.cjs'), 'run', path, '--engine', engine, '--threads', values.threads, '--quiet', '--out', join(folder, 'run')]);
      if (code !== 0) throw new Error(`${name} on ${engine}: exit code ${code}\n${stderr}`);
      const measured = peaks.reduce((sum, peak) => sum + peak, 0);
      const by = Math.round(100 * (total / measured - 1));
      console.log(`| ${name} | ${engine} | ${MB(total)} | ${MB(measured)} | ${by > 0 ? '+' : ''}${by} % | ${MB(own)}, ${MB(peaks[0])} | ${MB(child)}, ${MB(peaks[1])} |`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}
