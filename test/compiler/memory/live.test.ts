/** The walk over a step's tensors, and onnxruntime's arena. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arena } from '../../../src/compiler/memory/arena.ts';
import { exact, peakOf } from '../../../src/compiler/memory/live.ts';
import type { Step } from '../../../src/compiler/memory/live.ts';

const step = (reads: string, makes: string, bytes = 10, more: Partial<Step<string>> = {}): Step<string> => ({
  reads: [...reads], makes: [...makes].map((key) => ({ key, bytes })), scratch: 0, isView: false, mayOverwrite: false, ...more,
});

describe('a step', () => {
  it.each<[string, readonly Step<string>[], string, number]>([
    ['a chain holds two at a time', [step('', 'a'), step('a', 'b'), step('b', 'c')], '', 20],
    ['what is read later stays', [step('', 'a'), step('a', 'b'), step('b', 'c'), step('ac', 'd')], '', 30],
    ['what is kept stays', [step('', 'a'), step('a', 'b'), step('b', 'c')], 'a', 30],
    ['nobody reads it: it is there for a moment', [step('', 'a'), step('', 'b')], '', 10],
    ['scratch counts while it is needed', [step('', 'a'), step('a', 'b', 10, { scratch: 7 }), step('b', 'c')], '', 27],
    ['over its input', [step('', 'a'), step('a', 'b', 10, { mayOverwrite: true })], '', 10],
    ['not over an input of another size', [step('', 'a'), step('a', 'b', 5, { mayOverwrite: true })], '', 15],
    ['not over one that is read again', [step('', 'a'), step('a', 'b', 10, { mayOverwrite: true }), step('ab', 'c', 1)], '', 21],
    ['a view takes nothing and keeps its source', [step('', 'a'), step('a', 'b', 10, { isView: true }), step('', 'c'), step('bc', 'd', 1)], '', 21],
    ['read twice by one', [step('', 'a'), step('aa', 'b'), step('b', 'c')], '', 20],
  ])('%s', (_, steps, kept, bytes) => expect(peakOf(steps, kept, exact())).toBe(bytes));
});

describe('the arena', () => {
  const MB = 2 ** 20;
  it('grows by powers of two and counts what was touched', () => {
    const { take, give, held } = arena();
    const a = take(3 * MB);
    expect(held()).toBe(3 * MB);
    give(a);
    take(1.5 * MB);
    expect(held()).toBe(3 * MB);
    take(5 * MB);
    expect(held()).toBe(8 * MB);
  });

  it('uses what was given back, joined with its neighbours', () => {
    const { take, give, held } = arena();
    const places = [1, 1, 1, 1].map(() => take(256 * 1024));
    places.forEach(give);
    take(MB);
    expect(held()).toBe(MB);
  });

  it('never holds less than is in use', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 4 * MB }), fc.boolean()), { maxLength: 60 }), (wishes) => {
        const { take, give, held } = arena();
        const out: { readonly place: ReturnType<typeof take>; readonly bytes: number }[] = [];
        for (const [bytes, back] of wishes) {
          if (back && out.length > 0) give(out.splice(bytes % out.length, 1)[0].place);
          else out.push({ place: take(bytes), bytes });
          expect(held()).toBeGreaterThanOrEqual(out.reduce((sum, one) => sum + one.bytes, 0));
        }
      }),
      { numRuns: process.env.CNNC_SOAK ? 5000 : 100 },
    );
  });
});
