/** The table of the summary: one file a program, with what is equal folded; its columns, its width, its totals. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { fold, layersIn } from '../../../src/compiler/model/folds.ts';
import { summaryTable } from '../../../src/compiler/model/table.ts';

const folder = 'test/fixtures/diagrams';
const names = readdirSync(folder).filter((file) => file.endsWith('.cnn')).map((file) => file.slice(0, -4));
const programOf = (text: string) => {
  const { program, diagnostics } = compile(text, { path: 'x.cnn' });
  if (!program) throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join('\n'));
  return program;
};
const programs = Object.fromEntries(names.map((name) => [name, programOf(readFileSync(`${folder}/${name}.cnn`, 'utf8'))]));
const rows = (table: string): readonly string[] => {
  const lines = table.split('\n');
  return lines.slice(3, lines.indexOf('', 3));
};

it.each(names)('%s', async (name) => {
  await expect(summaryTable(programs[name], { width: 100, rates: { engine: 'an engine, 2 threads', macsPerSecond: 1e10, bytesPerSecond: 1e9, overhead: 1 } })).toMatchFileSnapshot(`../../fixtures/diagrams/${name}.txt`);
});

it.each(names.flatMap((name) => [80, 100, 120].map((width) => [name, width] as const)))('%s stays within %i columns, each of which begins at one place', (name, width) => {
  const table = summaryTable(programs[name], { width });
  const [head] = table.split('\n').slice(2);
  for (const line of table.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
  const [output, sees] = [head.indexOf('output'), head.indexOf('sees')];
  for (const row of rows(table)) for (const start of [output, sees]) expect(row.slice(start - 2, start).trim(), row).toBe('');
});

it.each(names)('%s with --all has a row for each layer', (name) => {
  const table = rows(summaryTable(programs[name], { all: true, width: 1000 }));
  const words = table.flatMap((row) => row.split(/\s+/));
  for (const layer of programs[name].layers) expect(words.filter((word) => word === layer.name), layer.name).toHaveLength(1);
});

it.each(names.flatMap((name) => (['nothing', 'equal', 'alike'] as const).map((what) => [name, what] as const)))('%s: folding %s loses no layer', (name, what) => {
  const all = programs[name].layers.map((layer) => layer.index);
  for (const most of [3, 5, Infinity]) expect([...layersIn(fold(programs[name], { what, most }))].sort((a, b) => a - b)).toEqual(all);
});

const composed = (network: string) => programOf(`input 16x16x3\nclasses 3\ncell keep(n=3) < conv n same >\nnetwork < ${network}; flatten; dense classes; softmax >`);

it('folds equal iterations, calls and arms; numbers are those of one, totals those of all', () => {
  const table = summaryTable(composed('repeat 6 < conv 3 same >; keep; keep; keep; branch < conv 2 1x1 > < conv 2 1x1 > < >'));
  expect(rows(table).slice(0, 7).map((row) => row.replace(/ {2,}/g, '  '))).toEqual([
    'repeat 6  504  124,416',
    '  ×6 conv_1  16x16x3  84  20,736  3x3',
    '×3 keep  252  62,208',
    '  conv_7  16x16x3  84  20,736  15x15',
    'branch merge=concat  16x16x7',
    '  ×2 conv_10  16x16x2  8  1,536  19x19',
    '  3  as it comes',
  ]);
});

it('cells that take turns fold by rounds', () => {
  const table = rows(summaryTable(composed('repeat 5 < conv 3 same > < conv 3 5x5 same; relu >')));
  expect(table.slice(0, 5).map((row) => row.trim().split(/ {2,}/)[0])).toEqual(['repeat 5', '×2 conv_1', '×2 conv_2', 'relu_1', '5']);
});

it('a long row of different iterations is cut in the middle', () => {
  const table = rows(summaryTable(composed('repeat 40 as i < conv (i + 1) 1x1 >')));
  expect(table.slice(0, 5).map((row) => row.trim().split(/ {2,}/)[0])).toEqual(['repeat 40', '1', '2', '3–39 37 more', '40']);
});

it('deep cells stay within the width', () => {
  const deep = '< '.repeat(30).replaceAll('<', 'residual <') + 'conv 3 same' + ' >'.repeat(30);
  for (const line of summaryTable(composed(deep), { width: 80 }).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

it('20,000 layers are a short table quickly', () => {
  const long = composed('repeat 9990 < conv 3 same; relu >');
  const start = performance.now();
  expect(rows(summaryTable(long))).toHaveLength(6);
  expect(performance.now() - start).toBeLessThan(5000);
});
