/** The frames, letter by letter. */
import { expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/compiler/diagnostics/diagnostic.ts';
import { renderText, summary } from '../../../src/compiler/diagnostics/render/text.ts';
import { sourceFile } from '../../../src/compiler/source/source.ts';

const base: Diagnostic = { code: 'CNN3004', severity: 'error', message: 'm', span: { file: 'a.cnn', start: 0, end: 1 }, related: [], notes: [], help: [], fixes: [] };
const fix = { title: 'fix', edits: [], safe: true };

/** A source whose line `line` is `text`, and the span of `part` in it. */
function place(file: string, lines: Readonly<Record<number, string>>) {
  const last = Math.max(...Object.keys(lines).map(Number));
  const text = Array.from({ length: last }, (_, i) => lines[i + 1] ?? '').join('\n');
  const source = sourceFile(file, text);
  const span = (part: string) => ({ file, start: text.indexOf(part), end: text.indexOf(part) + part.length });
  return { sources: new Map([[file, source]]), span };
}

it('shows a place, the chain of shapes and several ways out', () => {
  const { sources, span } = place('flowers.cnn', { 20: '  repeat 6 < conv 32 5x5; pool 2; relu; dropout .25 >' });
  const shown = renderText(
    [
      {
        ...base,
        message: "this convolution's 5x5 window does not fit into a 4x1 image",
        span: span('conv 32 5x5'),
        label: 'iteration 4 of 6 receives 4x1x32',
        notes: ['the image on its way:  60x40x3  → 56x36x32 → 28x18x32   (iteration 1)\n                       → 24x14x32 → 12x7x32             (iteration 2)\n                       → 8x3x32  → 4x1x32               (iteration 3)'],
        help: ['three iterations fit:           repeat 3 < … >', 'or keep the size in each convolution: conv 32 5x5 same', 'or start from at least 316x316:       image 316x316'],
      },
    ],
    sources,
    { summary: false },
  );
  expect(shown).toBe(`error CNN3004: this convolution's 5x5 window does not fit into a 4x1 image
  --> flowers.cnn:20:14
   |
20 |   repeat 6 < conv 32 5x5; pool 2; relu; dropout .25 >
   |              ^^^^^^^^^^^ iteration 4 of 6 receives 4x1x32
   |
   = the image on its way:  60x40x3  → 56x36x32 → 28x18x32   (iteration 1)
                            → 24x14x32 → 12x7x32             (iteration 2)
                            → 8x3x32  → 4x1x32               (iteration 3)
   = help: three iterations fit:           repeat 3 < … >
     or keep the size in each convolution: conv 32 5x5 same
     or start from at least 316x316:       image 316x316`);
});

it('shows two places, and says that there is a fix', () => {
  const { sources, span } = place('digits.cnn', { 2: '  folder "digits"', 12: '  dense 9; softmax' });
  const shown = renderText(
    [
      {
        ...base,
        code: 'CNN2107',
        message: 'the last layer has 9 outputs, but the data has 10 classes',
        span: span('9'),
        label: '9 outputs',
        related: [{ span: span('folder "digits"'), label: '10 sub-folders: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9' }],
        help: ['let the data decide: dense classes'],
        fixes: [fix],
      },
    ],
    sources,
  );
  expect(shown).toBe(`error CNN2107: the last layer has 9 outputs, but the data has 10 classes
  --> digits.cnn:12:9
   |
12 |   dense 9; softmax
   |         ^ 9 outputs
   |
  ::: digits.cnn:2:3
   |
 2 |   folder "digits"
   |   --------------- 10 sub-folders: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
   |
   = help: let the data decide: dense classes                       [fix available]

1 error`);
});

it('shows a warning with a note, and a label with a fix', () => {
  const { sources, span } = place('flowers.cnn', { 5: '  split test=20%', 7: '  conv 32 3x3; max_poling 2; relu' });
  const copies: Diagnostic = {
    ...base,
    code: 'CNN4011',
    severity: 'warning',
    message: '31 pictures are in both the training and the test part',
    span: span('split test=20%'),
    label: 'exact copies, e.g. rose/IMG_0012.jpg (train) = rose/copy of IMG_0012.jpg (test)',
    notes: ['the test result would look better than it is'],
    help: ['keep copies together: split test=20% duplicates=together'],
    fixes: [fix],
  };
  const word: Diagnostic = { ...base, code: 'CNN1001', message: 'there is no layer called `max_poling`', span: span('max_poling'), label: 'did you mean `pool` (Keras: MaxPooling2D)?', fixes: [fix] };
  expect(renderText([copies, word], sources)).toBe(`warning CNN4011: 31 pictures are in both the training and the test part
  --> flowers.cnn:5:3
   |
 5 |   split test=20%
   |   ^^^^^^^^^^^^^^ exact copies, e.g. rose/IMG_0012.jpg (train) = rose/copy of IMG_0012.jpg (test)
   |
   = the test result would look better than it is
   = help: keep copies together: split test=20% duplicates=together [fix available]

error CNN1001: there is no layer called \`max_poling\`
  --> flowers.cnn:7:16
   |
 7 |   conv 32 3x3; max_poling 2; relu
   |                ^^^^^^^^^^ did you mean \`pool\` (Keras: MaxPooling2D)?   [fix available]

1 error, 1 warning`);
});

it('puts carets under tabs, wide and combining characters', () => {
  const { sources, span } = place('a.cnn', { 1: '\tclasses ["猫", "e\u0301té", x]' });
  expect(renderText([{ ...base, span: span('x') }], sources, { summary: false })).toBe(`error CNN3004: m
  --> a.cnn:1:24
   |
 1 |     classes ["猫", "e\u0301té", x]
   |                           ^`);
});

it('cuts long lines around the place', () => {
  const { sources, span } = place('a.cnn', { 1: `${'a'.repeat(200)} here ${'b'.repeat(200)}` });
  const [, , , line, marks] = renderText([{ ...base, span: span('here') }], sources, { width: 60 }).split('\n');
  expect(line.length).toBeLessThanOrEqual(60);
  expect(line).toMatch(/^ 1 \| …a+ here b+…$/);
  expect(marks.indexOf('^^^^')).toBe(line.indexOf('here'));
});

it('marks a place of several lines to the end of its first, and an empty place once', () => {
  const { sources, span } = place('a.cnn', { 1: 'data {', 2: '}' });
  expect(renderText([{ ...base, span: { ...span('data'), end: 8 } }], sources)).toContain('\n   | ^^^^^^\n');
  expect(renderText([{ ...base, span: { file: 'a.cnn', start: 4, end: 4 } }], sources)).toContain('\n   |     ^\n');
});

it('speaks ASCII on request', () => {
  const { sources, span } = place('a.cnn', { 1: 'classes [größe]' });
  const shown = renderText([{ ...base, message: 'the image → 5×5 …', span: span('größe') }], sources, { ascii: true });
  expect(shown).toMatch(/^[\n -~]*$/);
  expect(shown).toContain('the image -> 5x5 ...');
});

it('lets no control character through to the terminal', () => {
  const { sources, span } = place('a.cnn', { 1: 'a \u001b[31m \u202e b' });
  const shown = renderText([{ ...base, message: 'x \u001b[2J', span: span('b') }], sources);
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(shown).not.toMatch(/[\u001b\u202e]/);
});

it('colours on request only', () => {
  const { sources, span } = place('a.cnn', { 1: 'abc' });
  // eslint-disable-next-line no-control-regex -- colours are control characters
  const colour = /\u001b\[/;
  expect(renderText([{ ...base, span: span('abc') }], sources)).not.toMatch(colour);
  expect(renderText([{ ...base, span: span('abc') }], sources, { colour: true })).toMatch(colour);
});

it('shows no place where there is none: the file as a whole, another file, no file', () => {
  const { sources } = place('a.cnn', { 1: 'abc' });
  const at = (span: Diagnostic['span'], label?: string) => renderText([{ ...base, span, label, help: ['do this'] }], sources, { summary: false });
  expect(at({ file: 'a.cnn', start: 0, end: 0 })).toBe('error CNN3004: m\n  --> a.cnn\n   = help: do this');
  expect(at({ file: 'rose/1.jpg', start: 0, end: 0 })).toBe('error CNN3004: m\n  --> rose/1.jpg\n   = help: do this');
  expect(at({ file: '', start: 0, end: 0 })).toBe('error CNN3004: m\n   = help: do this');
});

it('counts', () => {
  const warning = { ...base, severity: 'warning' as const };
  expect(summary([base, warning, base])).toBe('2 errors, 1 warning');
  expect(summary([{ ...base, severity: 'info' }])).toBe('1 note');
  expect(summary([])).toBe('');
  expect(renderText([], new Map())).toBe('');
});
