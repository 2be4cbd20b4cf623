/** docs/language.md: its programs compile, without a warning where they are composed; one that imports finds the file that stands before it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compile } from '../../src/compiler/compile.ts';
import { renderText } from '../../src/compiler/diagnostics/render/text.ts';
import { format } from '../../src/compiler/format/format.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/language.md', import.meta.url)), 'utf8');
const blocks = [...page.matchAll(/^```cnn\n([^]*?)^```$/gm)].map(([, text]) => text);
const nameOf = (text: string): string | undefined => /^# ([\w/-]+\.cnn)\b/.exec(text)?.[1];
const files = new Map(blocks.flatMap((text) => (nameOf(text) ? [[nameOf(text)!, text]] : [])));
const programs = blocks.filter((text) => /^network\b/m.test(text) && /^(data|input)\b/m.test(text)).map((text) => [text.split('\n').find((line) => /^(cell|let|network|import)/.test(line)) ?? '', text] as const);
const composed = programs.filter(([, text]) => /\b(let|cell|repeat|residual|import)\b/.test(text) && !text.includes('folder '));

it('has programs of every form of composition', () => {
  const all = composed.map(([, text]) => text).join('\n');
  for (const word of ['let', 'cell', 'repeat', ' as ', 'residual', 'residual project', 'branch', 'merge=', 'import', 'size(']) expect(all).toContain(word);
});

it.each(programs)('%s', (_, text) => {
  const read = (path: string) => (files.has(path) ? { text: files.get(path)! } : { problem: 'it does not exist' });
  const { diagnostics, sources } = compile(text, { path: nameOf(text) ?? 'x.cnn', imports: { read } });
  expect(renderText(diagnostics.filter((d) => d.severity === 'error'), sources)).toBe('');
});

it.each(composed)('%s: no warnings, and formatted', async (_, text) => {
  const read = (path: string) => ({ text: files.get(path) ?? '' });
  const { diagnostics, sources } = compile(text, { path: nameOf(text) ?? 'x.cnn', imports: { read } });
  expect(renderText(diagnostics.filter((d) => d.severity !== 'info'), sources)).toBe('');
  expect(await format(text, 'x.cnn')).toBe(text);
});
