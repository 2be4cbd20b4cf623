/** The geometry of diagrams, from the layout's own data: every layer is drawn, nothing overlaps, nothing leaves the page, lines go around boxes. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Program } from '../../../../src/compiler/model/program.ts';
import type { Rect, Shape } from '../../../../src/compiler/print/diagram/geometry.ts';
import { pageOf } from '../../../../src/compiler/print/diagram/page.ts';
import type { Page } from '../../../../src/compiler/print/diagram/page.ts';
import { badgeWidth, pile } from '../../../../src/compiler/print/diagram/pieces.ts';
import { textWidth } from '../../../../src/compiler/print/svg/text.ts';
import { networkText, programOf, randomProgram } from './programs.ts';

const runs = process.env.CNNC_SOAK ? 200 : 25;

type Named = Rect & { readonly of: string };

/** Whether the insides of two rectangles touch; a pixel is forgiven. */
const overlap = (a: Rect, b: Rect, slack = 0.5): boolean =>
  a.x + slack < b.x + b.width - slack && b.x + slack < a.x + a.width - slack && a.y + slack < b.y + b.height - slack && b.y + slack < a.y + a.height - slack;
const inside = (a: Rect, b: Rect): boolean => a.x >= b.x - 0.5 && a.y >= b.y - 0.5 && a.x + a.width <= b.x + b.width + 0.5 && a.y + a.height <= b.y + b.height + 0.5;

const of = <K extends Shape['kind']>(page: Page, kind: K): readonly Extract<Shape, { kind: K }>[] => page.shapes.filter((shape): shape is Extract<Shape, { kind: K }> => shape.kind === kind);

/** What is wrong with a page, in words. */
function faults(page: Page, program: Program): readonly string[] {
  const wrong: string[] = [];
  const drawn = [...of(page, 'block'), ...of(page, 'more')].flatMap((shape) => shape.layers).sort((a, b) => a - b);
  if (drawn.join() !== program.layers.map((layer) => layer.index).join()) wrong.push(`layers drawn: ${drawn.join()}`);

  const boxes: readonly Named[] = page.shapes.flatMap((shape) => (shape.kind === 'line' || shape.kind === 'frame' ? [] : [{ ...shape, of: `${shape.kind} ${shape.text} at ${shape.x} ${shape.y}` }]));
  const frames = of(page, 'frame').map((f) => ({ ...f, width: f.width + pile(f.times), height: f.height + pile(f.times), of: `frame ${f.title} at ${f.x} ${f.y}` }));
  const titles = of(page, 'frame').map((f): Named => ({ x: f.x + 14, y: f.y + 4, width: textWidth(f.title, 12, 'bold'), height: 20, of: `title ${f.title}` }));

  const swept = [...boxes].sort((a, b) => a.y - b.y);
  swept.forEach((a, i) => {
    for (let k = i + 1; k < swept.length && swept[k].y < a.y + a.height; k++) if (overlap(a, swept[k])) wrong.push(`${a.of} overlaps ${swept[k].of}`);
  });
  frames.forEach((frame, i) => {
    for (const other of frames.slice(i + 1)) if (overlap(frame, other) && !inside(other, frame)) wrong.push(`${frame.of} cuts ${other.of}`);
    for (const box of boxes) if (overlap(frame, box) && !inside(box, frame)) wrong.push(`${frame.of} cuts ${box.of}`);
  });
  for (const title of titles) for (const box of boxes) if (overlap(title, box)) wrong.push(`${title.of} is under ${box.of}`);

  const paper = { x: 0, y: 0, width: page.width, height: page.height };
  const head = page.words.map((word): Named => {
    const size = { title: 22, totals: 13, legend: 11 }[word.style];
    return { x: word.x, y: word.y - size * 0.8, width: textWidth(word.text, size, word.style === 'title' ? 'bold' : 'normal'), height: size, of: `word ${word.text}` };
  });
  for (const box of [...boxes, ...frames, ...head]) if (!inside(box, paper)) wrong.push(`${box.of} leaves the page`);
  for (const word of head) for (const box of [...boxes, ...frames]) if (overlap(word, box)) wrong.push(`${word.of} is under ${box.of}`);
  head.forEach((word, i) => head.slice(i + 1).forEach((other) => overlap(word, other) && wrong.push(`${word.of} is under ${other.of}`)));

  for (const { points } of of(page, 'line')) {
    for (const [i, to] of points.entries()) {
      if (!inside({ ...to, width: 0, height: 0 }, paper)) wrong.push(`a line leaves the page at ${to.x} ${to.y}`);
      if (i === 0) continue;
      const from = points[i - 1];
      if (from.x !== to.x && from.y !== to.y) wrong.push(`a line is slanted from ${from.x} ${from.y} to ${to.x} ${to.y}`);
      const along = { x: Math.min(from.x, to.x) - 0.75, y: Math.min(from.y, to.y) - 0.75, width: Math.abs(to.x - from.x) + 1.5, height: Math.abs(to.y - from.y) + 1.5 };
      for (const box of [...boxes, ...titles]) if (overlap(along, box, 1)) wrong.push(`a line from ${from.x} ${from.y} to ${to.x} ${to.y} crosses ${box.of}`);
    }
  }

  for (const { text, note, width, height } of of(page, 'block')) {
    if (textWidth(text, 12) + (note === '' ? 0 : 8 + textWidth(note, 11)) > width - 16) wrong.push(`"${text}" "${note}" is wider than its block`);
    if (height < 16) wrong.push(`${text} is too low to read`);
  }
  for (const { title, note, times, width } of of(page, 'frame')) {
    if (textWidth(title, 12, 'bold') + (note === '' ? 0 : 8 + textWidth(note, 11)) + (times > 1 ? badgeWidth(times) + 8 : 0) > width - 24) wrong.push(`"${title}" is wider than its frame`);
  }
  return wrong;
}

const folder = 'test/fixtures/diagrams';
describe.each(readdirSync(folder).filter((file) => file.endsWith('.cnn')))('%s', (file) => {
  const program = programOf(readFileSync(`${folder}/${file}`, 'utf8'));
  const page = pageOf(program)!;
  it('is whole', () => expect(faults(page, program)).toEqual([]));
  it('is neither a ribbon nor a belt', () => {
    expect(page.width / page.height).toBeGreaterThan(0.5);
    expect(page.width / page.height).toBeLessThan(2.2);
  });
});

it('random networks are whole', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(networkText, (text) => {
      const program = randomProgram(text);
      fc.pre(program !== null);
      const page = pageOf(program);
      if (page) expect(faults(page, program)).toEqual([]);
      else expect(program.layers.length).toBeGreaterThan(500);
    }),
    { numRuns: runs, seed: process.env.CNNC_SOAK ? undefined : 11 },
  );
});

const drawn = (network: string) => {
  const program = programOf(`input 32x32x3\nclasses 10\ncell keep < conv 3 same >\nnetwork < ${network}; flatten; dense classes; softmax >`);
  const page = pageOf(program)!;
  expect(faults(page, program)).toEqual([]);
  return page;
};

it('what is written alike stands once, with its number', () => {
  const page = drawn('repeat 5 < conv 8 same; relu >; keep; keep; keep; repeat 4 < keep >; branch < conv 2 1x1 > < conv 2 1x1 > < >');
  expect(of(page, 'frame').map(({ title, times }) => `${title} ×${times}`)).toEqual(['repeat ×5', 'keep ×1', 'keep ×2', 'keep ×4', 'side by side ×2']);
  expect(of(page, 'block').map(({ text }) => text)).toEqual(['conv 8 3x3', 'relu', 'conv 3 3x3', 'conv 3 3x3', 'conv 3 3x3', 'conv 2 1x1', 'flatten', 'dense 10', 'softmax']);
});

it('shapes stand where they change, those of all copies together', () => {
  const page = drawn('repeat 3 < conv 8; relu; conv 8 same >; pool 2; pool 1; repeat 5 as i < conv 8 same; branch < > < conv 4 1x1 > >');
  const labels = [...of(page, 'label')].sort((a, b) => a.y - b.y).map(({ text }) => text);
  expect(labels).toEqual(['30x30x8, 28x28x8, 26x26x8', '26x26x8', '13x13x8', '13x13x8', '13x13x4', '13x13x12', '2028']);
});

it('iterations that differ stand in one frame, long rows of them are cut', () => {
  const page = drawn('repeat 40 as i < conv (i + 1) 1x1 >; repeat 3 < residual project < conv 32 same > >');
  expect(of(page, 'more').map(({ text, layers }) => [text, layers.length])).toEqual([['… 37 more iterations', 37]]);
  expect(of(page, 'frame').map(({ title, times }) => [title, times])).toEqual([['repeat 40', 1], ['repeat 3', 1], ['repeat', 2]]);
  expect(of(page, 'junction').map(({ text }) => text)).toEqual(['+', '+']);
});

it('deep nesting, many arms and a wide merge stay whole', () => {
  drawn(`${'residual < '.repeat(12)}conv 3 same${' >'.repeat(12)}`);
  drawn(`branch ${Array.from({ length: 20 }, (_, i) => `< conv ${i + 1} 1x1 >`).join(' ')}; branch < > < relu > merge=average`);
  drawn(`branch < branch < > < conv 2 1x1 > > < residual < relu > > < repeat 2 < branch < keep > < keep; keep > > >`);
});

it('20,000 layers are drawn quickly when they fold, and refused when they do not', () => {
  const start = performance.now();
  expect(of(drawn('repeat 9990 < conv 3 same; relu >'), 'block')).toHaveLength(5);
  expect(of(drawn('repeat 9990 as i < conv (i % 7 + 1) 1x1; relu >'), 'block').length).toBeLessThan(20);
  const long = programOf(`input 8x8x3\nclasses 2\nnetwork < ${Array.from({ length: 3000 }, (_, i) => `conv ${(i % 3) + 1} same`).join('\n')}\nflatten; dense classes >`);
  expect(pageOf(long)).toBeNull();
  expect(performance.now() - start).toBeLessThan(20_000);
});
