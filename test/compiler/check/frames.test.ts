/** The frames of the style guide, letter by letter. */
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { renderText } from '../../../src/compiler/diagnostics/render/text.ts';
import { folderFacts } from '../facts.ts';

const show = (text: string, path: string, classes: readonly string[]): string => {
  const { diagnostics, sources } = compile(text, { path, facts: folderFacts(classes) });
  return renderText(diagnostics, sources, { summary: false });
};

const lines = (count: number): string => '\n'.repeat(count);

it('a window that no longer fits: the chain of shapes, the iteration, and ways out that were tried', () => {
  const text = `data {\n  folder "flowers"\n  image 60x40 rgb\n}${lines(14)}\nnetwork <\n  repeat 6 < conv 32 5x5; pool 2; relu; dropout .25 >\n  flatten\n  dense classes\n>`;
  // With `same` alone the sixth pool would meet a single pixel: five iterations fit, and the message says so.
  expect(show(text, 'flowers.cnn', ['daisy', 'rose'])).toBe(`error CNN3004: this convolution's 5x5 window does not fit into a 4x1 image
  --> flowers.cnn:20:14
   |
20 |   repeat 6 < conv 32 5x5; pool 2; relu; dropout .25 >
   |              ^^^^^^^^^^^ iteration 4 of 6 receives 4x1x32
   |
   = the image on its way:  60x40x3  → 56x36x32 → 28x18x32   (iteration 1)
                            → 24x14x32 → 12x7x32             (iteration 2)
                            → 8x3x32  → 4x1x32               (iteration 3)
   = help: three iterations fit:           repeat 3 < … >
     or keep the size in each convolution: conv 32 5x5 same (then five fit)
     or start from at least 316x316:       image 316x316`);
});

it('same is enough where it is', () => {
  const text = `data { folder "flowers"; image 60x40 }\nnetwork < repeat 5 < conv 32 5x5; pool 2; relu >; flatten; dense classes >`;
  expect(show(text, 'flowers.cnn', ['daisy', 'rose'])).toContain('or keep the size in each convolution: conv 32 5x5 same\n');
});

it('a head of another width than the data', () => {
  const text = `data {\n  folder "digits"\n  image 28x28 gray\n}${lines(4)}\nnetwork <\n  conv 16\n  flatten\n  dense 9; softmax\n>`;
  expect(show(text, 'digits.cnn', [...'0123456789'])).toBe(`error CNN2107: the last layer has 9 outputs, but the data has 10 classes
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
   = help: let the data decide: dense classes                       [fix available]`);
});

it('an unknown word', () => {
  const text = `data {\n  folder "digits"\n  image 28x28 gray\n}\n\nnetwork <\n  conv 32 3x3; max_poling 2; relu\n  flatten\n  dense classes\n>`;
  expect(show(text, 'x.cnn', ['a', 'b']).replace('  --> x.cnn:7:16\n', '')).toBe(`error CNN1001: there is no layer called \`max_poling\`
   |
 7 |   conv 32 3x3; max_poling 2; relu
   |                ^^^^^^^^^^ did you mean \`pool\` (Keras: MaxPooling2D)?   [fix available]`);
});
