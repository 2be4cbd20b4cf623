/** Generated files are what would be generated now. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { outputs, stale } from '../../scripts/generate.ts';

it('is fresh (npm run generate)', () => {
  expect(stale()).toEqual([]);
  expect(outputs().size).toBeGreaterThan(5);
});

it('gives editors patterns that are regular expressions', () => {
  const configuration = JSON.parse(readFileSync(new URL('../../grammar/language-configuration.json', import.meta.url), 'utf8')) as {
    wordPattern: string;
    indentationRules: { increaseIndentPattern: string; decreaseIndentPattern: string };
  };
  const word = new RegExp(configuration.wordPattern, 'g');
  expect('conv 32 5x5; größe=.25'.match(word)).toEqual(['conv', '32', '5x5', 'größe', '.25']);
  expect(new RegExp(configuration.indentationRules.increaseIndentPattern).test('  repeat 3 <  # x')).toBe(true);
  expect(new RegExp(configuration.indentationRules.decreaseIndentPattern).test('  >')).toBe(true);
});
