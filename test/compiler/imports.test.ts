/** Imports: which files are read, what they bring, and what is said where one cannot be had. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compiler/compile.ts';

const program = (head: string, network = 'stage 8') => `${head}\ndata { synthetic shapes 600 classes=4 }\nnetwork < ${network}; flatten; dense classes >\n`;

function codes(head: string, files: Readonly<Record<string, string>>, network?: string, anywhere = false) {
  const read = (path: string) => (path in files ? { text: files[path] } : { problem: 'there is no such file' });
  const { diagnostics, program: made } = compile(program(head, network), { path: 'models/main.cnn', imports: { read, anywhere } });
  return { codes: diagnostics.map((d) => d.code), diagnostics, made };
}

const stage = 'cell stage(n) < conv n 3x3; relu >\n';

describe('import', () => {
  it('brings cells, with the names of their own file', () => {
    const { made } = codes('let width=2\nimport "cells/a.cnn"', { 'models/cells/a.cnn': `let width=3\ncell stage(n) < conv (n * width) >\n` }, 'conv width; stage 8');
    expect(made?.layers[0].output).toEqual([30, 30, 2]);
    expect(made?.layers[1].output).toEqual([28, 28, 24]);
  });

  it('follows the imports of a file from its own folder, and brings only what is its own', () => {
    const files = { 'models/cells/a.cnn': 'import "deep/b.cnn"\ncell stage(n) < inner n; relu >', 'models/cells/deep/b.cnn': 'cell inner(n) < conv n >' };
    expect(codes('import "cells/a.cnn"', files).codes).toEqual([]);
    expect(codes('import "cells/a.cnn"', files, 'inner 8').codes).toEqual(['CNN1001']);
  });

  it.each([
    ['missing', 'import "no.cnn"', {}, ['CNN1230']],
    ['outside', 'import "../x.cnn"', { 'x.cnn': stage }, ['CNN1230']],
    ['absolute', 'import "/x.cnn"', { '/x.cnn': stage }, ['CNN1230']],
    ['in a circle', 'import "a.cnn"', { 'models/a.cnn': `import "b.cnn"\n${stage}`, 'models/b.cnn': 'import "a.cnn"\ncell x < relu >' }, ['CNN1230']],
    ['itself', 'import "main.cnn"', { 'models/main.cnn': stage }, ['CNN1230']],
    ['without cells', 'import "a.cnn"\ncell stage(n) < conv n >', { 'models/a.cnn': 'let x=1\n' }, ['CNN1231']],
    ['damaged', 'import "a.cnn"', { 'models/a.cnn': 'cell stage(n) < conv n' }, ['CNN1110']],
    ['twice', 'import "a.cnn"\nimport "b.cnn"', { 'models/a.cnn': `import "b.cnn"\n${stage}`, 'models/b.cnn': 'cell x < relu >' }, ['CNN1227']],
  ])('%s', (_, head, files, expected) => {
    expect(codes(head, files).codes).toEqual(expected);
  });

  it('may come from anywhere where that is allowed', () => {
    expect(codes('import "../x.cnn"', { 'x.cnn': stage }, undefined, true).codes).toEqual([]);
  });

  it('is told at its own place, with the way that led there', () => {
    const { diagnostics } = codes('import "a.cnn"', { 'models/a.cnn': 'cell stage(n) < conv n siz=3 >' });
    expect(diagnostics.map(({ code, span }) => [code, span.file])).toEqual([['CNN1006', 'models/a.cnn']]);
    expect(diagnostics[0].related.map(({ span, label }) => [span.file, label])).toEqual([['models/main.cnn', 'in `stage 8`, called here']]);
  });
});
