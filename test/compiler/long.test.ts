/** Long programs: right as a whole, and no more work a line than short ones (bench/check.ts measures the time). */
import { expect, it } from 'vitest';
import { longProgram } from '../../bench/long.ts';
import { compile } from '../../src/compiler/compile.ts';
import { arrayFacts } from './facts.ts';

const facts = arrayFacts([32, 32, 3], 4);

it.each(process.env.CNNC_SOAK ? [300, 2000, 10_000, 20_000] : [300, 2000])('%i lines have no problems', (lines) => {
  const text = longProgram(lines);
  expect(Math.abs(text.split('\n').length - lines)).toBeLessThan(10);
  const { diagnostics, program } = compile(text, { path: 'long.cnn', facts });
  expect(diagnostics).toEqual([]);
  expect(program!.layers.length).toBeGreaterThan(lines / 2);
});

/** Texts that once made the work grow with the square of their length: with 1 MB each would take hours. */
it.each<[what: string, text: string]>([
  ['blocks of unknown words', 'x{a}\n'.repeat(20_000)],
  ['statements that run together', `fit {\n${'epochs 1 batch 2\n'.repeat(10_000)}}`],
  ['layers that run together', `network < ${'relu '.repeat(40_000)}>`],
  ['cells with two bodies', 'cell c<a><b>\n'.repeat(10_000)],
  ['a section without its block, often', 'fit\n'.repeat(40_000)],
  ['many values', Array.from({ length: 10_000 }, (_, i) => `let a${i}=1\n`).join('')],
  ['words in the wrong place, more than arguments of a call', `data { ${'relu;'.repeat(190_000)} }`],
  ['one plot, often', `data { synthetic }\nnetwork < flatten; dense classes >\n${'plot loss\n'.repeat(10_000)}`],
  ['many missing openers', 'repeat 3\n  conv 3\n>\n'.repeat(5_000)],
  ['a very long list', `preprocess { mean_std [${'1,'.repeat(150_000)}] [1] }\ndata { synthetic }\nnetwork < flatten >`],
])('%s', (_, text) => {
  expect(() => compile(text, { path: 'x.cnn', facts })).not.toThrow();
});
