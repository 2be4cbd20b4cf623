/** The generator itself: its programs use every word that can be used, and refusals are what they should be. */
import { takesLogits } from '../../src/compiler/model/loss.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compiler/compile.ts';
import { initializers, layers, losses, metrics, optimizers } from '../../src/compiler/vocabulary/index.ts';
import { augmentSettings } from '../../src/compiler/vocabulary/settings/augment.ts';
import { preprocessSettings } from '../../src/compiler/vocabulary/settings/preprocess.ts';
import type { Word } from '../../src/compiler/vocabulary/types.ts';
import { dataOf } from './data.ts';
import { fuzzCase } from './generate.ts';

const many = process.env.CNNC_SOAK ? 1000 : 120;
const cases = fc.sample(fuzzCase(), { numRuns: many, seed: 7 });

/**
 * Why a wish may not fit; anything else is a fault of the generator or of the compiler. Twice the same; a number outside its bounds; names twice;
 * shapes, and those that come together; the head and the loss against the labels; more classes asked for than there are; statistics for each channel, and once.
 */
const explained = [
  'CNN1005', 'CNN1009', 'CNN1017', 'CNN2101', 'CNN2107', 'CNN2108', 'CNN2111', 'CNN2113', 'CNN3001', 'CNN3002', 'CNN3004', 'CNN3005', 'CNN3010', 'CNN3011', 'CNN4005', 'CNN4007', 'large',
];

describe('random programs', () => {
  it('compile, and say the same thing twice', () => {
    for (const { text, facts, program, refused } of cases.slice(0, 30)) {
      expect(compile(text, { path: 'fuzz.cnn', facts }).program).toEqual(program);
      expect(refused.filter((why) => !explained.includes(why.split(' ')[0]))).toEqual([]);
    }
  });

  it('use every word of the vocabulary', () => {
    const texts = cases.map((one) => one.text).join('\n');
    const tables: readonly (readonly Word[])[] = [Object.values(layers) as readonly Word[], Object.values(losses), Object.values(metrics), Object.values(optimizers), Object.values(initializers), preprocessSettings, augmentSettings];
    const missing = tables.flat().filter((word) => !word.later && !new RegExp(`(^|[\\s=;<(])${word.word}\\b`, 'm').test(texts));
    expect(missing.map((word) => word.word)).toEqual([]);
  });

  it('use every parameter of every word', () => {
    const texts = cases.map((one) => one.text).join('\n');
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
