/** The window formula against its definition: counting the places where a window fits. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { covered, windowOutput, windowShape } from '../../../src/compiler/shape/window.ts';
import { onePixel, throughWindow } from '../../../src/compiler/shape/receptive.ts';

const runs = process.env.CNNC_SOAK ? 5000 : 300;
const size = fc.integer({ min: 1, max: 12 });

it('counts the places of a valid window', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), size, size, fc.integer({ min: 1, max: 4 }), (input, window, stride, dilation) => {
      let places = 0;
      for (let at = 0; at + dilation * (window - 1) < input; at += stride) places++;
      expect(windowOutput(input, window, stride, 'valid', dilation)).toBe(places);
    }),
    { numRuns: runs },
  );
});

it('puts a same window on every stride-th pixel', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), size, size, (input, window, stride) => {
      let places = 0;
      for (let at = 0; at < input; at += stride) places++;
      expect(windowOutput(input, window, stride, 'same')).toBe(places);
    }),
    { numRuns: runs },
  );
});

it.each([
  [{ size: [5, 5], stride: [1, 1], padding: 'valid' }, 4, 1, null],
  [{ size: [5, 5], stride: [1, 1], padding: 'same' }, 4, 1, [4, 1]],
  [{ size: [2, 2], stride: [2, 2], padding: 'valid' }, 5, 4, [2, 2]],
  [{ size: [3, 3], stride: [1, 1], padding: 'valid', dilation: [2, 2] }, 5, 4, null],
] as const)('%j over %ix%i', (args, height, width, expected) => {
  expect(windowShape(height, width, args)).toEqual(expected);
});

it('knows how much of the picture is seen', () => {
  expect(covered(3, 2)).toBe(5);
  const conv = { size: [5, 5], stride: [1, 1], padding: 'valid' } as const;
  const pool = { size: [2, 2], stride: [2, 2], padding: 'valid' } as const;
  expect(throughWindow(throughWindow(throughWindow(onePixel, conv), pool), conv)).toEqual({ size: [14, 14], jump: [2, 2] });
});
