/** `precision mixed_bfloat16` in the graph: rounding, the gradient of a cast, and what has which type. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { gradients } from '../../../src/compiler/graph/autodiff.ts';
import { bfloat16Bits, toBfloat16 } from '../../../src/compiler/graph/bfloat16.ts';
import { builder } from '../../../src/compiler/graph/build.ts';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { buildGradients, buildTraining } from '../../../src/compiler/graph/training.ts';
import { reachable } from '../../../src/compiler/graph/rewrite/reachable.ts';
import type { Operation } from '../../../src/compiler/graph/types.ts';
import { verifyGraph } from '../../../src/compiler/graph/verify.ts';

describe('rounding to bfloat16', () => {
  // 1 + 2⁻⁷ is the next after 1; the half of that goes to the even one.
  it.each([
    [1, 1], [1 + 2 ** -8, 1], [1 + 2 ** -8 + 2 ** -20, 1 + 2 ** -7], [1 + 3 * 2 ** -8, 1 + 2 ** -6], [-(1 + 2 ** -8), -1], [0.1, 0.10009765625], [256.5, 256], [257, 256], [259, 260],
    [1e-45, 0],
  ])('%d is %d', (x, wanted) => expect(toBfloat16(x)).toBe(wanted));

  it('keeps signs of zero, infinities and NaN', () => {
    expect(Object.is(toBfloat16(-0), -0)).toBe(true);
    expect([toBfloat16(Infinity), toBfloat16(-Infinity), toBfloat16(3.4e38), toBfloat16(NaN), bfloat16Bits(-NaN)]).toEqual([Infinity, -Infinity, Infinity, NaN, 0x7fc0]);
  });

  it('takes the nearest, and what is one already', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true, max: Math.fround(3e38), min: Math.fround(-3e38) }), (x) => {
        const y = toBfloat16(x);
        expect(toBfloat16(y)).toBe(y);
        expect(Math.abs(y - x)).toBeLessThanOrEqual(Math.max(Math.abs(x) * 2 ** -8, 2 ** -134));
      }),
    );
  });
});

it('a cast gives its gradient back in the type of what was cast', () => {
  const g = builder();
  const w = g.variable('w', { dtype: 'float32', shape: [3] });
  const x = g.input('x', { dtype: 'float32', shape: [3] });
  const y = g.mul(g.cast(w, 'bfloat16'), g.cast(x, 'bfloat16'));
  const loss = g.reduce('sum', g.unary('square', g.cast(y, 'float32')), [0]);
  const [dw] = gradients(g, loss, [w]);
  expect(dw.dtype).toBe('float32');
  const [a, b] = [[0.1, 2, -3], [1.7, 0.3, 1.01]];
  const [got] = interpret([dw], { x: ndarray([3], b) }, new Map([['w', ndarray([3], a)]]));
  const r = toBfloat16;
  // y = r(r(w)·r(x)); its gradient 2y crosses the cast, is rounded, and so is its product with x.
  expect([...got.data]).toEqual(a.map((v, i) => r(r(2 * r(r(v) * r(b[i]))) * r(b[i]))));
});

it('a constant has the type of what it meets', () => {
  const g = builder();
  const x = g.cast(g.input('x', { dtype: 'float32', shape: [2] }), 'bfloat16');
  expect([g.mul(x, g.scalar(0.3)), g.sub(g.scalar(1), x), g.select(g.compare('less', x, g.scalar(0)), x, g.scalar(0)), g.broadcastLike(g.scalar(0), x)].map(({ dtype }) => dtype)).toEqual(Array(4).fill('bfloat16'));
  expect(() => g.mul(x, g.input('y', { dtype: 'float32', shape: [2] }))).toThrow(/does not take/);
});

const facts = { labelKind: 'sparse', classes: ['a', 'b', 'c'], sampleShape: [8, 8, 3], pixelType: 'uint8', count: 9, perClass: [3, 3, 3], parts: { test: false, validation: false } } as const;
const program = compile(
  `data { synthetic shapes count=9 classes=3; image 8x8 rgb }
network < conv 4 3x3 kernel_regularizer=l2(.01) activity_regularizer=l1(.01); batch_norm; relu; layer_norm; pool 2; dropout .5; flatten; dense classes; softmax >
compile { optimizer adam clipnorm=1; precision mixed_bfloat16 }
`,
  { path: 'mixed.cnn', facts },
).program!;

describe('a network in mixed_bfloat16', () => {
  const graph = buildTraining(program);
  const nodes = reachable([...Object.values(graph.train.outputs), ...graph.train.updates.map(({ value }) => value)]);
  const typesOf = (op: Operation['op'], label: string): readonly string[] => nodes.filter((node) => node.op === op && node.label.startsWith(label)).flatMap(({ outputs }) => outputs.map(({ dtype }) => dtype));

  it('is a right graph, whose variables, updates and results are float32', () => {
    verifyGraph(graph);
    for (const { type } of graph.variables) expect(type.dtype).toBe('float32');
    for (const fn of [graph.train, graph.evaluate, graph.predict]) {
      expect(Object.values(fn.outputs).every(({ dtype }) => dtype === 'float32')).toBe(true);
      expect(fn.updates.every(({ value }) => value.dtype === 'float32')).toBe(true);
    }
    for (const gradient of Object.values(buildGradients(program).outputs)) expect(gradient.dtype).toBe('float32');
  });

  it('computes layers in bfloat16, and in float32 what needs it', () => {
    expect(typesOf('conv2d', 'conv_1')).toEqual(['bfloat16']);
    expect(typesOf('matmul', 'dense_1')).toEqual(['bfloat16']);
    expect(typesOf('conv2dFilterGrad', 'gradient')).toEqual(['bfloat16']);
    expect(typesOf('batchNormTrain', 'batch_norm_1')).toEqual(['bfloat16', 'float32', 'float32']);
    expect(new Set(typesOf('reduce', 'layer_norm_1'))).toEqual(new Set(['float32']));
    expect(new Set([...typesOf('reduce', 'conv_1'), ...typesOf('unary', 'penalty')])).toEqual(new Set(['float32']));
    expect(new Set(typesOf('sparseSoftmaxCrossEntropy', ''))).toEqual(new Set(['float32']));
    expect(nodes.filter(({ op }) => op === 'adamUpdate').every(({ inputs }) => inputs.every(({ dtype }) => dtype === 'float32'))).toBe(true);
  });

  it('has no bfloat16 without the word', () => {
    const plain = buildTraining({ ...program, compile: { ...program.compile, precision: 'float32' } });
    expect(reachable(Object.values(plain.train.outputs)).some(({ outputs }) => outputs.some(({ dtype }) => dtype === 'bfloat16'))).toBe(false);
  });
});
