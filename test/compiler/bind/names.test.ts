/** Names: `let`, parameters of cells, the counter of a repeat; where they are seen, what they stand for, and slips. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { errors, program, run, said, words } from './composed.ts';

describe('let', () => {
  it.each([
    ['numbers', 'let width=8', 'conv width', 'conv 8'],
    ['flags', 'let pad=same', 'conv 8 3x3 pad', 'conv 8 3x3 same'],
    ['choices', 'let act=relu', 'conv 8 activation=act', 'conv 8 activation=relu'],
    ['sizes', 'let k=5x3', 'conv 8 k', 'conv 8 5x3'],
    ['percentages', 'let r=25%', 'conv 8; dropout r', 'conv 8; dropout 25%'],
    ['ratios', 'let r=1/4', 'conv 8; dropout r', 'conv 8; dropout .25'],
    ['calls', 'let init=random_normal(stddev=.02)', 'conv 8 kernel_initializer=init', 'conv 8 kernel_initializer=random_normal(stddev=.02)'],
    ['values in calls', 'let s=.02', 'conv 8 kernel_initializer=random_normal(stddev=s)', 'conv 8 kernel_initializer=random_normal(stddev=.02)'],
    ['the number of classes', 'let n=classes', 'flatten; dense n; relu', 'flatten; dense classes; relu'],
    ['arithmetic with it', 'let n=(classes * 3)', 'flatten; dense n; relu', 'flatten; dense 12; relu'],
    ['other names', 'let a=b b=(c + 1) c=7', 'conv a', 'conv 8'],
    ['names that come later', '', 'conv a; let a=8', 'conv 8'],
    ['options of their own name', 'let bias=off stride=2 padding=same', 'conv 8 bias=bias stride=stride padding=padding', 'conv 8 bias=off stride=2 same'],
    ['texts', 'let stem="first"', 'conv 8 name=stem', 'conv 8 name="first"'],
  ])('names %s', (_, top, network, plain) => {
    const { layers } = program({ top, network });
    expect(layers.map(({ origin: _o, ...layer }) => layer)).toEqual(program({ network: plain }).layers.map(({ origin: _o, ...layer }) => layer));
  });

  it('can be used in every section', () => {
    const names = 'let dir="photos" side=24x20 part=.1 f=1/128 turn=15 rate=.003 k=3 n=7 size=16 t="Loss" l=off m=[.5, .5, .5]';
    const text = (
      head: string,
      v: (name: string, plain: string) => string,
    ) => `${head}
model ${v('Flowers', 'Flowers')}
data { folder ${v('dir', '"photos"')}; image ${v('side', '24x20')}; classes [cat, dog, cow, hen]; split test=${v('part', '.1')} }
preprocess { scale ${v('f', '1/128')}; mean_std ${v('m', '[.5, .5, .5]')} [1, 1, 1] }
augment { rotation ${v('turn', '15')} }
network < conv ${v('n', '7')}; batch_norm center=${v('l', 'off')}; flatten; dense classes >
compile { optimizer adam lr=${v('rate', '.003')}; metrics accuracy top_k(${v('k', '3')}) }
fit { epochs ${v('n', '7')}; batch ${v('size', '16')} }
plot loss { title ${v('t', '"Loss"')} }
`;
    const [named, plain] = [text(names, (name) => name), text('', (_, value) => value)].map((one) => compile(one, { path: 'x.cnn' }));
    expect(named.diagnostics.filter((d) => d.severity === 'error').map((d) => d.message)).toEqual([]);
    const withoutPlaces = (value: unknown) => JSON.parse(JSON.stringify(value, (key, inner) => (key === 'origin' ? undefined : inner)));
    expect(withoutPlaces(named.program)).toEqual(withoutPlaces(plain.program));
  });

  it('is hidden by a name inside, and by a parameter', () => {
    expect(words(program({ top: 'let n=2', network: 'conv n; residual < let n=2; conv n same >; conv n' }))).toBe('conv 2, conv 2, conv 2, flatten, dense 4, softmax');
    expect(words(program({ top: 'let n=2\ncell c(n) < conv n; repeat 2 as n < conv (n + 1) > >', network: 'conv n; c 5' }))).toBe('conv 2, conv 5, conv 1, conv 2, flatten, dense 4, softmax');
  });

  it('does not change what are names themselves: of the model, of classes, of what is measured', () => {
    const text = 'let Flowers=3 cat=5\nmodel Flowers\ndata { synthetic shapes 600 classes=2; classes [cat, dog] }\nnetwork < conv Flowers; conv cat; flatten; dense classes >\n';
    const { program: made } = compile(text, { path: 'x.cnn' });
    expect(made?.name).toBe('Flowers');
    expect(made?.labels.names).toEqual(['cat', 'dog']);
  });

  it.each([
    ['a word of the language', 'let relu=3', 'conv 8', ['CNN1016 relu']],
    ['words between words', 'let on=3 as=4 classes=2', 'conv 8', ['CNN1016 on', 'CNN1016 as', 'CNN1016 classes']],
    ['twice', 'let a=3 a=4', 'conv a', ['CNN1017 a']],
    ['twice, once as a cell', 'let a=3\ncell a < relu >', 'conv a', ['CNN1017 a']],
    ['without a value', 'let a', 'conv 8', ['CNN1225 a']],
    ['with a value too many', 'let 3 a=2', 'conv a', ['CNN1225 3']],
    ['in a circle', 'let a=(b + 1) b=(c) c=a', 'conv a', ['CNN1221 a']],
    ['of itself', 'let a=(a + 1)', 'conv a', ['CNN1221 a']],
    ['in a circle that nothing uses', 'let a=(b) b=(a)', 'conv 8', []],
    ['of another kind', 'let a="eight"', 'conv a', ['CNN1008 a']],
    ['no number in arithmetic', 'let a=3x3', 'conv (a * 2)', ['CNN1222 a']],
    ['lists in lists', 'let a=[1, 2]', 'conv 8 kernel_size=[a, a]', ['CNN1272 a', 'CNN1272 a']],
  ])('%s: refused', (_, top, network, expected) => expect(errors({ top, network })).toEqual(expected));

  it('tells the way of a circle', () => {
    expect(run({ top: 'let a=(b + 1) b=(c) c=a', network: 'conv a' }).diagnostics[0].message).toContain('a → b → c → a');
  });

  it('can be left unused, which is told once, and only where all else is understood', () => {
    expect(said({ top: 'let a=3' })).toEqual(['CNN1227 a']);
    expect(said({ top: 'cell c(n) < let q=3; conv n >', network: 'c 4; c 5; repeat 2 as i < let q=i; conv 4 1x1 >' })).toEqual(['CNN1227 q', 'CNN1227 q']);
    expect(said({ top: 'let width=3', network: 'conv widht' })).toEqual(['CNN1220 widht']);
  });
});

describe('slips of names', () => {
  it.each([
    ['a let', 'let width=8', 'conv widht', 'CNN1220 widht', 'width'],
    ['a let in arithmetic', 'let width=8', 'conv (widht * 2)', 'CNN1220 widht', 'width'],
    ['a let as an option', 'let width=8', 'conv filters=widht', 'CNN1220 widht', 'width'],
    ['a parameter', 'cell stage(filters) < conv filtrs >', 'stage 8', 'CNN1220 filtrs', 'filters'],
    ['a parameter without flags near', 'cell stage(rate) < dropout rat >', 'stage .5', 'CNN1220 rat', 'rate'],
    ['a counter', '', 'repeat 2 as step < conv (stp + 1) >', 'CNN1220 stp', 'step'],
    ['a cell', 'cell stage(n) < conv n >', 'stge 8', 'CNN1001 stge', 'stage'],
    ['a cell among layers', 'cell densely(n) < conv n >', 'densly 8', 'CNN1001 densly', 'densely'],
    ['an option of a cell', 'cell stage(n, rate=.5) < conv n; dropout rate >', 'stage 8 rte=.3', 'CNN1006 rte', 'rate'],
    ['the classes', 'let n=3', 'conv n; flatten; dense (clases * 2)', 'CNN1220 clases', 'classes'],
  ])('%s: the near one is named and can be written', (_, top, network, where, near) => {
    expect(errors({ top, network })).toEqual([where]);
    const [{ fixes }] = run({ top, network }).diagnostics.filter((d) => d.severity === 'error');
    expect(fixes.map((fix) => fix.edits.map((edit) => edit.text))).toEqual([[near]]);
  });
});
