/**
 * examples/zoo: networks that everybody knows, each in a page. They compile without a warning, are formatted, and have as many
 * parameters as Keras Applications and torchvision say (test/goldens/zoo.json, made by scripts/goldens/zoo.py).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importsFor } from '../../src/cli/imports.ts';
import { compile } from '../../src/compiler/compile.ts';
import { renderText } from '../../src/compiler/diagnostics/render/text.ts';
import { format } from '../../src/compiler/format/format.ts';
import { summarise } from '../../src/compiler/model/summary.ts';
import { verify } from '../../src/compiler/model/verify.ts';
import { checkProgram } from '../../src/runtime/bundle/check-program.ts';

const root = fileURLToPath(new URL('../../examples/zoo/', import.meta.url));
const read = (file: string): string => readFileSync(root + file, 'utf8');
const golden = JSON.parse(readFileSync(new URL('../goldens/zoo.json', import.meta.url), 'utf8')) as Readonly<Record<string, { readonly total: number; readonly trainable: number; readonly input: readonly number[]; readonly classes: number }>>;
const programs = readdirSync(root).filter((file) => file.endsWith('.cnn')).map((file) => file.slice(0, -4));

it('is all of them', () => expect(programs.sort()).toEqual(Object.keys(golden).sort()));

describe.each(programs)('%s', (name) => {
  const text = read(`${name}.cnn`);
  const path = `${root}${name}.cnn`;
  const { program, diagnostics, sources } = compile(text, { path, imports: importsFor(path) });

  it('has the parameters that are published', () => {
    expect(renderText(diagnostics, sources)).toBe('');
    const { params, input } = summarise(program!);
    const { total, trainable, input: expected, classes } = golden[name];
    expect({ total: params.total, trainable: params.trainable, input, classes: program!.labels.count }).toEqual({ total, trainable, input: expected, classes });
    // The figure that its comment states.
    expect(text).toContain((name === 'resnet-18' ? trainable : total).toLocaleString('en-US'));
  });

  it('holds together, also after JSON', () => {
    expect(verify(program!)).toEqual([]);
    expect(checkProgram(JSON.parse(JSON.stringify(program)))).toEqual(program);
  });

  it('fits on a page', () => expect(text.split('\n').length).toBeLessThan(60));
});

it.each([...programs.map((name) => `${name}.cnn`), ...readdirSync(`${root}cells`).map((file) => `cells/${file}`)])('%s is formatted', async (file) => {
  expect(await format(read(file), file)).toBe(read(file));
});

it('the page has a row for each', () => {
  const page = read('README.md');
  for (const [name, { total }] of Object.entries(golden)) expect(page).toMatch(new RegExp(`\\[${name}\\.cnn\\]\\(${name}\\.cnn\\).*${total.toLocaleString('en-US')}`));
});
