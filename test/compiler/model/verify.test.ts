/** verify finds what is wrong with a Program, and nothing is wrong with what build makes. */
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import type { Program } from '../../../src/compiler/model/program.ts';
import { verify } from '../../../src/compiler/model/verify.ts';

const text = `data { synthetic shapes 600 classes=4 }
network < repeat 2 < conv 8; batch_norm; pool 2; relu >; flatten; dense 16 activation=relu; dropout .5; dense classes >
plot loss accuracy`;
const program = compile(text, { path: 'x.cnn' }).program!;
const layer = (index: number, change: object): Program => ({ ...program, layers: program.layers.map((l, i) => (i === index ? { ...l, ...change } : l)) });

it('is content with what build makes', () => expect(verify(program)).toEqual([]));

it.each([
  ['a shape', layer(2, { output: [1, 1, 8] })],
  ['a name', layer(4, { name: 'conv_1' })],
  ['an index', layer(3, { index: 7 })],
  ['an argument', layer(0, { args: { ...program.layers[0].args, filters: 9 } })],
  ['a variable', layer(0, { variables: [] })],
  ['the multiply-adds', layer(0, { macs: 1 })],
  ['the input', { ...program, input: [16, 16, 3] }],
  ['the labels', { ...program, labels: { ...program.labels, count: 5 } }],
  ['a missing layer', { ...program, layers: program.layers.slice(0, -1) }],
  ['a plot', { ...program, plots: [{ ...program.plots[0], metrics: ['auc'] }] }],
  ['something that JSON cannot hold', { ...program, fit: { ...program.fit, seed: Infinity } }],
] as const)('sees %s', (_, changed) => expect(verify(changed as Program)).not.toEqual([]));
