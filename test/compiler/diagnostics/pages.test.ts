/** docs/errors: a page for each code and a code for each page; the failing program of a page fails with its code, the better one does not fail. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { onBothEngines } from '../../../src/compiler/memory/both.ts';
import { catalogue } from '../../../src/compiler/diagnostics/catalogue.ts';

const folder = fileURLToPath(new URL('../../../docs/errors/', import.meta.url));
const files = readdirSync(folder).filter((file) => file !== 'README.md');
const pages = files.map((file) => ({ code: file.replace(/\.md$/, ''), text: readFileSync(folder + file, 'utf8') }));

/** Codes of the program alone that a page cannot show: invisible or huge texts, the command line, other files, what takes more than a page. */
const notShown = ['CNN1231', 'CNN1249', 'CNN1270', 'CNN1271', 'CNN1020', 'CNN1100', 'CNN1101', 'CNN1102', 'CNN1113', 'CNN1135', 'CNN1198', 'CNN1199'];
/** From files, training and the engine: their tests stand with those. */
const atRunTime = (code: string) => code === 'CNN4011' || code >= 'CNN4050';

it('each code has a page, and each page a code', () => {
  expect(files.map((file) => file.replace(/\.md$/, '')).sort()).toEqual(Object.keys(catalogue).sort());
});

it.each(pages)('$code: the page', ({ code, text }) => {
  const { title } = catalogue[code as keyof typeof catalogue];
  expect(text.startsWith(`# ${code}: ${title}\n\n`)).toBe(true);
  expect(text.split('\n\n')[1].length).toBeGreaterThan(40);
  expect(text.endsWith('\n')).toBe(true);

  const programs = [...text.matchAll(/```cnn\n([^]*?)\n```/g)].map((m) => m[1]);
  expect(programs).toHaveLength(notShown.includes(code) || (atRunTime(code) && programs.length === 0) ? 0 : 2);
  if (programs.length === 0) return;
  const [failing, better] = programs.map((program) => compile(`${program}\n`, { path: 'program.cnn', memory: onBothEngines }).diagnostics);
  if (!atRunTime(code)) expect(failing.map((d) => d.code)).toContain(code);
  expect(better.filter((d) => d.severity !== 'info').map((d) => `${d.code}: ${d.message}`)).toEqual([]);
});
