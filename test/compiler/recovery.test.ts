/**
 * One damaged token: how many errors it brings about, where they are, and whether the other sections are still checked. A sample in
 * `npm test`; with CNNC_SOAK every token of every program deleted, doubled and replaced by every other token, with a table of the worst.
 */
import { expect, it } from 'vitest';
import { compile } from '../../src/compiler/compile.ts';
import { damages, describeDamage, judge, missed, mistaken, samples } from '../support/damage.ts';
import type { Damage, Sample } from '../support/damage.ts';
import { openerOf, sections } from '../../src/compiler/syntax/reserved.ts';
import { allWords } from '../../src/compiler/vocabulary/index.ts';

const soak = Boolean(process.env.CNNC_SOAK);
const wanted = 500;

/** Every damage, or a sample: the same in each run. */
function chosen(programs: readonly Sample[]): readonly Damage[] {
  const all = programs.flatMap((program) => [...damages(program)]);
  if (soak) return all;
  let state = 20_251;
  const random = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1) / 2 ** 31;
  return Array.from({ length: wanted }, () => all[Math.floor(random() * all.length)]);
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;

it(
  'a damaged token is one error, where it stands',
  () => {
    const cases = chosen(samples());
    const errors = new Map<number, number>();
    const worst: { readonly count: number; readonly line: string }[] = [];
    let astray = 0;
    for (const damage of cases) {
      const judged = judge(damage);
      const count = judged.errors.length;
      errors.set(count, (errors.get(count) ?? 0) + 1);
      if (judged.astray.length > 0) astray++;
      if (count > 1 || judged.astray.length > 0) worst.push({ count, line: describeDamage(judged) });
    }
    const upTo = (most: number): number => [...errors].filter(([count]) => count <= most).reduce((sum, [, n]) => sum + n, 0);
    if (soak) {
      worst.sort((a, b) => b.count - a.count);
      console.log(`${cases.length} cases: none or one error ${percent(upTo(1), cases.length)}, at most three ${percent(upTo(3), cases.length)}, an error of syntax astray ${percent(astray, cases.length)}`);
      console.log(worst.slice(0, 60).map(({ count, line }) => `${count}  ${line}`).join('\n'));
    }
    expect(upTo(1) / cases.length, worst.map(({ line }) => line).join('\n')).toBeGreaterThan(0.985);
    expect(cases.length - upTo(3), worst.filter(({ count }) => count > 3).map(({ line }) => line).join('\n')).toBeLessThanOrEqual(cases.length * 0.001);
    expect(astray / cases.length).toBeLessThan(0.015);
  },
  4 * 60 * 60_000,
);

it(
  'the mistakes of the other sections are reported all the same',
  () => {
    const programs = samples().map(mistaken);
    const expected = new Map(programs.map((program) => [program, compile(program.text, program.options).diagnostics.filter((d) => d.severity === 'error')]));
    const cases = chosen(programs);
    const lost = cases.filter((damage) => missed(damage, expected.get(damage.sample)!).length > 0);
    if (soak) console.log(`${cases.length} cases: mistakes of other sections lost in ${percent(lost.length, cases.length)}`);
    expect(lost.length / cases.length).toBeLessThan(0.003);
  },
  4 * 60 * 60_000,
);

it('knows the brackets of the words of the language', () => {
  const blocks = Object.fromEntries(allWords.filter((word) => word.blocks && word.blocks !== 'entries').map((word) => [word.word, word.blocks === 'settings' ? '{' : '<']));
  expect({ ...openerOf, ...blocks }).toEqual(openerOf);
  for (const word of allWords) if (word.in.includes('top') && word.group === 'section') expect([...sections, 'report'], word.word).toContain(word.word);
});
