/** What an engine cannot run: found in the table, refused at the word, written down. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refusals, tables, unsupportedOf } from '../../../src/compiler/backend/capabilities.ts';
import type { BackendKind } from '../../../src/compiler/backend/capabilities.ts';
import { Unsupported } from '../../../src/compiler/backend/unsupported.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { DiagnosticError } from '../../../src/compiler/diagnostics/diagnostic.ts';
import { renderText } from '../../../src/compiler/diagnostics/render/text.ts';
import { buildTraining } from '../../../src/compiler/graph/training.ts';
import { mustRun } from '../../../src/runtime/engine/capable.ts';

const text = `model Small
input 8x8x1
classes 3
augment { rotation 10 }
network < conv 2 3x3; batch_norm; relu; batch_norm; flatten; dense classes; softmax >
`;
const compiled = compile(text, { path: 'small.cnn' });
const program = compiled.program!;
const graph = buildTraining(program);
const kinds = Object.keys(tables) as BackendKind[];

it.each(kinds)('%s runs all of a program whose words it has', (kind) => {
  expect(refusals(tables[kind], graph)).toEqual([]);
  expect(() => mustRun(kind, graph, program)).not.toThrow();
});

describe('a table that lacks operations', () => {
  const lacking = { ...tables.onnx, batchNormTrain: new Unsupported('batch-norm', 'it has no such kernel'), warp: new Unsupported('warp', 'pictures cannot be turned there') };
  const refused = (other: typeof tables.tensorflow | typeof lacking, spans = true): DiagnosticError => {
    try {
      mustRun('onnx', graph, program, { spans, byKind: { onnx: lacking, tensorflow: other } });
    } catch (error) {
      if (error instanceof DiagnosticError) return error;
    }
    throw new Error('it was not refused');
  };

  it('is refused at each word, with the way out', () => {
    const { diagnostics } = refused(tables.tensorflow);
    expect(diagnostics.map(({ code, message }) => [code, message]).sort()).toEqual([
      ['CNN6005', 'the ONNX engine cannot run augment'],
      ['CNN6005', 'the ONNX engine cannot run batch_norm'],
      ['CNN6005', 'the ONNX engine cannot run batch_norm'],
    ]);
    const words = diagnostics.filter((d) => d.message.endsWith('batch_norm')).map(({ span }) => text.slice(span.start, span.end));
    expect(words).toEqual(['batch_norm', 'batch_norm']);
    const shown = renderText(diagnostics, compiled.sources, { colour: false, width: 100 });
    expect(shown).toContain('small.cnn:5:');
    expect(shown).toContain('it has no such kernel');
    expect(shown).toContain('npx cnnc engine install tensorflow');
  });

  it('names no other engine where that cannot run it either', () => {
    expect(refused(lacking).diagnostics.flatMap((d) => d.help).join()).not.toContain('--engine');
  });

  it('points nowhere where the text is not at hand', () => {
    expect(refused(tables.tensorflow, false).diagnostics.every(({ span }) => span.file === '')).toBe(true);
  });
});

it('docs/engines.md says what each engine cannot run', () => {
  const page = readFileSync(new URL('../../../docs/engines.md', import.meta.url), 'utf8');
  const all = kinds.flatMap((kind) => unsupportedOf(kind).map((unsupported) => ({ kind, unsupported })));
  for (const { kind, unsupported } of all) expect(page).toContain(`| \`${unsupported.code}\` | ${kind} | ${unsupported.reason} |`);
  expect(page.includes('Every word of the language runs on both engines.')).toBe(all.length === 0);
});
