/** Networks of repeats, residuals and branches: shapes, shortcuts, heads, names of layers, and bounds. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { asLayer } from '../../../src/compiler/model/program.ts';
import { errors, program, run, said, words } from '../bind/composed.ts';

const tail = ', flatten, dense 4, softmax';

describe('repeat', () => {
  it('lets cells take turns', () => {
    expect(words(program({ network: 'repeat 3 < relu > < elu >' }))).toContain('relu, elu, relu');
    expect(words(program({ network: 'repeat 3 as i < conv (i + 1) 1x1 > < conv (10 * i) 1x1 >' }))).toBe(`conv 1, conv 10, conv 3${tail}`);
    expect(words(program({ top: 'let n=2', network: 'repeat n < repeat (n + 1) < relu; batch_norm > >' })).split(', ').length).toBe(12 + 3);
  });

  it('needs a whole number and a name for its counter', () => {
    expect(errors({ network: 'repeat 0 < relu >' })).toEqual(['CNN1009 0']);
    expect(errors({ network: 'repeat 2.5 < relu >' })).toEqual(['CNN1008 2.5']);
    expect(errors({ network: 'repeat classes < relu >' })).toEqual(['CNN1008 classes']);
    expect(errors({ network: 'repeat 2 as relu < relu >' })).toEqual(['CNN1016 relu']);
    expect(errors({ network: 'repeat 2 as < relu >' })).toEqual(['CNN1007 as']);
  });
});

describe('residual', () => {
  it('adds where shapes are equal, without a shortcut', () => {
    const { network } = program({ network: 'conv 4; residual project < conv 4 same >' });
    expect(network.nodes[1]).toMatchObject({ kind: 'residual', shortcut: { nodes: [] }, output: [30, 30, 4] });
  });

  it.each([
    ['project', 'conv 8 same', 'conv 4, conv 8, conv 8, batch_norm', [1, 1]],
    ['project=norm', 'conv 8 same stride=2', 'conv 4, conv 8, conv 8, batch_norm', [2, 2]],
    ['project=conv', 'conv 8 same stride=2x3', 'conv 4, conv 8, conv 8', [2, 3]],
    ['project', 'pool 7', 'conv 4, pool, conv 4, batch_norm', [8, 8]],
  ])('%s: a 1x1 convolution with the stride that fits', (how, cell, expected, stride) => {
    const made = program({ input: '30x30x3', network: `conv 4 same; residual ${how} < ${cell} >` });
    expect(words(made)).toBe(expected + tail);
    const shortcut = asLayer(made.layers[2], 'conv');
    expect(shortcut.args).toMatchObject({ size: [1, 1], stride, bias: true, padding: 'valid', activation: null });
    expect(shortcut.output).toEqual(made.layers[1].output);
  });

  it('takes the options of its convolution', () => {
    const made = program({ network: 'residual project bias=off < conv 8 same >' });
    expect(asLayer(made.layers[1], 'conv').args.bias).toBe(false);
    expect(errors({ network: 'residual bias=off < conv 3 same >' })).toEqual(['CNN1273 bias=off']);
  });

  it('is refused where shapes differ, with both', () => {
    expect(errors({ network: 'residual < conv 8 same >' })).toEqual(['CNN3010 residual']);
    expect(run({ network: 'residual < conv 8 same >' }).diagnostics[0].message).toContain('32x32x3 to its output of 32x32x8');
    expect(errors({ network: 'residual project < flatten; dense 8 >', tail: 'dense classes' })).toEqual(['CNN3010 residual']);
    expect(errors({ network: 'residual project < upsample 2 >' })).toEqual(['CNN3010 residual']);
    expect(errors({ network: 'residual < relu > < relu >' })).toEqual(['CNN1014 <']);
    expect(errors({ network: 'residual' })).toEqual(['CNN1014 residual']);
    expect(errors({ network: 'residual < >' })).toEqual(['CNN1206 < >']);
  });
});

describe('branch', () => {
  it.each([
    ['', 'conv 4 same', 'conv 5 same', [32, 32, 9]],
    ['merge=concat', 'conv 4 same', '', [32, 32, 7]],
    ['merge=add', 'conv 3 same', '', [32, 32, 3]],
    ['merge=average', 'conv 4 same', 'conv 4 1x1', [32, 32, 4]],
    ['merge=multiply', 'conv 4', 'conv 4', [30, 30, 4]],
    ['merge=maximum', 'flatten; dense 5', 'flatten; dense 5', [5]],
    ['merge=concat', 'flatten; dense 5', 'flatten; dense 6', [11]],
  ])('%s of < %s > and < %s >', (merge, a, b, output) => {
    const { network } = program({ network: `branch < ${a} > < ${b} > ${merge}`, tail: output.length === 1 ? 'dense classes' : 'flatten; dense classes' });
    expect(network.nodes[0]).toMatchObject({ kind: 'branch', output });
  });

  it('is refused where outputs do not go together, with each', () => {
    expect(errors({ network: 'branch < conv 4 > < conv 4 same >' })).toEqual(['CNN3011 branch']);
    expect(errors({ network: 'branch < conv 4 > < conv 5 > merge=add' })).toEqual(['CNN3011 branch']);
    expect(errors({ network: 'branch < conv 4 > < flatten >' })).toEqual(['CNN3011 branch']);
    expect(run({ network: 'branch < conv 4 > < conv 5 > merge=add' }).diagnostics[0].related.map(({ label }) => label)).toEqual(['gives 30x30x4', 'gives 30x30x5']);
    expect(errors({ network: 'branch < relu >' })).toEqual(['CNN1228 branch']);
    expect(errors({ network: 'branch < > < >' })).toEqual(['CNN1206 < >']);
    expect(errors({ network: 'branch < relu > < elu > merge=sum' })).toEqual(['CNN1008 sum']);
  });
});

describe('a network that ends in a residual or a branch', () => {
  it.each([
    ['flatten; dense 5; relu; residual < dense 5; relu >', 'CNN2107 residual'],
    ['flatten; branch < dense 5 > < dense 5 > merge=add', 'CNN2107 branch'],
    ['flatten; branch < dense 5 > < dense 5 > merge=add; softmax', 'CNN2107 branch'],
    ['branch < conv 5 same > < conv 5 same >', 'CNN2101 branch'],
    ['branch < conv 5 same > < conv 5 same >; global_avg_pool', 'CNN2107 branch'],
    ['repeat 1 < flatten; branch < dense 5 > < dense 5 > merge=add >; dropout .5', 'CNN2107 branch'],
    ['conv 4; dropout .5', 'CNN2101 conv 4'],
    ['dropout .5', 'CNN2101 network'],
  ])('%s: its width is checked', (network, expected) => expect(errors({ network, tail: '' })).toEqual([expected]));

  it.each([
    ['flatten; branch < dense 4 > < dense 4 > merge=add', 'softmax', true],
    ['flatten; branch < dense 1 > < dense 3 >', 'softmax', true],
    ['flatten; dense 4; relu; residual < dense 4 >', 'softmax', true],
    ['flatten; branch < dense 4; softmax > < dense 4; softmax > merge=average', null, false],
    ['flatten; branch < dense 4; softmax > < dense 4; relu > merge=average', 'softmax', true],
    ['flatten; branch < dense 4 > < dense 4 > merge=add; softmax', 'softmax', false],
  ])('%s: its activation follows from the labels', (network, activation, inferred) => {
    const { layers, network: tree } = program({ network, tail: '' });
    const last = tree.nodes[tree.nodes.length - 1];
    const layer = last.kind === 'layer' ? layers[last.layer] : null;
    expect([layer?.word ?? null, layer?.inferred ?? false]).toEqual([activation, inferred]);
    if (layer) expect(layer.input).toEqual([4]);
  });

  it('can end in the wrong activation on each side', () => {
    expect(errors({ top: 'compile { loss categorical_crossentropy }', network: 'flatten; branch < dense 4; sigmoid > < dense 4; sigmoid > merge=maximum', tail: '' })).toEqual(['CNN2108 branch']);
  });
});

describe('names of layers', () => {
  const names = (network: string, top = '') => program({ top, network }).layers.map(({ name }) => name).filter((name) => !/^(flatten|dense|softmax)_1$/.test(name));
  it.each([
    ['repeat 2 < conv 4 name="stem"; relu >', ['stem_1', 'relu_1', 'stem_2', 'relu_2']],
    ['repeat 1 < conv 4 name="stem" >', ['stem']],
    ['repeat 2 as i < conv (i + 1) name="stem" >', ['stem_1', 'stem_2']],
    ['repeat 2 < repeat 2 < relu name="a" > >', ['a_1', 'a_2', 'a_3', 'a_4']],
    ['branch < conv 4 name="left" > < conv 4 name="right" >', ['left', 'right']],
    ['residual project < conv 4 same name="in" >', ['in', 'conv_1', 'batch_norm_1']],
  ])('%s', (network, expected) => expect(names(network)).toEqual(expected));

  it('in a cell get a counter where the cell is used twice', () => {
    expect(names('c 4; c 5; c 4', 'cell c(n) < conv n name="in"; relu >')).toEqual(['in_1', 'relu_1', 'in_2', 'relu_2', 'in_3', 'relu_3']);
    expect(names('c 4', 'cell c(n) < conv n name="in" >')).toEqual(['in']);
    expect(names('c "a"; c "b"; c "b"', 'cell c(label) < conv 4 name=label >')).toEqual(['a', 'b_1', 'b_2']);
  });

  it('are used once', () => {
    expect(errors({ network: 'conv 4 name="a"; conv 4 name="a"' })).toEqual(['CNN1017 "a"']);
    expect(errors({ network: 'repeat 2 < conv 4 name="a" >; conv 4 name="a_2"' })).toEqual(['CNN1017 "a_2"']);
    expect(errors({ top: 'cell c < conv 4 name="a" >', network: 'c; conv 4 name="a"' })).toEqual(['CNN1017 "a"']);
  });
});

describe('bounds', () => {
  const cells = (n: number, body: (next: string) => string, last: string): string => [...Array.from({ length: n }, (_, i) => `cell c${i} < ${body(`c${i + 1}`)} >`), `cell c${n} < ${last} >`].join('\n');
  const codes = (top: string, network: string): readonly string[] => said({ top, network }).filter((line) => !line.startsWith('CNN2')).map((line) => line.slice(0, 7));

  it.each([
    ['layers in a repeat', '', 'repeat 200 < repeat 101 < conv 3 1x1 > >'],
    ['layers one by one', '', Array.from({ length: 20_001 }, () => 'relu').join('; ')],
    ['cells that use each other twice', cells(60, (next) => `${next}; ${next}`, 'batch_norm'), 'c0'],
    ['the same with values of their own', [...Array.from({ length: 60 }, (_, i) => `cell c${i}(n) < c${i + 1} (n * 2); c${i + 1} (n * 2 + 1) >`), 'cell c60(n) < relu >'].join('\n'), 'c0 0'],
    ['iterations with nothing in them', '', 'repeat 10000 as i < repeat 10000 as j < repeat 10000 as k < let x=(i + j + k) > > >'],
  ])('%s: too many, and told at once', (_, top, network) => expect(codes(top, network)).toEqual(['CNN1207']));

  it('as many layers as there may be', () => {
    expect(errors({ input: '8x8x3', network: 'repeat 199 < repeat 100 < dropout .1 > >', tail: 'flatten; dense classes' })).toEqual([]);
  });

  it('empty cells that use each other twice', () => {
    expect(codes(cells(60, (next) => `${next}; ${next}`, ''), 'c0')).toContain('CNN1206');
  });

  it('a chain of cells or of values', () => {
    expect(codes(cells(5000, (next) => next, 'relu'), 'c0')).toEqual(['CNN1270']);
    expect(codes(`let ${Array.from({ length: 5000 }, (_, i) => `v${i}=(v${i + 1} + 1)`).join(' ')} v5000=1`, 'conv v0')).toEqual(['CNN1270']);
    expect(errors({ top: cells(90, (next) => next, 'relu'), network: 'c0' })).toEqual([]);
  });

  it('lists that hold lists', () => {
    const text = `let ${Array.from({ length: 60 }, (_, i) => `v${i}=[v${i + 1}, v${i + 1}]`).join(' ')} v60=[1]\nnetwork < conv v0 >`;
    expect(new Set(compile(text, { path: 'x.cnn' }).diagnostics.map((d) => d.code))).toContain('CNN1272');
  });
});
