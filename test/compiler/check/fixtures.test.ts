/** Every code of words, programs, labels, shapes and ranges: a failing program, its message letter by letter, and its fix tried. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { onBothEngines } from '../../../src/compiler/memory/both.ts';
import { catalogue } from '../../../src/compiler/diagnostics/catalogue.ts';
import { budgetCodes } from '../../../src/compiler/diagnostics/catalogue/budget.ts';
import { compileCodes } from '../../../src/compiler/diagnostics/catalogue/compile.ts';
import { dataCodes } from '../../../src/compiler/diagnostics/catalogue/data.ts';
import { applyEdits } from '../../../src/compiler/diagnostics/fix.ts';
import { labelCodes } from '../../../src/compiler/diagnostics/catalogue/labels.ts';
import { languageCodes } from '../../../src/compiler/diagnostics/catalogue/language.ts';
import { memoryCodes } from '../../../src/compiler/diagnostics/catalogue/memory.ts';
import { optionCodes } from '../../../src/compiler/diagnostics/catalogue/options.ts';
import { ruleCodes } from '../../../src/compiler/diagnostics/catalogue/rules.ts';
import { shapeCodes } from '../../../src/compiler/diagnostics/catalogue/shapes.ts';
import { renderText } from '../../../src/compiler/diagnostics/render/text.ts';

const root = fileURLToPath(new URL('../../fixtures/diagnostics/', import.meta.url));
const ours = Object.keys({ ...languageCodes, ...compileCodes, ...optionCodes, ...labelCodes, ...shapeCodes, ...dataCodes, ...ruleCodes, ...budgetCodes, ...memoryCodes });
/** Needs a `--set` on the command line (test/compiler/bind/overrides.test.ts), another file (test/compiler/imports.test.ts). */
const elsewhere = ['CNN1020', 'CNN1231', 'CNN1271'];
const cases = ours
  .filter((code) => !elsewhere.includes(code) && existsSync(`${root}${code}`))
  .flatMap((code) => readdirSync(`${root}${code}`).filter((file) => file.endsWith('.cnn')).map((file) => ({ code, file, name: `${code}/${file}`, text: readFileSync(`${root}${code}/${file}`, 'utf8') })));

describe('failing programs', () => {
  it.each(cases)('$name', async ({ code, file, text }) => {
    const { diagnostics, sources } = compile(text, { path: file, memory: onBothEngines });
    expect(diagnostics.map((d) => d.code)).toContain(code);
    const severity = catalogue[code as keyof typeof catalogue].severity;
    expect(diagnostics.find((d) => d.code === code)?.severity).toBe(severity);
    await expect(`${renderText(diagnostics, sources)}\n`).toMatchFileSnapshot(`${root}${code}/${file.replace(/cnn$/, 'txt')}`);
  });

  it.each(cases)('$name: each fix removes what it is for', ({ file, text }) => {
    const { diagnostics } = compile(text, { path: file, memory: onBothEngines });
    for (const diagnostic of diagnostics)
      for (const fix of diagnostic.fixes) {
        const fixed = compile(applyEdits(text, fix.edits), { path: file, memory: onBothEngines });
        const left = (list: typeof diagnostics): number => list.filter((d) => d.code === diagnostic.code && d.message === diagnostic.message).length;
        expect(left(fixed.diagnostics), fix.title).toBeLessThan(left(diagnostics));
        expect(fixed.diagnostics.filter((d) => d.code.startsWith('CNN11')), fix.title).toEqual([]);
      }
  });
});
