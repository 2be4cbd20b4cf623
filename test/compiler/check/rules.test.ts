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

const zoo = `${examples}zoo/`;
it.each(readdirSync(zoo).filter((file) => file.endsWith('.cnn')))('zoo: %s, which works as published, gives no warning', (file) => {
  const read = (path: string) => ({ text: readFileSync(zoo + path, 'utf8') });
  expect(compile(readFileSync(zoo + file, 'utf8'), { path: file, imports: { read } }).diagnostics).toEqual([]);
});

it.each([
  ['dropout far from a batch_norm', 'repeat 2 < conv 8; batch_norm; relu; pool 2; dropout .25 >; flatten; dense classes'],
  ['a 1x1 convolution over one pixel', 'pool 32; conv 8 1x1; flatten; dense classes'],
  ['an activation as option, then a pool', 'conv 8 activation=relu; pool 2; flatten; dense classes'],
  ['an activation on each of two branches', 'conv 8; branch < relu > < tanh > merge=add; flatten; dense classes'],
  ['an activation after a merge', 'conv 8 same; branch < conv 8 same; relu > < conv 8 same; relu >; relu; flatten; dense classes'],
  ['pools side by side', 'branch < pool 2 > < pool 2; conv 8 1x1 >; flatten; dense classes'],
  ['pools that overlap, one after the other', 'conv 8; pool 5 stride=1 same; pool 5 stride=1 same; flatten; dense classes'],
  ['a max pool, then an average pool', 'conv 8; pool 2; avg_pool 2; flatten; dense classes'],
  ['a bias by default before batch_norm', 'conv 8; batch_norm; relu; flatten; dense classes'],
  ['a bias asked for before an activation', 'conv 8 bias_initializer=ones activation=relu; batch_norm; flatten; dense classes'],
  ['a dense layer with its activation as an option', 'flatten; dense 32 activation=relu; dense classes'],
  ['a narrow dense layer between wide ones', 'flatten; dense 64; relu; dense 2; dense classes'],
  ['a 1x1 convolution with a stride', 'conv 8; relu; conv 8 1x1 stride=2; flatten; dense classes'],
  ['a 3x3 window on an image of 2x2', 'pool 16; conv 8 3x3 same; relu; flatten; dense classes'],
  ['a softmax over a branch of its own', 'flatten; branch < dense 8 > < dense 8; softmax > merge=multiply; dense classes'],
  ['a gate that is enlarged from one pixel', 'conv 8 same; relu; branch < > < global_avg_pool keepdims=on; conv 8 1x1; sigmoid; upsample 32 > merge=multiply; flatten; dense classes'],
  ['a transposed convolution of one pixel', 'pool 32; conv_transpose 8 3x3; relu; flatten; dense classes'],
  ['dropout before the head', 'flatten; dense 32; relu; dropout .5; dense classes; softmax'],
  ['a parameter that is 0', 'residual < conv 3 same; relu >; flatten; dense classes'],
  ['as many iterations as cells', 'repeat 2 < conv 8; relu > < conv 16; relu >; flatten; dense classes'],
])('%s is fine', (_, network) => {
  expect(compile(`data { synthetic }\nnetwork < ${network} >`, { path: 'x.cnn' }).diagnostics).toEqual([]);
});

it.each(['pool 1', 'avg_pool 1x1', 'dropout 0', 'spatial_dropout 0', 'gaussian_noise 0', 'upsample 1', 'zero_pad 0', 'cropping [0, 0, 0, 0]'])('%s has no effect', (layer) => {
  expect(compile(`data { synthetic }\nnetwork < conv 8; relu; ${layer}; flatten; dense classes >`, { path: 'x.cnn' }).diagnostics.map((d) => d.code)).toEqual(['CNN3212']);
});

it('a cell with a rate of 0 by default is fine', () => {
  const text = 'data { synthetic }\ncell block(filters, rate=0, size=1) < conv filters same; relu; pool size; dropout rate >\nnetwork < block 8; block 8 rate=.5 size=2; flatten; dense classes >';
  expect(compile(text, { path: 'x.cnn' }).diagnostics).toEqual([]);
});

it('what a cell does wrong is said once, with the use that leads there', () => {
  const text = 'data { synthetic }\ncell block(filters) < conv filters same; relu; relu >\nnetwork < repeat 2 < block 8; block 16 >; flatten; dense classes >';
  const { diagnostics } = compile(text, { path: 'x.cnn' });
  expect(diagnostics.map((d) => [d.code, d.related.map((r) => r.label)])).toEqual([['CNN2117', ['relu here', 'in `block 8`, called here']]]);
});

it.each([
  ['sgd lr=.5', []],
  ['sgd lr=5', ['CNN2208']],
  ['adam lr=.01', []],
  ['rmsprop lr=.5', ['CNN2208']],
  ['adam lr=cosine_decay(.001, steps=100)', []],
  ['adam lr=exponential_decay(1, steps=100, rate=.9)', ['CNN2208']],
  ['adam lr=one_cycle(.5, steps=100)', ['CNN2208']],
] as const)('optimizer %s', (optimizer, codes) => {
  expect(compile(`data { synthetic }\nnetwork < conv 8; flatten; dense classes >\ncompile { optimizer ${optimizer} }`, { path: 'x.cnn' }).diagnostics.map((d) => d.code)).toEqual(codes);
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
