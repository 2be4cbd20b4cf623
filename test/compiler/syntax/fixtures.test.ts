/** Every code of the syntax: a failing program, its message letter by letter (`vitest -u` writes them), and its fixes tried. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { syntaxCodes } from '../../../src/compiler/diagnostics/catalogue/syntax.ts';
import { applyEdits } from '../../../src/compiler/diagnostics/fix.ts';
import { renderText } from '../../../src/compiler/diagnostics/render/text.ts';
import { parseChecked } from '../../support/syntax.ts';

const root = fileURLToPath(new URL('../../fixtures/diagnostics/', import.meta.url));
/** 5 MB, a stack too small and more than a hundred problems: hostile.test.ts, errors.test.ts. */
const elsewhere = ['CNN1101', 'CNN1198', 'CNN1199'];
const cases = Object.keys(syntaxCodes)
  .filter((code) => !elsewhere.includes(code))
  .map((code) => ({ code, text: readFileSync(`${root}${code}/program.cnn`, 'utf8') }));

it.each(cases)('$code', async ({ code, text }) => {
  const { diagnostics, sources } = compile(text, { path: 'program.cnn' });
  expect(diagnostics.map((d) => d.code)).toContain(code);
  await expect(`${renderText(diagnostics, sources)}\n`).toMatchFileSnapshot(`${root}${code}/program.txt`);
});

it.each(cases)('$code: each fix removes what it is for', ({ text }) => {
  const { diagnostics } = parseChecked(text);
  for (const { fixes } of diagnostics)
    for (const fix of fixes) {
      const left = parseChecked(applyEdits(text, fix.edits)).diagnostics;
      expect(left.length, fix.title).toBeLessThan(diagnostics.length);
    }
});
