/** Repeats become functions and loops where that says the same, and are written out where it does not. */
import { expect, it } from 'vitest';
import { modelModule } from '../../../src/compiler/print/typescript/model.ts';
import type { Program } from '../../../src/compiler/model/program.ts';
import { flowers, program } from './programs.ts';
import type { Spec } from './programs.ts';

const functionsOf = (p: Program): string[] => [...modelModule(p).text.matchAll(/^function (run\w+)/gm)].map(([, name]) => name);
const loopsOf = (p: Program): string[] => [...modelModule(p).text.matchAll(/^ *(for .*);$/gm)].map(([, loop]) => loop);
const tail: readonly Spec[] = [['flatten'], ['dense', { units: 3 }], ['softmax']];
const same = { padding: 'same', filters: 2 } as const;
const net = (...network: readonly Spec[]): Program => program({ input: [16, 16, 1], network: [...network, ...tail] });

it('one cell is one function', () => {
  const p = flowers(150, 32, 64);
  expect(functionsOf(p)).toEqual(['runBlock']);
  expect(loopsOf(p)).toEqual(['for (const block of parameters.blocks) x = runBlock(x, block, mode)']);
});

it('alternating cells are one function each, also when their number is odd', () => {
  const p = net({ repeat: 3, cells: [[['conv', same]], [['relu'], ['conv', same]]] });
  expect(functionsOf(p)).toEqual(['runBlockA', 'runBlockB']);
  expect(loopsOf(p)).toEqual(["for (const block of parameters.blocks) x = block.cell === 'a' ? runBlockA(x, block) : runBlockB(x, block)"]);
  expect(modelModule(p).text.match(/cell: '[ab]', conv/g)).toEqual(["cell: 'a', conv", "cell: 'b', conv", "cell: 'a', conv"]);
});

it('a cell without variables is a counted loop', () => {
  expect(loopsOf(net({ repeat: 3, cells: [[['pool'], ['relu']]] }))).toEqual(['for (let i = 0; i < 3; i++) x = runBlock(x)']);
});

it('repeats inside and beside repeats have names of their own', () => {
  const inner: Spec = { repeat: 2, cells: [[['conv', same], ['relu']]] };
  const p = net({ repeat: 4, cells: [[['conv', same], inner], [inner, ['tanh']]] }, { repeat: 2, cells: [[['conv', same], ['selu']]] });
  const functions = functionsOf(p);
  expect(new Set(functions).size).toBe(functions.length);
  expect(functions).toEqual(['runBlock2', 'runBlock3', 'runBlock1A', 'runBlock1B', 'runBlock4']);
  expect(loopsOf(p)).toContain('for (const inner of block.blocks2) x = runBlock2(x, inner)');
});

it('is written out where a loop would need other types, runs once, or holds the head', () => {
  expect(functionsOf(net({ repeat: 1, cells: [[['conv', same]]] }))).toEqual([]);
  expect(functionsOf(program({ input: [8, 8, 1], network: [{ repeat: 2, cells: [[['flatten'], ['dense', { units: 4 }]]] }, ['dense', { units: 3 }], ['softmax']] }))).toEqual([]);
  expect(functionsOf(program({ input: [8, 8, 1], network: [['flatten'], { repeat: 2, cells: [[['dense', { units: 3 }], ['softmax']]] }] }))).toEqual([]);
});

it('iterations of one cell that do something else are functions of their own', () => {
  const p = net({ repeat: 3, cells: [[['conv', same], ['leaky_relu']]] });
  const second = p.layers.filter(({ word }) => word === 'leaky_relu')[1].index;
  const layers = p.layers.map((layer) => (layer.index === second ? { ...layer, args: { negative_slope: 0.01 } } : layer));
  expect(functionsOf({ ...p, layers })).toEqual(['runBlockA', 'runBlockB']);
  expect(modelModule({ ...p, layers }).text.match(/cell: '[ab]', conv/g)).toEqual(["cell: 'a', conv", "cell: 'b', conv", "cell: 'a', conv"]);
});

it('the numbers of filters may differ from one iteration to the next: the variables carry them', () => {
  const p = net({ repeat: 2, cells: [[['conv', { ...same, filters: 2 }]]] });
  expect(functionsOf(p)).toEqual(['runBlock']);
  expect(modelModule(p).text).toContain('newConv(variable, "conv_1", [3, 3, 1, 2])');
  expect(modelModule(p).text).toContain('newConv(variable, "conv_2", [3, 3, 2, 2])');
});
