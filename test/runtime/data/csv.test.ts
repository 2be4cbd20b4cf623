import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CsvSource, DataPlan } from '../../../src/compiler/model/program.ts';
import { fillBatch, openDataset, probe } from '../../../src/runtime/data/index.ts';
import { scanCsv } from '../../../src/runtime/data/sources/csv.ts';
import { optionsFor, origin, picture, planOf, problemsOf, temporaryFolder, textOf, write } from './support.ts';

const source: CsvSource = { kind: 'csv', path: 't.csv', folder: null, delimiter: 'comma', pathColumn: null, ending: '', labelColumns: null, separator: null, weightColumn: null, partColumn: null, origin };

interface Given {
  readonly source?: Partial<CsvSource>;
  readonly plan?: Parameters<typeof planOf>[1];
  readonly files?: readonly string[];
}

const names = ['1.png', '2.png', '3.png', '4.png'];

function placed(table: string, { files = names }: Given = {}): string {
  const base = temporaryFolder();
  write(base, { 't.csv': table, ...Object.fromEntries(files.map((name) => [name, 'x'])) });
  return base;
}
const planFor = (given: Given): DataPlan & { source: CsvSource } => ({ ...planOf(source, given.plan), source: { ...source, ...given.source } });
function scan(table: string, given: Given = {}): ReturnType<typeof scanCsv> {
  const plan = planFor(given);
  return scanCsv(plan.source, plan, placed(table, given));
}
const refused = async (table: string, given: Given = {}): Promise<string> => {
  const base = placed(table, given);
  return (await problemsOf(probe(planFor(given), optionsFor(base)))).map(textOf).join('\n\n');
};

describe('labels of a table', () => {
  it('names are classes by code unit', () => {
    const found = scan('file,label\n1.png,dog\n2.png,cat\n3.png,dog\n');
    expect(found.labels).toEqual({ kind: 'categorical', classes: ['cat', 'dog'], values: Int32Array.of(1, 0, 1), width: 1 });
    expect(found.pixels).toMatchObject({ kind: 'files', paths: ['1.png', '2.png', '3.png'] });
    expect(found.weights).toBeNull();
  });

  it('whole numbers are classes by size', () => {
    expect(scan('path,class\n1.png,10\n2.png,9\n3.png,9\n').labels).toEqual({ kind: 'categorical', classes: ['9', '10'], values: Int32Array.of(1, 0, 0), width: 1 });
  });

  it('`classes` gives the order, `labels` the kind', () => {
    expect(scan('file,label\n1.png,dog\n2.png,cat\n', { plan: { classes: ['dog', 'cat'], labels: 'sparse' } }).labels).toEqual({ kind: 'sparse', classes: ['dog', 'cat'], values: Int32Array.of(0, 1), width: 1 });
    expect(scan('file,label\n1.png,yes\n2.png,no\n', { plan: { labels: 'binary' } }).labels).toEqual({ kind: 'binary', classes: ['no', 'yes'], values: Float32Array.of(1, 0), width: 1 });
  });

  it('several names in a cell', () => {
    const rows = 'file,label\n1.png,sea; sky\n2.png,\n3.png,sky;sky\n';
    expect(scan(rows, { source: { separator: ';' } }).labels).toEqual({ kind: 'multilabel', classes: ['sea', 'sky'], values: Float32Array.of(1, 1, 0, 0, 0, 1), width: 2 });
    expect(scan('file,label\n1.png,sea|sky\n2.png,sky\n', { plan: { labels: 'multilabel' } }).labels.values).toEqual(Float32Array.of(1, 1, 0, 1));
  });

  it('a column for each label', () => {
    const columns = { labelColumns: ['hat', 'tie'] };
    expect(scan('file,hat,tie\n1.png,1,1\n2.png,0,0\n', { source: columns }).labels).toEqual({ kind: 'multilabel', classes: ['hat', 'tie'], values: Float32Array.of(1, 1, 0, 0), width: 2 });
    expect(scan('file,hat,tie\n1.png,1,0\n2.png,0,1\n', { source: columns }).labels).toEqual({ kind: 'categorical', classes: ['hat', 'tie'], values: Int32Array.of(0, 1), width: 1 });
    expect(scan('file,hat,tie\n1.png,1,0\n2.png,0,1\n', { source: columns, plan: { labels: 'multilabel' } }).labels.kind).toBe('multilabel');
  });

  it('numbers', () => {
    expect(scan('file,age\n1.png,1.5\n2.png,-2e1\n').labels).toEqual({ kind: 'values', classes: ['age'], values: Float32Array.of(1.5, -20), width: 1 });
    expect(scan('file,age\n1.png,1\n2.png,3\n', { plan: { labels: 'values' } }).labels.values).toEqual(Float32Array.of(1, 3));
    expect(scan('file,x,y\n1.png,1,2\n2.png,3,4\n', { source: { labelColumns: ['y', 'x'] } }).labels).toEqual({ kind: 'values', classes: ['y', 'x'], values: Float32Array.of(2, 1, 4, 3), width: 2 });
  });

  it('weights and parts', () => {
    const found = scan('file,label,w,part\n1.png,a,2,train\n2.png,b,.5,Test\n3.png,b,0,val\n', { source: { weightColumn: 'w', partColumn: 'part' } });
    expect(found.weights).toEqual(Float32Array.of(2, 0.5, 0));
    expect([...found.part]).toEqual([0, 2, 1]);
    expect(found.brings).toEqual({ test: true, validation: true });
  });

  it('paths without ending, in another folder, with slashes of either kind', () => {
    const base = temporaryFolder();
    write(base, { 'a/t.csv': 'file,label\nx/1,a\nx\\2,b\n', 'p/x/1.jpg': 'x', 'p/x/2.jpg': 'x' });
    const plan = planFor({ source: { path: 'a/t.csv', folder: 'p', ending: '.jpg' } });
    expect(scanCsv(plan.source, plan, base).pixels).toMatchObject({ paths: ['x/1.jpg', 'x/2.jpg'] });
  });
});

describe('a table that does not fit', () => {
  const two = 'file,label\n1.png,a\n2.png,b\n';
  it.each<[string, string, Given, string | RegExp]>([
    ['no paths', 'picture,label\n1.png,a\n', {}, 'CNN4083 no column of "t.csv" is known to hold the paths\nits columns: picture, label\nname it: file="picture"'],
    ['no labels', 'file,x,y\n1.png,a,b\n', {}, 'CNN4083 no column of "t.csv" is known to hold the labels'],
    ['another column', two, { source: { labelColumns: ['lable'] } }, 'CNN4083 "t.csv" has no column lable\nits columns: file, label\ndid you mean "label"?'],
    ['another delimiter', 'file;label\n1.png;a\n', {}, 'CNN4084 "t.csv" cannot be read at line 1: it has one column, "file;label"\nits cells seem to be parted otherwise: delimiter=semicolon'],
    ['an open quote', 'file,label\n"1.png,a\n', {}, 'CNN4084 "t.csv" cannot be read at line 2: a quote is not closed'],
    ['no rows', 'file,label\n', {}, 'it has no rows below the names of its columns'],
    ['a missing picture', 'file,label\n1.png,a\nnone.png,b\n2.png,b\n', {}, 'CNN4085 1 picture of 3 in "t.csv" is missing\nline 3: none.png\nbring them, remove their rows, or leave them out: on_corrupt skip'],
    ['no endings', 'file,label\n1,a\n2,b\n', {}, 'CNN4085 none of the 2 pictures in "t.csv" is there\nline 2: 1, line 3: 2\nthe files end in .png: ending=".png"'],
    ['another folder', 'file,label\nx/1.png,a\n', {}, 'paths are relative to the table\'s folder: folder="…" names another'],
    ['a path out', 'file,label\n1.png,a\n../2.png,b\n/etc/passwd,b\n', {}, 'CNN4091 2 paths of "t.csv" lead out of the table\'s folder\nline 3: ../2.png, line 4: /etc/passwd'],
    ['a label that is no class', 'file,label\n1.png,cat\n2.png,cta\n3.png,cta\n4.png,dog\n', { plan: { classes: ['cat', 'dog'] } }, 'CNN4087 the label cta in "t.csv" is not among `classes`\nline 3: cta\nlabels: cta (2 rows, first line 3)\nclasses: cat, dog\ndid you mean "cat"?'],
    ['the same in a cell', 'file,label\n1.png,cat|dig\n', { plan: { classes: ['cat', 'dog'], labels: 'multilabel' } }, 'CNN4087 the label dig'],
    ['a class without rows', two, { plan: { classes: ['a', 'b', 'c'] } }, 'CNN4055 the class c has no pictures'],
    ['no label', 'file,label\n1.png,a\n2.png,\n3.png,b\n', {}, 'CNN4088 line 3 of "t.csv": label is empty, but has to be a label'],
    ['a comma for a point', 'file,age\n1.png,"1,5"\n2.png,2\n3.png,x\n', { plan: { labels: 'values' } }, 'CNN4088 line 2 of "t.csv": age is "1,5", but has to be a number\nso is one more row\nwrite 1.5'],
    ['a two for a one', 'file,a,b\n1.png,1,2\n', { source: { labelColumns: ['a', 'b'] }, plan: { labels: 'multilabel' } }, 'CNN4088 line 2 of "t.csv": b is "2", but has to be 0 or 1'],
    ['two ones', 'file,a,b\n1.png,1,1\n2.png,1,0\n', { source: { labelColumns: ['a', 'b'] }, plan: { labels: 'categorical' } }, 'CNN4071 `labels categorical` needs one 1 in each row, but line 2 of t.csv has 2\nuse: labels multilabel'],
    ['binary of three', 'file,label\n1.png,a\n2.png,b\n3.png,c\n', { plan: { labels: 'binary' } }, 'CNN4081'],
    ['one class', 'file,label\n1.png,a\n2.png,a\n', {}, 'CNN4054'],
    ['names of another number', 'file,a,b\n1.png,1,0\n2.png,1,1\n', { source: { labelColumns: ['a', 'b'] }, plan: { classes: ['x'] } }, 'CNN4072 `classes` names 1 class, but `columns` has 2'],
    ['a weight below 0', 'file,label,w\n1.png,a,1\n2.png,b,-1\n', { source: { weightColumn: 'w' } }, 'line 3 of "t.csv": w is "-1", but has to be a number from 0'],
    ['an unknown part', 'file,label,p\n1.png,a,train\n2.png,b,dev\n', { source: { partColumn: 'p' } }, 'p is "dev", but has to be train, validation or test'],
    ['nothing to train on', 'file,label,p\n1.png,a,test\n2.png,b,test\n', { source: { partColumn: 'p' } }, 'CNN4062 the training part has no pictures'],
    ['two labels', 'file,label\n1.png,a\n2.png,b\n1.png,b\n', {}, 'CNN4090 1 picture in "t.csv" has rows that differ\n1.png stands in lines 2 and 4: a and b'],
  ])('%s', async (_, table, given, want) => expect(await refused(table, given)).toMatch(want instanceof RegExp ? want : new RegExp(want.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))));

  it('says everything at once', async () => {
    const said = await refused('file,label\n1.png,a\n../x.png,b\nnone.png,a\n2.png,\n', {});
    expect(said.match(/CNN\d{4}/g)).toEqual(['CNN4091', 'CNN4085', 'CNN4054', 'CNN4088']);
  });

  it('missing pictures are left out when asked, repeated rows always', () => {
    const found = scan('file,label\n1.png,a\nnone.png,b\n2.png,b\n1.png,a\n', { plan: { onCorrupt: 'skip' } });
    expect(found.count).toBe(2);
    expect(found.warnings.map(textOf)).toEqual([
      'CNN4086 1 picture of 4 in "t.csv" is missing and left out\nline 3: none.png',
      'CNN4089 1 row of "t.csv" repeats a picture and is left out\n1.png stands in lines 2 and 5',
    ]);
  });

  it('links do not lead out', async () => {
    const base = temporaryFolder();
    write(base, { 'd/t.csv': 'file,label\n1.png,a\nout.png,b\nup/2.png,b\nin.png,b\n', 'd/1.png': 'x', '2.png': 'x' });
    symlinkSync('../2.png', join(base, 'd/out.png'));
    symlinkSync('..', join(base, 'd/up'));
    symlinkSync('1.png', join(base, 'd/in.png'));
    const said = (await problemsOf(probe(planFor({ source: { path: 'd/t.csv' } }), optionsFor(base)))).map(textOf);
    expect(said).toEqual([expect.stringContaining('CNN4091 2 paths of "d/t.csv" lead out of the table\'s folder\nline 3: out.png, line 4: up/2.png') as string]);
  });
});

it('opens: pixels, labels, weights, parts; the weights are part of what the data is', async () => {
  const base = temporaryFolder();
  const rows = Array.from({ length: 12 }, (_, i) => [`p/${i}.png`, i % 2 ? 'odd' : 'even', String(i / 4)]);
  write(base, { 't.csv': `file,label,w\n${rows.map((row) => row.join(',')).join('\n')}\n` });
  for (const [i, [name]] of rows.entries()) write(base, { [name]: await picture(i) });
  const plan = planFor({ source: { labelColumns: ['label'], weightColumn: 'w' }, plan: { split: { test: 0.25 } } });
  const dataset = await openDataset(plan, optionsFor(base));
  expect(await probe(plan, optionsFor(base))).toEqual(dataset.facts);
  expect(dataset.facts).toEqual({ labelKind: 'categorical', classes: ['even', 'odd'], sampleShape: null, pixelType: 'uint8', count: 12, perClass: [6, 6], parts: { test: false, validation: false } });
  expect([dataset.parts.train.length, dataset.parts.test.length]).toEqual([9, 3]);
  const { x, y } = fillBatch(dataset, [5]);
  expect([x.data[0], y.data[0], dataset.weights?.[5], dataset.describe(5)]).toEqual([5, 1, 1.25, 'p/5.png']);
  const unweighted = await openDataset(planFor({ source: { labelColumns: ['label'] }, plan: { split: { test: 0.25 } } }), optionsFor(base));
  expect(unweighted.hash).not.toBe(dataset.hash);
});
