/** Repeats become functions and loops where that says the same, and are written out where it does not. */
import { describe, expect, it } from 'vitest';
import { printTypescript } from '../../../src/compiler/print/typescript/index.ts';
import { modelModule } from '../../../src/compiler/print/typescript/model.ts';
import { functionName, typeNameOf } from '../../../src/compiler/print/typescript/names.ts';
import type { Program } from '../../../src/compiler/model/program.ts';
import { composed, compiled } from './composed.ts';
import { flowers, program, programs } from './programs.ts';
import { programOf, rows } from './words.ts';
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

describe('named cells', () => {
  it('never have the name of anything else in the code', () => {
    const all = [...Object.values({ ...programs, ...composed }), ...rows.map((row) => programOf(row))];
    const files = all.flatMap((p) => printTypescript(p));
    const names = (text: string, form: RegExp): string[] => [...text.matchAll(form)].flatMap(([, list]) => list.split(', '));
    // What model.ts takes from elsewhere, and the types that stand beside its own in index.ts.
    const imported = files.filter(({ path }) => path === 'src/model.ts').flatMap(({ text }) => names(text, /import (?:type )?{ (.*?) }/g));
    const types = files.filter(({ path }) => /^src\/(?!model|layers|variables|initializers)\w+\.ts$/.test(path)).flatMap(({ text }) => names(text, /export (?:interface|type) (\w+)/g));
    expect(imported.length).toBeGreaterThan(100);
    const clashes = [...new Set([...imported, ...types])].filter((name) => [functionName(name, new Set())].some((given) => given === name || typeNameOf(given) === name));
    expect(clashes).toEqual([]);
  });

  const functions = (p: Program): string[] => [...modelModule(p).text.matchAll(/^function (\w+)\(x/gm)].map(([, name]) => name);
  const body = (p: Program): string => /export function forward[^]*?\n}/.exec(modelModule(p).text)![0];
  const stages = (network: string): Program =>
    compiled(`input 16x16x1\nclasses 3\ncell stage(filters, rate=.25) < conv filters same; relu; dropout rate >\nnetwork < ${network}; flatten; dense classes; softmax >`);

  it('are functions named after them, one for equal code', () => {
    const p = stages('stage 4; stage 8; stage 8 rate=.5; stage 2');
    expect(functions(p)).toEqual(['stage', 'stage2']);
    expect(modelModule(p).text).toContain('Runs `stage 4`, `stage 8`, `stage 2`.');
    expect([...body(p).matchAll(/stage\d?\(.*?\)/g)].map(([call]) => call)).toEqual(['stage(images, parameters.stage, mode)', 'stage(x, parameters.stage2, mode)', 'stage2(x, parameters.stage3, mode)', 'stage(x, parameters.stage4, mode)']);
  });

  it('that are all of a repeat are called by its loop; a different first one stands before it', () => {
    expect(loopsOf(stages('repeat 3 < stage 4 >'))).toEqual(['for (const block of parameters.stages) x = stage(x, block, mode)']);
    const p = stages('repeat 3 < residual project < stage 4 > >');
    expect(functionsOf(p)).toEqual(['runBlock']);
    expect(body(p)).toContain('tf.add(shortcut, stage(images, parameters.stage, mode))');
    expect(loopsOf(p)).toEqual(['for (const block of parameters.blocks) x = runBlock(x, block, mode)']);
  });

  it('are one function however often they repeat what has variables', () => {
    const p = compiled(`input 16x16x1
classes 3
cell stage(filters, times) < conv filters same; repeat times < residual < conv filters same; relu > >; repeat 2 < relu > >
cell plain(times) < repeat times < pool 1 > >
network < stage 4 2; stage 8 3; stage 8 4; stage 4 1; plain 2; plain 3; flatten; dense classes; softmax >`);
    expect(functions(p).filter((name) => !name.startsWith('run'))).toEqual(['stage', 'stage2', 'plain', 'plain2']);
    expect(body(p).match(/stage\d?\(/g)).toEqual(['stage(', 'stage(', 'stage(', 'stage2(']);
  });

  it('hold the head: then they are written out, as the loss wants what is before it', () => {
    const p = compiled('input 8x8x1\nclasses 3\ncell head(n) < flatten; dense n; softmax >\nnetwork < conv 2; head classes >');
    expect(functions(p)).toEqual([]);
    expect(body(p)).toContain('return dense(features, parameters.dense1)');
  });

  it('branches are a constant each; what is still needed keeps its name', () => {
    const p = compiled('input 8x8x1\nclasses 3\nnetwork < conv 2 same; branch < conv 2 1 > < > < branch < conv 3 1 > < conv 3 same; relu > merge=add >; flatten; dense classes >');
    const lines = body(p).split('\n').map((line) => line.trim().replace(/;.*/, ''));
    expect(lines.slice(2, -3)).toEqual([
      'const a = conv(x, parameters.conv2)',
      'const c = conv(x, parameters.conv3)',
      "let d: tf.Tensor4D = conv(x, parameters.conv4, { padding: 'same' })",
      'd = tf.relu(d)',
      'const b: tf.Tensor4D = tf.add(c, d)',
      'x = tf.concat([a, x, b], -1)',
    ]);
  });
});
