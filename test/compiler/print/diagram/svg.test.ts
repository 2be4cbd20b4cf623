/** The SVG of a diagram: well-formed whatever names say, of bounded size, with both colour schemes, and legible. */
import { readdirSync, readFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Program } from '../../../../src/compiler/model/program.ts';
import { diagramSvg } from '../../../../src/compiler/print/diagram/index.ts';
import { mixed } from '../../../../src/compiler/print/diagram/svg.ts';
import { layerText, shapesText } from '../../../../src/compiler/print/diagram/words.ts';
import { clipText, escapeXml, textWidth } from '../../../../src/compiler/print/svg/text.ts';
import { networkText, programOf, randomProgram } from './programs.ts';

/** resvg's parser takes well-formed XML only. */
const parses = (svg: string): boolean => new Resvg(svg, { logLevel: 'off', font: { loadSystemFonts: false } }).width > 0;
const small = programOf('input 32x32x3\nclasses 10\nnetwork < conv 8 name="stem"; repeat 3 < conv 8 same; relu >; flatten; dense classes >');

const folder = 'test/fixtures/diagrams';
describe.each(readdirSync(folder).filter((file) => file.endsWith('.cnn')))('%s', (file) => {
  const program = programOf(readFileSync(`${folder}/${file}`, 'utf8'));
  const svg = diagramSvg(program)!;
  it('is well-formed, needs nothing from elsewhere, and is small', () => {
    expect(parses(svg)).toBe(true);
    expect(svg).not.toMatch(/<script|<image|<use|href|url\(|@import|<foreignObject|\son\w+=|&(?!#\d+;)/);
    expect(svg.match(/https?:/g)).toEqual(['http:']);
    expect(svg.length).toBeLessThan(100_000);
  });
  it('is light and dark, and fixed where pixels are made of it', () => {
    expect(svg).toContain('@media (prefers-color-scheme:dark)');
    expect(diagramSvg(program, 'light')).not.toContain('@media');
    expect(diagramSvg(program, 'dark')).toContain('.paper,.sheet{fill:#14171a}');
  });
  it('has no letters below 11 pixels', () => {
    for (const [, size] of svg.matchAll(/font-size:(\d+)px/g)) expect(Number(size)).toBeGreaterThanOrEqual(11);
    expect(svg).not.toMatch(/font-size="/);
  });
  it('names every layer that is drawn once, for those who point at it', () => {
    const hints = [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, text]) => text);
    const first = program.layers[0];
    expect(hints.some((hint) => hint.startsWith(first.name))).toBe(true);
    expect(hints.some((hint) => hint.startsWith(program.layers.at(-1)!.name))).toBe(true);
  });
});

it('is well-formed whatever the names are', () => {
  const named = (name: string): Program => ({
    ...small,
    name,
    layers: small.layers.map((layer) => ({ ...layer, name: `${name}${layer.index}` })),
    network: { ...small.network, nodes: [{ kind: 'call', name, text: name, cell: small.network, origin: small.network.origin }] },
  });
  const evil = ['</text><script>alert(1)</script>', ']]>&amp;<!--', '"\' onload="x"', '\u0000\u0008\u001b[2J', '\ud800', 'a\udc00b', '\uffff', '‮abc', '🐈‍⬛'.repeat(200), 'x'.repeat(100_000), ''];
  for (const name of evil) {
    const svg = diagramSvg(named(name))!;
    expect(parses(svg), name.slice(0, 40)).toBe(true);
    expect(svg).not.toMatch(/<script|onload="/);
    expect(Buffer.from(svg).toString('utf8')).toBe(svg);
    // Once in the title; elsewhere no more of it than can be read.
    expect(svg.length).toBeLessThan(30_000 + 6 * name.length);
  }
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => parses(diagramSvg(named(name))!)), { numRuns: 50 });
});

it('of random programs is well-formed and not large', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(networkText, (text) => {
      const program = randomProgram(text);
      fc.pre(program !== null);
      const svg = diagramSvg(program);
      if (svg === null) return;
      expect(parses(svg)).toBe(true);
      expect(svg.length).toBeLessThan(2_000_000);
    }),
    { numRuns: process.env.CNNC_SOAK ? 200 : 10, seed: process.env.CNNC_SOAK ? undefined : 5 },
  );
});

it('the same program gives the same text', () => expect(diagramSvg(small)).toBe(diagramSvg(small)));

const texts = (network: string): readonly string[] => programOf(`input 64x64x3\nclasses 4\nnetwork < ${network}; flatten; dense classes >`).layers.map(layerText);
it('blocks say what a layer is', () => {
  expect(texts('conv 8; conv 8 5x3 stride=2 activation=relu; conv 8 stride=(1 + 0) dilation=2; pool 2; pool 3 stride=2; dropout .25; conv 4 name="eye"').slice(0, 7)).toEqual([
    'conv 8 3x3', 'conv 8 5x3 /2 + relu', 'conv 8 3x3 dilation 2', 'pool 2x2', 'pool 3x3 /2', 'dropout 0.25', 'eye: conv 4 3x3',
  ]);
});

it.each([
  [[[5, 5, 3]], '5x5x3'],
  [[[5, 5, 3], [5, 5, 3]], '5x5x3'],
  [[[5, 5, 3], [5, 5, 8], [5, 5, 8]], '5x5x3, 8'],
  [[[5, 5, 1], [5, 5, 2], [5, 5, 3], [5, 5, 4]], '5x5x1 … 4'],
  [[[9, 9, 1], [4, 4, 1]], '9x9x1, 4x4x1'],
  [[[9, 9, 1], [7, 7, 1], [5, 5, 1], [3, 3, 1]], '9x9x1 … 3x3x1'],
  [[[10], [20]], '10, 20'],
])('shapes of copies: %j', (shapes, text) => expect(shapesText(shapes)).toBe(text));

it('words are measured with care, cut where they are too long, and escaped', () => {
  expect(textWidth('conv 64 3x3', 12)).toBeGreaterThan(60);
  expect(textWidth('模型', 10)).toBeGreaterThanOrEqual(20);
  expect(clipText('short', 100, 12)).toBe('short');
  const cut = clipText('a very long text that goes on', 80, 12);
  expect(cut.endsWith('…')).toBe(true);
  expect(textWidth(cut, 12)).toBeLessThanOrEqual(80);
  expect(escapeXml('<a b="c">&\'\u0001\ud83d\ude00\ud83d')).toBe('&#60;a b=&#34;c&#34;&#62;&#38;&#39;\u{1f600}');
  expect(mixed('#ff0000', '#ffffff', 0.5)).toBe('#ff8080');
});
