/** Rules stay silent on programs that are fine. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { arrayFacts, folderFacts } from '../facts.ts';

const examples = fileURLToPath(new URL('../../../examples/', import.meta.url));
const programs = readdirSync(examples).filter((name) => existsSync(`${examples}${name}/${name}.cnn`));

it.each(programs)('example %s compiles without a word', (name) => {
  const text = readFileSync(`${examples}${name}/${name}.cnn`, 'utf8');
  const facts = name === 'mnist' ? arrayFacts([28, 28, 1], 10, { parts: { test: true, validation: false } }) : folderFacts(['circle', 'square', 'triangle', 'cross']);
  const { diagnostics, program } = compile(text, { path: `${name}.cnn`, facts });
  expect(diagnostics).toEqual([]);
  expect(program).not.toBeNull();
});

it.each([
  ['dropout far from a batch_norm', 'repeat 2 < conv 8; batch_norm; relu; pool 2; dropout .25 >; flatten; dense classes'],
  ['a 1x1 convolution over one pixel', 'pool 32; conv 8 1x1; flatten; dense classes'],
  ['an activation as option, then a pool', 'conv 8 activation=relu; pool 2; flatten; dense classes'],
])('%s is fine', (_, network) => {
  expect(compile(`data { synthetic }\nnetwork < ${network} >`, { path: 'x.cnn' }).diagnostics).toEqual([]);
});

it.each([
  ['[left, right]', 'horizontal_flip', ['CNN4008']],
  ['[left, right]', 'vertical_flip', []],
  ['[arrow_up, arrow_down]', 'vertical_flip', ['CNN4008']],
  ['[0, 1, 2]', 'horizontal_flip', ['CNN4008']],
  ['[cat, dog]', 'horizontal_flip', []],
  ['[left, right]', 'horizontal_flip off', []],
  ['[cleft, bright]', 'horizontal_flip', []],
] as const)('classes %s with %s', (classes, augment, codes) => {
  const text = `data { folder "x"; image 32x32; classes ${classes} }\naugment { ${augment} }\nnetwork < conv 8; flatten; dense classes >`;
  expect(compile(text, { path: 'x.cnn' }).diagnostics.map((d) => d.code)).toEqual(codes);
});
