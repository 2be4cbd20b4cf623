/** `split group=`: which group a picture is of, and that whole groups move, near the shares that were asked for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseGroups, groupOf, tiedGroups } from '../../../src/runtime/data/groups.ts';
import { splitSamples, type SplitInput } from '../../../src/runtime/data/split.ts';
import { reportSplit } from '../../../src/runtime/data/split-report.ts';
import { surveyData } from '../../../src/runtime/data/survey.ts';
import { sha256 } from '../../../src/runtime/files/hash.ts';
import { origin, picture, planOf, problemsOf, temporaryFolder, textOf, write } from './support.ts';

describe('the group of a path', () => {
  it.each([
    ['w03_0042.png', '*_', 'w03'],
    ['w03_0042_7.png', '*_', 'w03'],
    ['p12/eye_2.png', '*/', 'p12'],
    ['scan-p7-2.png', 'scan-*-', 'p7'],
    ['a1_b2_c3.png', '*_*_', 'a1*b2'],
    ['a1_b2.png', '*', 'a1_b2.png'],
    ['a1_b2.png', 'a*', '1_b2.png'],
    ['_1.png', '*_', ''],
    ['w03.png', '*_', null],
    ['x/scan-p7-2.png', 'scan-*-', null],
    ['', '*_', null],
  ])('%s by %s: %s', (path, pattern, group) => expect(groupOf(path, pattern)).toBe(group));

  it('is found in one pass, whatever the pattern', () => {
    const began = performance.now();
    expect(groupOf('a'.repeat(50_000), `${'*a'.repeat(2000)}*b`)).toBeNull();
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

it('copies tie groups together', () => {
  const { of } = tiedGroups(['a', 'b', 'c', 'd', 'a'], ['1', '2', '1', '3', '2'], true);
  expect([...of].map((group) => group === of[0])).toEqual([true, true, true, false, true]);
  expect(new Set(tiedGroups(['a', 'b', 'c', 'd', 'a'], ['1', '2', '1', '3', '2'], false).of).size).toBe(4);
});

const inputOf = (groups: readonly string[], classes: readonly number[] | null, split: Partial<SplitInput['split']> = {}): SplitInput => ({
  hashes: groups.map((_, i) => sha256(`sample ${i}`)), classOf: classes, part: new Uint8Array(groups.length), orderPerClass: false, groups,
  split: { test: 0.2, validation: 0.25, by: 'stratified', seed: 0, duplicates: 'together', group: '*_', ...split },
});

it('any split moves whole groups, and every class that training had stays', () => {
  const one = fc.record({ group: fc.integer({ min: 0, max: 25 }), label: fc.integer({ min: 0, max: 3 }) });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 150 }), fc.nat(1000), fc.constantFrom('stratified' as const, 'random' as const), (samples, seed, by) => {
      const input = inputOf(samples.map((s) => `g${s.group}`), samples.map((s) => s.label), { seed, by });
      const parts = splitSamples(input);
      expect([...parts.train, ...parts.validation, ...parts.test].sort((a, b) => a - b)).toEqual(samples.map((_, i) => i));
      const partOf = new Map<string, string>();
      for (const name of ['train', 'validation', 'test'] as const) {
        for (const i of parts[name]) {
          const group = `g${samples[i].group}`;
          expect(partOf.get(group) ?? name).toBe(name);
          partOf.set(group, name);
        }
      }
      if (by === 'stratified') expect(new Set(Array.from(parts.train, (i) => samples[i].label)).size).toBe(new Set(samples.map((s) => s.label)).size);
      expect(splitSamples(input)).toEqual(parts);
    }),
    { numRuns: process.env.CNNC_SOAK ? 3000 : 80 },
  );
});

it('is stratified as well as it goes: shares of classes lie near, though groups are of one class mostly', () => {
  const groups: string[] = [];
  const classes: number[] = [];
  for (let g = 0; g < 60; g++) {
    for (let k = 0; k < 5 + (g % 7); k++) {
      groups.push(`g${g}`);
      classes.push(k === 0 ? (g + 1) % 3 : g % 3);
    }
  }
  for (const seed of [0, 1, 2, 3]) {
    const { test } = splitSamples(inputOf(groups, classes, { seed }));
    for (const label of [0, 1, 2]) {
      const all = classes.filter((c) => c === label).length;
      const share = Array.from(test).filter((i) => classes[i] === label).length / all;
      expect(Math.abs(share - 0.2), `class ${label}, seed ${seed}`).toBeLessThan(0.03);
    }
  }
  expect(splitSamples(inputOf(groups, classes, { seed: 0 })).test).not.toEqual(splitSamples(inputOf(groups, classes, { seed: 1 })).test);
});

it('a group stays in its part when it gets more pictures', () => {
  const groups = Array.from({ length: 400 }, (_, i) => `g${i % 40}`);
  const before = splitSamples(inputOf(groups, null));
  const after = splitSamples(inputOf([...groups, 'g3'], null));
  expect(Array.from(after.test).filter((i) => i < 400).filter((i) => !before.test.includes(i)).length).toBeLessThan(40);
});

it('never takes what training would lose, however near it would come', () => {
  const [only, other] = [{ members: [0, 1], counts: [2, 0] }, { members: [2, 3, 4], counts: [0, 3] }];
  expect(chooseGroups([only, other], [2, 1]).size).toBe(0);
});

describe('what is said', () => {
  const said = (input: SplitInput): string[] => reportSplit({ ...input, parts: splitSamples(input), classes: ['a', 'b'], describe: (i) => `${i}.png`, span: origin }).map((d) => `${d.code} ${d.message}`);
  it('one group, two groups, large groups', () => {
    expect(said(inputOf(Array(10).fill('p'), null))).toEqual(['CNN4124 all 10 pictures are one group, so none can go to the test part']);
    expect(said(inputOf(Array.from({ length: 10 }, (_, i) => `p${i % 2}`), null))).toEqual(['CNN4124 no group fits into the validation part: 25 % are 2 pictures, and the smallest of 2 groups has 5']);
    expect(said(inputOf(Array.from({ length: 90 }, (_, i) => `p${i % 3}`), null))).toEqual(['CNN4125 the test part has 30 pictures instead of 18: the 3 groups move as a whole', 'CNN4125 the validation part has 30 pictures instead of 15: the 3 groups move as a whole']);
  });
  it('groups in parts that the data brings', () => {
    const input = inputOf(Array.from({ length: 12 }, (_, i) => `p${i % 3}`), null, { validation: 0 });
    expect(said({ ...input, part: Uint8Array.from({ length: 12 }, (_, i) => (i === 11 ? 2 : 0)) })).toEqual(['CNN4126 1 group is in both the training and the test part that the data brings']);
  });
});

describe('from files', () => {
  it('of folders by the path below the class, of tables by a column or the path', async () => {
    const base = temporaryFolder();
    const rows = ['path,label,who'];
    for (let i = 0; i < 60; i++) {
      const name = `${i % 2 ? 'sick' : 'well'}/p${Math.floor(i / 4)}/e_${i}.png`;
      write(base, { [`eyes/${name}`]: await picture(i) });
      rows.push(`eyes/${name},${i % 2 ? 'sick' : 'well'},${Math.floor(i / 4)}`);
    }
    write(base, { 't.csv': `${rows.join('\n')}\n` });
    const csv = { kind: 'csv', path: 't.csv', folder: null, delimiter: 'comma', pathColumn: null, ending: '', labelColumns: ['label'], separator: null, weightColumn: null, partColumn: null, origin } as const;
    const folder = { kind: 'folder', path: 'eyes', origin } as const;
    for (const [source, group] of [[folder, '*/'], [csv, 'who'], [csv, 'eyes/*/*/']] as const) {
      const { parts, diagnostics } = await surveyData(planOf(source, { cache: false, split: { test: 0.2, validation: 0.25, group } }), { base }, null);
      if (group !== 'eyes/*/*/') expect(parts, group).toEqual({ train: 36, validation: 12, test: 12 });
      expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    }
    await expect(surveyData(planOf(folder, { cache: false, split: { test: 0.2, group: 'x*_' } }), { base }, null)).rejects.toThrow('CNN4123');
    const problem = async (group: string): Promise<string> => textOf((await problemsOf(surveyData(planOf(csv, { cache: false, split: { test: 0.2, group } }), { base }, null)))[0]);
    expect(await problem('eyes/sick/*/')).toContain('CNN4123 30 pictures of 60 have not the form "eyes/sick/*/" that names their group');
    write(base, { 't.csv': `${rows.join('\n').replace(/,0$/m, ',')}\n` });
    expect(await problem('who')).toContain('CNN4123 1 picture of 60 has no who, so no group');
  });
});
