/**
 * `cnnc check --no-data` as a process: a usual program, and long ones of 1,000 to 20,000 lines (bench/long.ts), each three times:
 * npx tsx bench/check.ts. Prints a table; the time per line shows whether checking is linear.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { longProgram } from './long.ts';
import { median, watch } from './process.ts';

const sizes = [1000, 2000, 5000, 10_000, 20_000];
const repeats = 3;
mkdirSync('bench/out', { recursive: true });

async function time(file: string): Promise<{ readonly ms: number; readonly peakMb: number }> {
  const seconds: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const done = await watch('node', ['dist/cnnc.cjs', 'check', '--no-data', file], {}, false);
    if (done.code !== 0) throw new Error(`cnnc check ${file} ended with ${done.code}:\n${done.stderr}`);
    seconds.push(done.seconds);
  }
  const { peakMb } = await watch('node', ['dist/cnnc.cjs', 'check', '--no-data', file], {}, true);
  return { ms: median(seconds) * 1000, peakMb };
}

console.log('| program | ms, whole process | µs a line above the usual program | peak MB |\n|---|---|---|---|');
const usual = await time('examples/tutorial/tutorial.cnn');
console.log(`| the tutorial | ${usual.ms.toFixed(0)} | | ${usual.peakMb.toFixed(0)} |`);
for (const lines of sizes) {
  const file = `bench/out/long-${lines}.cnn`;
  writeFileSync(file, longProgram(lines));
  const { ms, peakMb } = await time(file);
  console.log(`| ${lines} lines | ${ms.toFixed(0)} | ${((1000 * (ms - usual.ms)) / lines).toFixed(0)} | ${peakMb.toFixed(0)} |`);
}
