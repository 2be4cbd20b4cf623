/** `# cnnc: allow CODE reason`: what it silences, what it does not, and what is said of those that silence nothing. */
import { describe, expect, it } from 'vitest';
import { settle } from '../../../src/compiler/check/allow.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { applyEdits } from '../../../src/compiler/diagnostics/fix.ts';
import { diagnostic } from '../../../src/compiler/diagnostics/catalogue.ts';
import { format } from '../../../src/compiler/format/format.ts';

const data = 'data { synthetic shapes 600 classes=4 }\n';
const codes = (text: string) => compile(text, { path: 'x.cnn' }).diagnostics.map((d) => d.code);

describe('a comment on the line above', () => {
  it.each([
    ['one statement', 'network <\n  conv 8; relu; flatten\n  # cnnc: allow CNN3209 meant\n  dense 32\n  dense classes\n>'],
    ['a statement that stands later on that line', 'network <\n  # cnnc: allow CNN3209 meant\n  conv 8; relu; flatten; dense 32; dense classes\n>'],
    ['all that stands in the blocks of the statement', '# cnnc: allow CNN3209 meant\nnetwork <\n  conv 8; relu; flatten\n  dense 32\n  dense classes\n>'],
    ['without a reason', '# cnnc: allow CNN3209\nnetwork < conv 8; relu; flatten; dense 32; dense classes >'],
    ['other spelling', '#cnnc:allow cnn3209: meant\nnetwork < conv 8; relu; flatten; dense 32; dense classes >'],
    ['several codes', '# cnnc: allow CNN3207, CNN3209 both meant\nnetwork < conv 8; pool 2; pool 2; flatten; dense 32; dense classes >'],
    ['several comments', '# cnnc: allow CNN3207 meant\n# and this, too:\n# cnnc: allow CNN3209 meant\nnetwork < conv 8; pool 2; pool 2; flatten; dense 32; dense classes >'],
    ['in the body of a cell', 'cell head(n) <\n  # cnnc: allow CNN3209 meant\n  dense n\n  dense classes\n>\nnetwork < conv 8; relu; flatten; head 32 >'],
    ['after a carriage return', '# cnnc: allow CNN3209 meant\r\nnetwork < conv 8; relu; flatten; dense 32; dense classes >'],
  ])('allows: %s', (_, text) => {
    const { diagnostics, allowed, program } = compile(data + text, { path: 'x.cnn' });
    expect(diagnostics).toEqual([]);
    expect(program).not.toBeNull();
    expect(allowed.map((a) => a.diagnostic.code)).toContain('CNN3209');
  });

  it('keeps its reason', () => {
    const { allowed } = compile(`${data}# cnnc: allow CNN3209 - two maps, trained apart\nnetwork < conv 8; relu; flatten; dense 32; dense classes >`, { path: 'x.cnn' });
    expect(allowed[0].allowance.reason).toBe('two maps, trained apart');
  });

  it('holds in imported files, whose idle comments are their own business', () => {
    const cells = 'cell head(n) <\n  # cnnc: allow CNN3209 meant\n  dense n\n  dense classes\n>\n# cnnc: allow CNN3207 idle here\ncell other(n) < conv n >';
    const result = compile(`import "cells.cnn"\n${data}network < conv 8; relu; flatten; head 32 >`, { path: 'x.cnn', imports: { read: () => ({ text: cells }) } });
    expect(result.diagnostics).toEqual([]);
  });

  it.each([
    ['another code', '# cnnc: allow CNN3207 x\nnetwork < conv 8; relu; flatten; dense 32; dense classes >', ['CNN1232', 'CNN3209']],
    ['a blank line between', '# cnnc: allow CNN3209 x\n\nnetwork < conv 8; relu; flatten; dense 32; dense classes >', ['CNN1232', 'CNN3209']],
    ['behind the statement', 'network < conv 8; relu; flatten; dense 32; dense classes > # cnnc: allow CNN3209 x', ['CNN3209', 'CNN1232']],
    ['above another statement', 'network <\n  # cnnc: allow CNN3209 x\n  conv 8\n  relu; flatten; dense 32; dense classes\n>', ['CNN1232', 'CNN3209']],
    ['at the end of the file', 'network < conv 8; relu; flatten; dense classes >\n# cnnc: allow CNN3209 x', ['CNN1232']],
    ['no such code', '# cnnc: allow CNN9999 x\nnetwork < conv 8; relu; flatten; dense classes >', ['CNN1233']],
    ['no code', '# cnnc: allow everything\nnetwork < conv 8; relu; flatten; dense classes >', ['CNN1233']],
    ['no word', '# cnnc:\nnetwork < conv 8; relu; flatten; dense classes >', ['CNN1233']],
    ['an error', '# cnnc: allow CNN3004 x\nnetwork < conv 8 99x99; relu; flatten; dense classes >', ['CNN1234', 'CNN3004']],
    ['an ordinary comment that speaks of it', '# cnnc allows CNN3209 in comments\nnetwork < conv 8; relu; flatten; dense 32; dense classes >', ['CNN3209']],
  ])('does not: %s', (_, text, expected) => expect(codes(data + text)).toEqual(expected));

  it('says nothing of idle comments while errors hide what is warned of, or the data is not known', () => {
    expect(codes(`${data}# cnnc: allow CNN3209 x\nnetwork < conv 8; relu; flatten; dense 32; dense classes; nonsense >`)).toEqual(['CNN1001']);
    expect(codes('data { folder "x"; image 32x32; classes [a, b] }\n# cnnc: allow CNN4008 x\naugment { horizontal_flip }\nnetwork < conv 8; flatten; dense classes >')).toEqual([]);
    expect(codes(`${data}# cnnc: allow CNN4011 the copies are meant\nnetwork < conv 8; flatten; dense classes >`)).toEqual([]);
  });

  it('holds for what is found in the data', () => {
    const text = 'data {\n  folder "x"\n  # cnnc: allow CNN4011 meant\n  split test=20%\n  image 32x32\n}\nnetwork < conv 8; flatten; dense classes >';
    const { allowances } = compile(text, { path: 'x.cnn' });
    const found = diagnostic('CNN4011', { file: 'x.cnn', start: text.indexOf('split'), end: text.indexOf('split') + 5 }, { count: 1, parts: ['training', 'test'], example: ['a', 'b'], brought: false });
    expect(settle([found], allowances)).toMatchObject({ kept: [], allowed: [{ diagnostic: { code: 'CNN4011' } }] });
  });
});

describe('taking an idle one out', () => {
  it.each([
    ['# cnnc: allow CNN3209 x\nnetwork < conv 8; flatten; dense classes >', 'network < conv 8; flatten; dense classes >'],
    ['network <\n  conv 8\n  # cnnc: allow CNN3209 x\r\n  flatten; dense classes\n>', 'network <\n  conv 8\n  flatten; dense classes\n>'],
    ['# cnnc: allow CNN3207, CNN3209 x\nnetwork < conv 8; pool 2; pool 2; flatten; dense classes >', '# cnnc: allow CNN3207 x\nnetwork < conv 8; pool 2; pool 2; flatten; dense classes >'],
    ['network < conv 8; flatten; dense classes > # cnnc: allow CNN3209 x', 'network < conv 8; flatten; dense classes > '],
  ])('%j', (text, expected) => {
    const { diagnostics } = compile(data + text, { path: 'x.cnn' });
    const idle = diagnostics.find((d) => d.code === 'CNN1232')!;
    expect(idle.fixes[0].safe).toBe(true);
    expect(applyEdits(data + text, idle.fixes[0].edits)).toBe(data + expected);
  });
});

it('the formatter keeps them directly above', async () => {
  const text = `${data}network   <\n    # why\n  # cnnc: allow CNN3207 meant\n   conv 8;   pool 2;pool 2\n\n\n      # cnnc: allow CNN3209 meant\n flatten;   dense 32;dense classes\n >\nfit { # a note\n   # cnnc: allow CNN2211 short\n early_stopping }`;
  expect(codes(text)).toEqual([]);
  const formatted = await format(text, 'x.cnn');
  expect(formatted).toContain('  # cnnc: allow CNN3207 meant\n  conv 8; pool 2; pool 2\n');
  expect(formatted).toContain('  # cnnc: allow CNN3209 meant\n  flatten; dense 32; dense classes\n');
  expect(formatted).toContain('  # cnnc: allow CNN2211 short\n  early_stopping\n');
  expect(codes(formatted)).toEqual([]);
});
