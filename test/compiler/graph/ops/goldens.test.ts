/** The meaning of every operation against TensorFlow's kernels and Keras's optimizers (scripts/goldens/ops.py). */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { builder } from '../../../../src/compiler/graph/build.ts';
import { interpret } from '../../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../../src/compiler/graph/ndarray.ts';
import { operations } from '../../../../src/compiler/graph/ops/table.ts';
import type { Attrs, DType, OpName } from '../../../../src/compiler/graph/types.ts';

interface GoldenArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Numbers; NaN and the infinities as text. */
  readonly data: readonly (number | string)[];
}

interface Golden {
  readonly name: string;
  readonly op: OpName;
  readonly attrs: Attrs<OpName>;
  readonly inputs: readonly GoldenArray[];
  readonly outputs: readonly GoldenArray[];
}

const goldens = JSON.parse(readFileSync(new URL('../../../fixtures/goldens/ops.json', import.meta.url), 'utf8')) as readonly Golden[];
const numbers = (data: GoldenArray['data']): number[] => data.map((v) => (typeof v === 'number' ? v : v === 'nan' ? NaN : v === 'inf' ? Infinity : -Infinity));

it.each(goldens)('$name', ({ op, attrs, inputs, outputs }) => {
  const g = builder();
  const values = inputs.map(({ dtype, shape }, i) => g.input(`${i}`, { dtype, shape }));
  const feeds = Object.fromEntries(inputs.map(({ dtype, shape, data }, i) => [`${i}`, ndarray(shape, numbers(data), dtype)]));
  const got = interpret(g.apply(op, values, attrs), feeds);
  expect(got.map(({ dtype, shape }) => ({ dtype, shape }))).toEqual(outputs.map(({ dtype, shape }) => ({ dtype, shape })));
  outputs.forEach((want, o) => {
    const expected = numbers(want.data);
    // TensorFlow's numbers are float32 in most cases.
    got[o].data.forEach((v, i) => {
      const equal = v === expected[i] || Math.abs(v - expected[i]) < 2e-6 * Math.max(1, Math.abs(expected[i]));
      expect(equal, `output ${o}, element ${i}: ${v} for ${expected[i]}`).toBe(true);
    });
  });
});

it('covers every operation that computes', () => {
  const covered = new Set(goldens.map(({ op }) => op));
  expect(Object.keys(operations).filter((op) => !covered.has(op as OpName))).toEqual(['input', 'variable', 'constant', 'stopGradient']);
});
