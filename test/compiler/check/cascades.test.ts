/** One cause, one error: every word and number of the examples misspelt, left out or put wrong, one at a time. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';

const examples = ['mnist', 'shapes', 'tutorial'].map((name) => ({ name, text: readFileSync(fileURLToPath(new URL(`../../../examples/${name}/${name}.cnn`, import.meta.url)), 'utf8') }));

const errorsOf = (text: string): readonly string[] => compile(text, { path: 'x.cnn' }).diagnostics.filter((d) => d.severity === 'error').map((d) => `${d.code}: ${d.message}`);

/** A word or a number of the text with what stands in its place. */
function slips(text: string): readonly { readonly at: string; readonly text: string }[] {
  const tokens = [...text.matchAll(/#.*|"[^"\n]*"|[A-Za-z_]\w*|\d[\w.]*%?/g)].filter(([token]) => !token.startsWith('#'));
  return tokens.flatMap(({ 0: token, index }) => {
    const wrong = /^[A-Za-z_]/.test(token) ? [`${token}q`, token.length > 3 ? token[1] + token[0] + token.slice(2) : `${token}x`, ''] : /^\d/.test(token) ? ['0', '99999', '"x"', ''] : ['x', '3'];
    return wrong.map((instead) => ({ at: `${token} → ${instead} in line ${text.slice(0, index).split('\n').length}`, text: text.slice(0, index) + instead + text.slice(index + token.length) }));
  });
}

describe.each(examples)('$name', ({ text }) => {
  const all = slips(text);
  const found = all.map((slip) => ({ ...slip, errors: errorsOf(slip.text) }));

  it('at least 97 % of its slips give one error at most', () => {
    const many = found.filter(({ errors }) => errors.length > 1);
    expect(many.length / all.length, many.map(({ at, errors }) => `${at}: ${errors.join(' | ')}`).join('\n')).toBeLessThanOrEqual(0.03);
  });

  it('none gives more than two', () => {
    expect(found.filter(({ errors }) => errors.length > 2).map(({ at, errors }) => `${at}: ${errors.join(' | ')}`)).toEqual([]);
  });
});

it.each([
  ['a section without its word', 'data { synthetic }\n{ rotation 20; zoom .2; horizontal_flip }\nnetwork < conv 8; flatten; dense classes >'],
  ['a network without its word', 'data { synthetic }\n< conv 8; flatten; dense classes >'],
  ['a word of another section with a wrong value', 'data { synthetic; rotation "x" }\nnetwork < conv 8; flatten; dense classes >'],
  ['classes in place of dense classes', 'data { synthetic }\nnetwork < conv 8; flatten; classes; softmax >'],
])('%s: one error', (_, text) => expect(errorsOf(text)).toHaveLength(1));
