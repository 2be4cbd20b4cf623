import { expect, it } from 'vitest';
import { bytes, clock, count, fixed, large, plural, short } from '../../../src/runtime/report/numbers.ts';

it.each([
  [short(0.4123), '.412'], [short(-0.5), '-.5'], [short(12.345), '12.3'], [short(1234.6), '1235'], [short(0), '0'], [short(1e30), '1e30'], [short(2.5e-7), '2.5e-7'], [short(NaN), 'NaN'], [short(-Infinity), '-infinite'], [short(0.001), '.001'],
  [fixed(0.5), '.500'], [fixed(1), '1.000'], [fixed(12.3456, 2), '12.35'],
  [count(3670), '3,670'], [large(197e6), '197 M'], [large(12), '12'], [bytes(240e6), '240 MB'], [clock(8.4), '0:08'], [clock(3700), '1:01:40'], [plural(1, 'picture'), '1 picture'], [plural(2000, 'picture'), '2,000 pictures'],
])('%s', (actual, expected) => {
  expect(actual).toBe(expected);
});
