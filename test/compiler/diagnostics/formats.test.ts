/** JSON and SARIF, and applying fixes. */
import { expect, it } from 'vitest';
import { diagnostic } from '../../../src/compiler/diagnostics/catalogue.ts';
import { applyEdits, applyFixes } from '../../../src/compiler/diagnostics/fix.ts';
import { toJson } from '../../../src/compiler/diagnostics/render/json.ts';
import { toSarif } from '../../../src/compiler/diagnostics/render/sarif.ts';
import { sourceFile } from '../../../src/compiler/source/source.ts';
import { parse } from '../../../src/compiler/syntax/parse.ts';

const source = sourceFile('my file.cnn', 'fit {\n  epochs=5\n}\n');
const sources = new Map([[source.path, source]]);
const { diagnostics } = parse(source);

it('writes JSON of schema 1', () => {
  expect(toJson([{ path: source.path, diagnostics }], sources)).toEqual({
    schema: 1,
    files: [
      {
        path: 'my file.cnn',
        diagnostics: [
          {
            code: 'CNN1120',
            severity: 'error',
            message: 'a setting is written without `=`: epochs 5',
            start: { line: 2, column: 3, offset: 8 },
            end: { line: 2, column: 11, offset: 16 },
            related: [],
            notes: [],
            help: ['write epochs 5 instead of epochs=5'],
            fixes: [
              {
                title: 'write epochs 5',
                safe: true,
                edits: [{ path: 'my file.cnn', start: { line: 2, column: 3, offset: 8 }, end: { line: 2, column: 11, offset: 16 }, text: 'epochs 5' }],
              },
            ],
          },
        ],
      },
    ],
  });
});

it('writes SARIF 2.1.0', () => {
  const log = toSarif([{ path: source.path, diagnostics }], sources, '1.2.3');
  expect(log.version).toBe('2.1.0');
  expect(log.runs[0].tool.driver).toEqual({ name: 'cnnc', version: '1.2.3', rules: [{ id: 'CNN1120', shortDescription: { text: 'setting written with =' }, defaultConfiguration: { level: 'error' } }] });
  expect(log.runs[0].results[0]).toMatchObject({
    ruleId: 'CNN1120',
    ruleIndex: 0,
    level: 'error',
    locations: [{ physicalLocation: { artifactLocation: { uri: 'my%20file.cnn' }, region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 11 } } }],
    fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: 'epochs 5' } }] }] }],
  });
});

it('applies fixes that do not touch each other, and only safe ones', () => {
  expect(applyFixes(source.text, source.path, diagnostics)).toEqual({ text: 'fit {\n  epochs 5\n}\n', applied: 1 });
  const span = (start: number, end: number) => ({ file: 'a', start, end });
  const withFix = (start: number, end: number, text: string, safe = true) =>
    diagnostic('CNN1133', span(0, 1), {}, { fixes: [{ title: 't', safe, edits: [{ span: span(start, end), text }] }] });
  expect(applyFixes('abcdef', 'a', [withFix(0, 1, 'X'), withFix(0, 2, 'Y'), withFix(3, 4, 'Z'), withFix(5, 6, '!', false)])).toEqual({ text: 'XbcZef', applied: 2 });
  expect(applyFixes('abcdef', 'b', [withFix(0, 1, 'X')])).toEqual({ text: 'abcdef', applied: 0 });
  expect(applyEdits('abc', [{ span: span(3, 3), text: '!' }, { span: span(0, 0), text: '?' }])).toBe('?abc!');
});
