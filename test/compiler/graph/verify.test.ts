import { describe, expect, it } from 'vitest';
import { builder } from '../../../src/compiler/graph/build.ts';
import { interpretFunction } from '../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { printFunction } from '../../../src/compiler/graph/print.ts';
import type { GraphFunction, GraphVariable, Operation, TrainingGraph } from '../../../src/compiler/graph/types.ts';
import { BATCH } from '../../../src/compiler/graph/types.ts';
import { verifyFunction, verifyGraph, verifyValues } from '../../../src/compiler/graph/verify.ts';

const float = (...shape: number[]) => ({ dtype: 'float32', shape }) as const;
const weight: GraphVariable = { name: 'w', type: float(2), role: 'weight' };
const variables = new Map([['w', weight]]);

function example() {
  const g = builder();
  const x = g.input('x', float(BATCH, 2));
  const lr = g.input('lr', float());
  const w = g.variable('w', float(2));
  const y = g.mul(x, w);
  const next = g.sgdUpdate(w, g.reduce('sum', x, [0]), lr);
  const fn: GraphFunction = { name: 'train', inputs: [x, lr], outputs: { y }, updates: [{ variable: 'w', value: next }] };
  return { g, x, lr, w, y, fn };
}

it('runs a function on the old variables, and gives the new ones', () => {
  const { fn } = example();
  const before = new Map([['w', ndarray([2], [1, 2])]]);
  const { outputs, updates } = interpretFunction(fn, { x: ndarray([2, 2], [1, 2, 3, 4]), lr: ndarray([], [0.5]) }, before);
  expect([...outputs.y.data]).toEqual([1, 4, 3, 8]);
  expect([...updates.get('w')!.data]).toEqual([-1, -1]);
  expect([...before.get('w')!.data]).toEqual([1, 2]);
});

it('prints a function', () => {
  expect(printFunction(example().fn)).toMatch(/^train\(x: float32\[N,2\], lr: float32\[\]\)\n%0 .*\ny = %\d\nw' = %\d\n$/s);
});

describe('a sound graph passes', () => {
  const { fn } = example();
  it('function', () => verifyFunction(fn, variables));
  it('graph', () => {
    const graph: TrainingGraph = { variables: [weight], train: fn, evaluate: { ...fn, name: 'evaluate', updates: [] }, predict: { ...fn, name: 'predict', updates: [] } };
    verifyGraph(graph);
    expect(() => verifyGraph({ ...graph, variables: [weight, weight] })).toThrow(/one name/);
    expect(() => verifyGraph({ ...graph, variables: [] })).toThrow(/not declared/);
  });
});

describe('a broken one does not', () => {
  const { fn, g, x, y, w } = example();
  const broken: [string, GraphFunction, RegExp][] = [
    ['an input that is not listed', { ...fn, inputs: [x] }, /does not list/],
    ['an input that is none', { ...fn, inputs: [...fn.inputs, y] }, /is a binary/],
    ['one name twice', { ...fn, inputs: [...fn.inputs, g.input('x', float())] }, /one name/],
    ['an update twice', { ...fn, updates: [...fn.updates, ...fn.updates] }, /twice/],
    ['an update of another type', { ...fn, updates: [{ variable: 'w', value: y }] }, /float32\[N,2\] for the variable w/],
    ['an update of nothing', { ...fn, updates: [{ variable: 'v', value: w }] }, /not declared/],
  ];
  it.each(broken)('%s', (_, wrong, message) => expect(() => verifyFunction(wrong, variables)).toThrow(message));

  const forged = (change: Partial<Operation>) => {
    const outputs = y.node.outputs.map((output) => ({ ...output }));
    const node = { ...y.node, outputs, ...change };
    for (const output of outputs) Object.assign(output, { node });
    return outputs[0];
  };
  it('types that do not follow', () => {
    const value = forged({ op: 'matmul', attrs: { transposeA: false, transposeB: false } });
    expect(() => verifyValues([value])).toThrow(/matmul does not take/);
  });
  it('outputs of another type', () => {
    const value = forged({});
    Object.assign(value, { shape: [BATCH, 3] });
    expect(() => verifyValues([value])).toThrow(/not \(float32\[N,2\]\)/);
  });
  it('a value that its operation does not know', () => expect(() => verifyValues([{ ...y }])).toThrow(/not output 0/));
  it('two graphs in one', () => expect(() => verifyValues([y, example().y])).toThrow(/two graphs/));
});
