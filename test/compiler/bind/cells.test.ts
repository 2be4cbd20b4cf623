/** Named cells: their parameters, cells in cells, circles, and what is said where a use does not fit. */
import { describe, expect, it } from 'vitest';
import { errors, program, run, said, words } from './composed.ts';

const tail = ', flatten, dense 4, softmax';

describe('parameters', () => {
  it.each([
    ['by place', 'cell c(n, r) < conv n; dropout r >', 'c 8 .5', 'conv 8, dropout 0.5'],
    ['by name', 'cell c(n, r) < conv n; dropout r >', 'c r=.5 n=8', 'conv 8, dropout 0.5'],
    ['by default', 'cell c(n, r=.25) < conv n; dropout r >', 'c 8; c 4 .5; c 2 r=.75', 'conv 8, dropout 0.25, conv 4, dropout 0.5, conv 2, dropout 0.75'],
    ['by a default that uses those before', 'cell c(n, m=(n * 2), k=(m + 1)) < conv n; conv m; conv k >', 'c 2; c 2 3', 'conv 2, conv 4, conv 5, conv 2, conv 3, conv 4'],
    ['in the order written, defaults among them', 'cell c(r=.25, n) < conv n; dropout r >', 'c .5 8; c n=4', 'conv 8, dropout 0.5, conv 4, dropout 0.25'],
    ['by a default from around the cell', 'let wide=6\ncell c(n=wide) < conv n >', 'c; c 2', 'conv 6, conv 2'],
    ['from arithmetic', 'cell c(n) < conv n >', 'repeat 3 as i < c (2 ^ i) >', 'conv 1, conv 2, conv 4'],
    ['without any', 'cell c < conv 3; relu >', 'c', 'conv 3, relu'],
    ['with empty parentheses', 'cell c() < conv 3; relu >', 'c', 'conv 3, relu'],
    ['that count a repeat', 'cell c(n) < repeat n < relu; batch_norm > >', 'conv 4; c 2', 'conv 4, relu, batch_norm, relu, batch_norm'],
    ['that are the classes', 'cell head(n) < flatten; dense n; relu >', 'head classes', 'flatten, dense 4, relu'],
  ])('given %s', (_, top, network, expected) => expect(words(program({ top, network }))).toBe(expected + tail));

  it('may be flags, choices, sizes and texts', () => {
    const made = program({ top: 'cell c(pad, act, k, label) < conv 4 k pad activation=act name=label >', network: 'c same relu 5x1 "one"; c valid none 3x3 "two"' });
    expect(made.layers.slice(0, 2).map(({ name, args }) => [name, args])).toMatchObject([
      ['one', { size: [5, 1], padding: 'same', activation: 'relu' }],
      ['two', { size: [3, 3], padding: 'valid', activation: null }],
    ]);
  });

  it.each([
    ['missing', 'cell c(n, r) < conv n; dropout r >', 'c 8', ['CNN1010 c 8']],
    ['too many', 'cell c(n) < conv n >', 'c 8 9', ['CNN1011 9']],
    ['unknown', 'cell c(n) < conv n >', 'c 8 m=9', ['CNN1006 m']],
    ['twice', 'cell c(n) < conv n >', 'c 8 n=9', ['CNN1012 n=9']],
    ['of another kind', 'cell c(n) < conv n >', 'c "8"', ['CNN1008 n']],
    ['out of range', 'cell c(n) < conv n >', 'c 0', ['CNN1009 n']],
    ['with a block', 'cell c(n) < conv n >', 'c 8 < relu >', ['CNN1014 <']],
    ['declared twice', 'cell c(n, n=3) < conv n >', 'c 8', ['CNN1017 n']],
    ['called like a word', 'cell c(conv) < relu >', 'c 8', ['CNN1016 conv']],
    ['called like what is never a name', 'cell c(on) < relu >', 'c', ['CNN1016 on']],
    ['no names', 'cell c(3) < relu >', 'relu', ['CNN1225 3']],
  ])('%s: refused', (_, top, network, expected) => expect(errors({ top, network })).toEqual(expected));

  it.each([
    ['a cell without a name', 'cell < relu >', 'CNN1225 cell'],
    ['a cell without a body', 'cell c(n)', 'CNN1225 cell c(n)'],
    ['a cell with settings', 'cell c(n) { relu }', 'CNN1225 { relu }'],
    ['a cell with two bodies', 'cell c < relu > < elu >', 'CNN1225 < elu >'],
    ['a cell with a value behind its name', 'cell c 3 < relu >', 'CNN1225 3'],
    ['a cell called like a layer', 'cell relu < elu >', 'CNN1016 relu'],
    ['two cells of one name', 'cell c < elu >\ncell c < relu >', 'CNN1017 c'],
  ])('%s: refused', (_, top, expected) => expect(errors({ top })).toContain(expected));
});

describe('cells in cells', () => {
  it('use each other in any order, and may be declared inside', () => {
    expect(words(program({ top: 'cell a(n) < b n; b (n + 1) >\ncell b(n) < conv n; relu >', network: 'a 2' }))).toBe(`conv 2, relu, conv 3, relu${tail}`);
    expect(words(program({ top: 'cell a(n) < b 1; cell b(m) < conv (n + m) 1x1 > >', network: 'a 2; a 4' }))).toBe(`conv 3, conv 5${tail}`);
    expect(words(program({ network: 'c 3; residual < cell c(n) < conv (n * 2) same >; c 1.5 >; cell c(n) < conv n > ' }))).toBe(`conv 3, conv 3${tail}`);
  });

  it('see the names where they are declared, not where they are used', () => {
    expect(words(program({ top: 'let n=7\ncell a < conv n >', network: 'residual < let n=1; conv (n + 2) same >; repeat 1 as n < a >' }))).toBe(`conv 3, conv 7${tail}`);
  });

  it('keep the tree of uses, with the text of each', () => {
    const { network } = program({ top: 'cell a(n, r=.5) < conv n; b 2 >\ncell b(n) < conv n >', network: 'a 2; a 3 r=.25' });
    const tree = JSON.stringify(network, (key, value) => (key === 'origin' ? undefined : value));
    expect(JSON.parse(tree).nodes.slice(0, 2)).toEqual([
      { kind: 'call', name: 'a', text: 'a 2', cell: { nodes: [{ kind: 'layer', layer: 0 }, { kind: 'call', name: 'b', text: 'b 2', cell: { nodes: [{ kind: 'layer', layer: 1 }] } }] } },
      { kind: 'call', name: 'a', text: 'a 3 .25', cell: { nodes: [{ kind: 'layer', layer: 2 }, { kind: 'call', name: 'b', text: 'b 2', cell: { nodes: [{ kind: 'layer', layer: 3 }] } }] } },
    ]);
  });

  it.each([
    ['itself', 'cell a(n) < conv n; a n >', 'a 3', 'CNN1221 a n', null],
    ['one that uses it', 'cell a < b >\ncell b < a >', 'a', 'CNN1221 a', 'a → b → a'],
    ['one far below', 'cell a < b >\ncell b < repeat 2 < residual < c > > >\ncell c < d; a >\ncell d < relu >', 'a', 'CNN1221 a', 'a → b → c → a'],
    ['one inside', 'cell a < cell b < a >; b >', 'a', 'CNN1221 a', 'a → b → a'],
    ['with other values', 'cell a(n) < conv n; a (n - 1) >', 'a 3', 'CNN1221 a (n - 1)', null],
    ['a circle that is not entered from outside', 'cell a < b >\ncell b < a >', 'relu', 'CNN1221 a', 'a → b → a'],
  ])('in a circle: %s', (_, top, network, where, chain) => {
    expect(errors({ top, network })).toEqual([where]);
    const [{ message }] = run({ top, network }).diagnostics;
    expect(message).toContain(chain ?? 'uses itself');
  });

  it('that nothing uses are checked all the same, as far as that goes without values', () => {
    expect(said({ top: 'cell a(n) < conv n; cnv n; conv (n / 0) >' })).toEqual(['CNN1001 cnv']);
    expect(said({ top: 'cell a(n, k) < conv n k; conv (n * 2) [k, k]; dropout (n / 100); dense n kernel_initializer=random_normal(stddev=k); pool k >' })).toEqual(['CNN1227 a']);
  });
});

describe('where a mistake is told', () => {
  const way = (top: string, network: string, input?: string) => run({ top, network, ...(input ? { input } : {}) }).diagnostics.filter((d) => d.severity === 'error').map(({ code, related }) => [code, ...related.map(({ label }) => label)]);

  it('in a cell, with the uses that lead there, the nearest first', () => {
    expect(way('cell a(n) < b n >\ncell b(n) < conv n; dropout n >', 'a 8')).toEqual([['CNN1009', 'in `b 8`, called here', 'in `a 8`, called here']]);
  });

  it('once, however often the cell is used', () => {
    expect(way('cell a(n) < conv n siz=3 >', 'a 8; a 8; a 9; repeat 3 as i < a (i + 1) >')).toEqual([['CNN1006', 'in `a 8`, called here']]);
  });

  it('for shapes too: uses and iterations', () => {
    expect(way('cell a(n) < repeat 3 < conv n; pool 2 > >', 'a 4', '8x8x3')).toEqual([['CNN3004', 'in `a 4`, called here']]);
    expect(way('cell a(n) < conv n; flatten >', 'repeat 2 < a 4 >')).toEqual([['CNN3001', 'here the image becomes a row of numbers', 'in `a 4`, called here', 'iteration 2 of 2']]);
    expect(way('cell a(n) < conv n; flatten >', 'repeat 2 as i < a (i + 4) >')).toEqual([['CNN3001', 'here the image becomes a row of numbers', 'in `a 5`, called here', 'iteration 2 of 2, with i = 1']]);
    expect(way('cell a(n) < residual < conv n same > >', 'conv 4; repeat 2 as i < a (i + 4) >')).toEqual([['CNN3010', 'in `a 5`, called here']]);
  });

  it('in an iteration', () => {
    expect(way('', 'repeat 3 as i < conv (2 - i) 1x1 >')).toEqual([['CNN1009', 'iteration 3 of 3, with i = 2']]);
  });

  it('for the head', () => {
    const { diagnostics } = run({ top: 'cell head(n) < flatten; dense n >', network: 'conv 4; head 7', tail: '' });
    expect(diagnostics.map(({ code, fixes, related }) => [code, fixes.length, ...related.map(({ label }) => label)])).toEqual([['CNN2107', 0, '4 classes', 'in `head 7`, called here']]);
  });
});
