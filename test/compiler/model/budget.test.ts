/** Budgets: kept, broken, and what the message names. */
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { onBothEngines } from '../../../src/compiler/memory/both.ts';
import { summarise } from '../../../src/compiler/model/summary.ts';

const network = 'network < conv 32 3x3 same; relu; pool 2; flatten; dense 128; relu; dense classes >';
const run = (budget: string, more = '') => compile(`data { synthetic shapes 600 classes=4 }\n${network}\n${more}\nbudget { ${budget} }`, { path: 'x.cnn', memory: onBothEngines });
const { program } = compile(`data { synthetic shapes 600 classes=4 }\n${network}`, { path: 'x.cnn' });
const summary = summarise(program!);

it('a network within its limits compiles, and the Program keeps them', () => {
  const { program: kept, diagnostics } = run('params 2M; macs 500M; memory 2GB; size 10MB');
  expect(diagnostics).toEqual([]);
  expect(kept?.budget).toEqual({ params: 2e6, macs: 5e8, memory: 2e9, size: 1e7 });
  expect(program?.budget).toBeUndefined();
});

it.each([
  ['params', summary.params.total, 'CNN1260'],
  ['macs', summary.macs, 'CNN1261'],
])('%s: exactly as many are allowed, one fewer is not', (word, found, code) => {
  expect(run(`${word} ${found}`).diagnostics).toEqual([]);
  expect(run(`${word} ${found - 1}`).diagnostics.map((d) => d.code)).toEqual([code]);
});

it.each([
  ['memory 100MB', 'CNN1262', expect.stringMatching(/^cnnc and TensorFlow themselves take \d+ MB; or raise the limit$/)],
  ['memory 590MB', 'CNN1262', expect.stringMatching(/^use a smaller batch: batch (8|16)$/)],
  ['size 4MB', 'CNN1263', 'use fewer filters or units there, or raise the limit'],
])('%s', (budget, code, help) => {
  const { diagnostics, program: none } = run(budget);
  expect(diagnostics.map((d) => [d.code, d.help])).toEqual([[code, [help]]]);
  expect(none).toBeNull();
});

it('the batch that it names fits, and twice as many do not', () => {
  const more = 'fit { batch 300 }';
  const estimates = onBothEngines(run('params 1G', more).program!);
  const limit = estimates[0](64).total;
  const [{ help, label }] = run(`memory ${Math.ceil(limit / 1e6)}MB`, more).diagnostics;
  const batch = Number(/batch (\d+)$/.exec(help[0])?.[1]);
  const most = (of: number): number => Math.max(...estimates.map((estimate) => estimate(of).total));
  expect(most(batch)).toBeLessThanOrEqual(Math.ceil(limit / 1e6) * 1e6);
  expect(most(2 * batch)).toBeGreaterThan(limit);
  expect(label).toContain('with batches of 300 on ');
});

it('takes the engine that needs more', () => {
  const small = (engine: 'tensorflow' | 'onnx', total: number) => () => ({ engine, batch: 32, total, own: 0, child: total, parts: { processes: total, weights: 0, tensors: 0, data: 0 } });
  const budgeted = (limit: string) => compile(`data { synthetic shapes 600 classes=4 }\n${network}\nbudget { memory ${limit} }`, { path: 'x.cnn', memory: () => [small('tensorflow', 2e9), small('onnx', 3e9)] });
  expect(budgeted('3GB').diagnostics).toEqual([]);
  expect(budgeted('2GB').diagnostics.map((d) => d.message)).toEqual(['training takes about 3 GB of memory, more than the 2 GB that are allowed']);
});

it('several broken limits are several errors, and the layer that costs most is shown', () => {
  const { diagnostics } = run('params 1k; macs 1k; size 1kB');
  expect(diagnostics.map((d) => d.code)).toEqual(['CNN1260', 'CNN1261', 'CNN1263']);
  expect(diagnostics[0].related.map((r) => r.label)).toEqual(['costs most: dense_1']);
});

it.each([
  ['params 1MB', 'CNN1008'],
  ['memory 10', 'CNN1008'],
  ['size 1M', 'CNN1008'],
  ['params 0', 'CNN1009'],
  ['parms 1M', 'CNN1001'],
  ['params 1M; params 2M', 'CNN1005'],
])('budget { %s } is refused', (budget, code) => expect(run(budget).diagnostics.map((d) => d.code)).toEqual([code]));

it('is set from the command line, too', () => {
  const text = `data { synthetic shapes 600 classes=4 }\n${network}\nbudget { params 1k }`;
  expect(compile(text, { path: 'x.cnn', set: { 'budget.params': '2M' } }).diagnostics).toEqual([]);
});
