/** Budgets: kept, broken, and what the message names. */
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { summarise, trainingMemory } from '../../../src/compiler/model/summary.ts';

const network = 'network < conv 32 3x3 same; relu; pool 2; flatten; dense 128; relu; dense classes >';
const run = (budget: string, more = '') => compile(`data { synthetic shapes 600 classes=4 }\n${network}\n${more}\nbudget { ${budget} }`, { path: 'x.cnn' });
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
  ['memory 10kB', 'CNN1262', 'no batch is small enough: make the image smaller earlier, use fewer filters, or raise the limit'],
  ['memory 20MB', 'CNN1262', 'use a smaller batch: batch 4'],
  ['size 4MB', 'CNN1263', 'use fewer filters or units there, or raise the limit'],
])('%s', (budget, code, help) => {
  const { diagnostics, program: none } = run(budget);
  expect(diagnostics.map((d) => [d.code, d.help])).toEqual([[code, [help]]]);
  expect(none).toBeNull();
});

it('the batch that it names fits', () => {
  const [{ help }] = run('memory 20MB', 'fit { batch 300 }').diagnostics;
  const batch = Number(/batch (\d+)$/.exec(help[0])?.[1]);
  expect(trainingMemory(summarise({ ...program!, fit: { ...program!.fit, batch } }))).toBeLessThanOrEqual(20e6);
  expect(trainingMemory(summarise({ ...program!, fit: { ...program!.fit, batch: 2 * batch } }))).toBeGreaterThan(20e6);
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
