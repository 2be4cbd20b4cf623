/** Changes of colour beside Keras's, PIL's and SciPy's (scripts/goldens/colours.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builder } from '../../../src/compiler/graph/build.ts';
import { changeColours } from '../../../src/compiler/graph/colours.ts';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { BATCH } from '../../../src/compiler/graph/types.ts';
import { colourWidth, noAugment } from '../../../src/compiler/model/program.ts';
import type { ColourStep, ColourWord } from '../../../src/compiler/model/program.ts';

interface Golden {
  readonly kind: Exclude<ColourWord, 'noise'>;
  readonly numbers: readonly number[];
  readonly tolerance: number;
  readonly edge: number;
  readonly out: readonly number[];
}
const { shape, image, cases } = JSON.parse(readFileSync(new URL('../../fixtures/augment/colours.json', import.meta.url), 'utf8')) as { shape: [number, number, number]; image: number[]; cases: Golden[] };
const [height, width] = shape;

const step = (kind: ColourWord): ColourStep => {
  switch (kind) {
    case 'channel_shift':
      return { kind, chance: 1, amount: 1 };
    case 'brightness':
    case 'contrast':
    case 'saturation':
      return { kind, chance: 1, range: [1, 1] };
    case 'hue':
      return { kind, chance: 1, degrees: 1 };
    case 'blur':
      return { kind, chance: 1, sigma: 1 };
    case 'noise':
      return { kind, chance: 1, std: 1 };
    case 'erase':
      return { kind, chance: 1, least: 0, most: 1, value: 99 };
  }
};

/** Each picture with its own numbers. */
function changed(colours: readonly ColourStep[], pictures: readonly (readonly number[])[], numbers: readonly (readonly number[])[], seed = 1): number[][] {
  const g = builder();
  const augment = { ...noAugment, colours };
  const x = g.input('x', { dtype: 'float32', shape: [BATCH, ...shape] });
  const given = g.input('colours', { dtype: 'float32', shape: [BATCH, colourWidth(augment)] });
  const [key, at] = [g.input('key', { dtype: 'int32', shape: [2] }), g.input('step', { dtype: 'int32', shape: [] })];
  const out = changeColours(g, x, given, augment, { key, step: at, second: false });
  const feeds = { x: ndarray([pictures.length, ...shape], pictures.flat()), colours: ndarray([numbers.length, numbers[0].length], numbers.flat()), key: ndarray([2], [seed, 0], 'int32'), step: ndarray([], [3], 'int32') };
  const { data } = interpret([out], feeds)[0];
  return pictures.map((_, n) => Array.from(data.slice(n * image.length, (n + 1) * image.length)));
}

/** The blur as a number of the graph: see `lerpOf`. */
const asGiven = ({ kind, numbers }: Golden): readonly number[] => {
  if (kind !== 'blur') return numbers;
  const side = Math.exp(-1 / (2 * numbers[0] * numbers[0]));
  return [(3 * side) / (1 + 2 * side)];
};

it.each(cases.map((golden, i) => [`${i}: ${golden.kind} ${golden.numbers.map((n) => n.toFixed(2)).join(' ')}`, golden] as const))('as the goldens, %s', (_, golden) => {
  const neutral: Readonly<Record<Golden['kind'], readonly number[]>> = { channel_shift: [0], brightness: [1], contrast: [1], saturation: [1], hue: [1, 0], blur: [0], erase: [0, 0, 0, 0] };
  const [out, same] = changed([step(golden.kind)], [image, image], [asGiven(golden), neutral[golden.kind]]);
  golden.out.forEach((want, i) => {
    const [y, x] = [Math.floor(i / (3 * width)), Math.floor(i / 3) % width];
    const inside = y >= golden.edge && y < height - golden.edge && x >= golden.edge && x < width - golden.edge;
    if (inside) expect(Math.abs(out[i] - want), `at ${y}, ${x}`).toBeLessThanOrEqual(golden.tolerance);
  });
  same.forEach((value, i) => expect(value).toBeCloseTo(image[i], 9));
});

describe('noise', () => {
  it('is normal, another for each number, and none where the deviation is 0', () => {
    const gray = image.map(() => 128);
    const [some, none, other] = changed([step('noise')], [gray, gray, gray], [[20], [0], [20]]);
    expect(none).toEqual(gray);
    expect(other).not.toEqual(some);
    const n = some.length;
    const mean = some.reduce((a, b) => a + b, 0) / n;
    expect(Math.abs(mean - 128)).toBeLessThan(4);
    expect(Math.sqrt(some.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n)).toBeCloseTo(20, -1);
    expect(changed([step('noise')], [gray], [[20]], 2)[0]).not.toEqual(changed([step('noise')], [gray], [[20]], 1)[0]);
  });
});

it('several steps are made in the order they stand, each with its own numbers, and stay in 0..255', () => {
  const steps = [step('brightness'), step('hue'), step('erase')];
  const [out] = changed(steps, [image], [[3, Math.cos(2), Math.sin(2), 0, 2, 0, 2]]);
  const [bright] = changed([steps[0]], [image], [[3]]);
  const [hued] = changed([steps[1]], [bright], [[Math.cos(2), Math.sin(2)]]);
  const [erased] = changed([steps[2]], [hued], [[0, 2, 0, 2]]);
  out.forEach((v, i) => expect(v).toBeCloseTo(erased[i], 9));
  expect(Math.min(...out)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...out)).toBeLessThanOrEqual(255);
  expect(out[0]).toBe(99);
});
