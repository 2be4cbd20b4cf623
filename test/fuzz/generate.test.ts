/** The generator itself: its programs use every word that can be used, and refusals are what they should be. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compiler/compile.ts';
import { takesLogits } from '../../src/compiler/model/loss.ts';
import { weighsSamples } from '../../src/compiler/model/program.ts';
import { constraints, initializers, layers, losses, metrics, optimizers, regularizers } from '../../src/compiler/vocabulary/index.ts';
import { augmentSettings } from '../../src/compiler/vocabulary/settings/augment.ts';
import { preprocessSettings } from '../../src/compiler/vocabulary/settings/preprocess.ts';
import type { Word } from '../../src/compiler/vocabulary/types.ts';
import { dataOf } from './data.ts';
import { fuzzCase } from './generate.ts';
import { wishes } from './wishes.ts';

const many = process.env.CNNC_SOAK ? 1000 : 120;
/** What they would like to use: every line of many wishes. */
const wished = fc.sample(wishes(), { numRuns: 3000, seed: 7 }).flatMap((wish) => [...texts(wish)]);
function* texts(value: unknown): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* texts(inner);
}
const missingWords = (table: readonly Word[], text: string): readonly string[] => table.filter((word) => !word.later && !new RegExp(`(^|[\\s=;<(])${word.word}\\b`, 'm').test(text)).map((word) => word.word);

const cases = fc.sample(fuzzCase(), { numRuns: many, seed: 17 });

/**
 * Why a wish may not fit; anything else is a fault of the generator or of the compiler. Twice the same; a number outside its bounds; names twice;
 * shapes, and those that come together; options of a layer or an optimizer that exclude each other; the head and the loss against the labels; more classes asked for than there are; statistics for each channel, and once.
 */
const explained = [
  'CNN1005', 'CNN1009', 'CNN1017', 'CNN2101', 'CNN2107', 'CNN2108', 'CNN2111', 'CNN2113', 'CNN1008', 'CNN1242', 'CNN1246', 'CNN1280', 'CNN1281', 'CNN1282', 'CNN1283', 'CNN1284', 'CNN2124', 'CNN4005', 'CNN4007', 'large',
];

describe('random programs', () => {
  it('compile, and say the same thing twice', () => {
    for (const { text, facts, program, refused } of cases.slice(0, 30)) {
      expect(compile(text, { path: 'fuzz.cnn', facts }).program).toEqual(program);
      expect(refused.filter((why) => !explained.includes(why.split(' ')[0]) && !/^CNN(30(0[12456]|1\d)|401\d)/.test(why))).toEqual([]);
    }
  });

  it('use every layer', () => {
    const texts = cases.map((one) => one.text).join('\n');
    expect(missingWords(Object.values(layers) as readonly Word[], texts)).toEqual([]);
  });

  it('would like to use every word, and every parameter of it', () => {
    const texts = wished.join('\n');
    const tables: readonly (readonly Word[])[] = [Object.values(layers) as readonly Word[], Object.values(losses), Object.values(metrics), Object.values(optimizers), Object.values(initializers), Object.values(regularizers), Object.values(constraints), preprocessSettings, augmentSettings];
    expect(missingWords(tables.flat(), texts)).toEqual([]);
    const named = (Object.values(layers) as readonly Word[]).concat(Object.values(losses), Object.values(optimizers)).flatMap((word) => word.params.filter((p) => !p.later && !p.required).map((p) => [word.word, p.name, ...Object.keys(p.flags ?? {})] as const));
    const missing = named.filter(([word, ...spellings]) => !new RegExp(`\\b${word}\\b[^;>\\n]*\\b(${spellings.join('|')})\\b`).test(texts));
    expect(missing.map(([word, name]) => `${word} ${name}`)).toEqual([]);
  });

  it('have every kind of labels and pixels, repeats that take turns, and a short last batch', () => {
    expect(new Set(cases.map((one) => one.program.labels.kind)).size).toBe(5);
    expect(new Set(cases.map((one) => one.facts.pixelType)).size).toBe(2);
    expect(cases.some((one) => /repeat [234] <[^>]*> </.test(one.text))).toBe(true);
    expect(cases.some((one) => one.last < one.program.fit.batch)).toBe(true);
    expect(cases.some((one) => takesLogits(one.program.compile.loss))).toBe(true);
  });

  it.each([
    [/residual </], [/residual project </], [/residual project=conv </], [/merge=concat/], [/merge=add/], [/merge=average/], [/merge=multiply/], [/merge=maximum/], [/< >/],
    [/cell c\d </], [/cell c\d\(f=?\d?\) </], [/cell c\d\(f=?\d?, g=?\d?\) </], [/cell .*\bc[12]\b/], [/^  c\d/m], [/^  c\d \w/m], [/let w=2/], [/ as i\d </], [/conv \(i\d/], [/(conv|dense) \([fg]/], [/(conv|dense) [wv]\b/],
    [/residual[^\n]*(residual|branch)/], [/branch[^\n]*(residual|branch)/], [/repeat[^\n]*(residual|branch)/],
  ])('have cells in every form: %s', (form) => expect(cases.some((one) => form.test(one.text))).toBe(true));

  it('weigh pictures, clip gradients, keep averages, change the learning rate', () => {
    const programs = cases.map((one) => one.program);
    expect(programs.filter(weighsSamples).length).toBeGreaterThan(10);
    for (const by of ['norm', 'value', 'global_norm']) expect(programs.some(({ compile: { around: { clip } } }) => clip?.by === by), by).toBe(true);
    expect(programs.some(({ compile: { around: { ema } } }) => ema !== null && ema.overwrite_frequency !== null)).toBe(true);
    expect(programs.some(({ compile: { optimizer: { lr } } }) => typeof lr !== 'number')).toBe(true);
  });

  it('have data for every input and variable of their graphs', () => {
    for (const one of cases.slice(0, 20)) {
      const { graph, start, feeds, batches } = dataOf(one);
      expect(Object.keys(start).sort()).toEqual(graph.variables.map((variable) => variable.name).sort());
      expect(feeds(3, graph.train).x.shape[0]).toBe(one.last);
      expect(feeds(4, graph.train).x).toEqual(feeds(1, graph.train).x);
      expect(batches.at(-1)![1] - batches.at(-1)![0]).toBe(one.last);
    }
  });
});
