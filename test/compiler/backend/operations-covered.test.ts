/** No operation is without a comparison: both engines' tests go through `cases`, which must hold every operation, and really use it. */
import { describe, expect, it } from 'vitest';
import { binaryFunctions, comparisons } from '../../../src/compiler/graph/ops/binary.ts';
import { operations } from '../../../src/compiler/graph/ops/table.ts';
import { unaryDerivatives, unaryFunctions } from '../../../src/compiler/graph/ops/unary.ts';
import { reachable } from '../../../src/compiler/graph/rewrite/reachable.ts';
import type { OpName } from '../../../src/compiler/graph/types.ts';
import { cases, feeder } from './tensorflow/cases.ts';

const names = Object.keys(operations) as OpName[];

it('every operation has a case, and nothing else has', () => expect(Object.keys(cases).sort()).toEqual([...names].sort()));

describe('the case of', () => {
  it.each(names)('%s is about it', (op) => expect(new Set(reachable(cases[op](feeder(7))).map((node) => node.op))).toContain(op));
});

/** Operations that are several functions. */
const functions: { readonly [K in OpName]?: readonly string[] } = {
  unary: Object.keys(unaryFunctions), unaryGrad: Object.keys(unaryDerivatives), binary: Object.keys(binaryFunctions), compare: Object.keys(comparisons), logical: ['and', 'or'], reduce: ['sum', 'mean', 'max'],
};

describe('each function of', () => {
  it.each(Object.entries(functions) as [OpName, readonly string[]][])('%s is compared', (op, all) => {
    const nodes = reachable(cases[op](feeder(7))).filter((node) => node.op === op);
    expect(all.filter((fn) => !nodes.some(({ attrs }) => 'fn' in attrs && attrs.fn === fn))).toEqual([]);
  });
});
