/** docs/mistakes.md: each of the fifteen has one message, the one it is there for, and the page says what we say now. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { mistakes, mistakesPage, ours } from '../../../scripts/generate/mistakes.ts';

it('there are fifteen', () => expect(new Set(mistakes.map((m) => m.name)).size).toBe(15));

it.each(mistakes.map((mistake) => ({ ...mistake })))('$name', (mistake) => {
  const { diagnostics } = ours(mistake);
  expect(diagnostics.map((d) => d.code)).toEqual([mistake.code]);
  // A way out, or the word that was meant.
  expect([...diagnostics[0].help, ...diagnostics[0].fixes]).not.toEqual([]);
});

it('the page is up to date (npm run generate)', () => {
  expect(readFileSync(fileURLToPath(new URL('../../../docs/mistakes.md', import.meta.url)), 'utf8').replaceAll('\r\n', '\n')).toBe(mistakesPage());
});
