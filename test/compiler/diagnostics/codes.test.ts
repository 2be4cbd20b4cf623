/** The check that holds catalogue, pages, fixtures and emitters together notices what is missing. */
import { expect, it } from 'vitest';
import { codesIn, findings, placesOfProject } from '../../../scripts/check-codes.ts';
import type { Places } from '../../../scripts/check-codes.ts';

const sound: Places = {
  titles: new Map([['CNN1001', 'unknown word']]),
  pages: new Map([['CNN1001', '# CNN1001: unknown word\n\nText.\n']]),
  emitted: new Map([['src/a.ts', ['CNN1001']]]),
  shown: new Set(['CNN1001']),
};

it.each([
  ['nothing', {}, []],
  ['its page', { pages: new Map() }, ['CNN1001: docs/errors/CNN1001.md is missing']],
  ['the title of its page', { pages: new Map([['CNN1001', '# CNN1001: other\n']]) }, ['CNN1001: its page is not titled "unknown word"']],
  ['an emitter', { emitted: new Map() }, ['CNN1001: nothing in src gives this message']],
  ['a fixture', { shown: new Set<string>() }, ['CNN1001: no program in test/fixtures/diagnostics/CNN1001, and no test names it']],
  ['an entry for a page', { pages: new Map([...sound.pages, ['CNN9999', '']]) }, ['CNN9999: a page without an entry in the catalogue']],
  ['an entry for an emitter', { emitted: new Map([['src/a.ts', ['CNN1001', 'CNN9999']]]) }, ['CNN9999: used in src/a.ts, not in the catalogue']],
] as const)('misses %s', (_, change, expected) => expect(findings({ ...sound, ...change })).toEqual(expected));

it('finds codes where they are emitted', () => {
  expect(codesIn("report.add('CNN1001', span); // CNN1002 in a comment\nconst later = x ? 'CNN1003' : null;")).toEqual(['CNN1001', 'CNN1003']);
  const { titles, emitted } = placesOfProject();
  expect(titles.size).toBeGreaterThan(200);
  expect([...emitted.values()].flat()).toContain('CNN3004');
});
