/** The writer refuses nodes that TensorFlow would misread. */
import { describe, expect, it } from 'vitest';
import { tfOps } from '../../../../src/compiler/backend/tensorflow/ops.generated.ts';
import { check, writer } from '../../../../src/compiler/backend/tensorflow/writer.ts';
import type { Ref } from '../../../../src/compiler/backend/tensorflow/writer.ts';

const f: Ref = { name: 'f:0', dtype: 'float32' };
const i: Ref = { name: 'i:0', dtype: 'int32' };
const pool = { ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: 'VALID' };

describe('check', () => {
  it('fills in what the inputs decide', () => {
    const { attr, outputs } = check('Pack', [[i, i, i]], { axis: 0 });
    expect(attr).toEqual({ N: { value: { case: 'i', value: 3n } }, T: { value: { case: 'type', value: 3 } }, axis: { value: { case: 'i', value: 0n } } });
    expect(outputs).toEqual(['int32']);
  });

  it.each([
    ['too few inputs', () => check('AddV2', [f], {}), 'AddV2 takes 2 inputs, not 1'],
    ['types that differ', () => check('AddV2', [f, i], {}), 'got int32 where T is float32'],
    ['a type the kernel has not', () => check('Relu', [{ name: 'b:0', dtype: 'bool' }], {}), 'Relu does not allow T = bool'],
    ['a fixed type', () => check('Conv2DBackpropInput', [f, f, f], { strides: [1, 1, 1, 1], padding: 'SAME' }), 'takes int32 as input 0, not float32'],
    ['a misspelt attribute', () => check('MaxPool', [f], { ...pool, stride: [1] }), 'MaxPool has no attribute stride'],
    ['an attribute left out', () => check('MaxPool', [f], { ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1] }), 'MaxPool needs the attribute padding'],
    ['a value not allowed', () => check('MaxPool', [f], { ...pool, padding: 'valid' }), 'does not allow padding = valid'],
    ['a value of another kind', () => check('MaxPool', [f], { ...pool, ksize: 2 }), 'takes list(int) as ksize'],
    ['a fraction for a whole number', () => check('Pack', [[i]], { axis: 0.5 }), 'takes int as axis'],
    ['one tensor for a list', () => check('Pack', [i], {}), 'takes a list as input 0'],
    ['a list for one tensor', () => check('Neg', [[f]], {}), 'takes one tensor as input 0'],
    ['an output type nobody gave', () => check('Cast', [f], {}), 'needs the attribute DstT'],
  ])('refuses %s', (_, bad, message) => expect(bad).toThrow(message));
});

describe('writer', () => {
  it('gives every node its own name, in characters TensorFlow takes', () => {
    const w = writer();
    const names = ['a b', 'a,b', 'a_b', '_a', 'größe', 'x:0'].map((name) => w.one('Const', [], { dtype: 'int32', value: { dtype: 'int32', shape: [], bytes: new Uint8Array(4) } }, { name }).name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name } of w.nodes) expect(name).toMatch(/^[A-Za-z0-9.][A-Za-z0-9_./-]*$/);
  });

  it('writes equal constants once', () => {
    const w = writer();
    expect(w.constant('int32', [1, 2]).name).toBe(w.constant('int32', [1, 2]).name);
    expect(w.constant('int32', 1).name).not.toBe(w.constant('int32', [1]).name);
    expect(w.constant('float32', 0).name).not.toBe(w.constant('float32', -0).name);
    expect(w.nodes.length).toBe(5);
  });
});

it('the table knows attribute kinds that the writer can encode', () => {
  const kinds = new Set(Object.values(tfOps).flatMap((op) => Object.values(op.attrs as Record<string, string>).map((a) => a.replace(/!?( \[.*)?$/, ''))));
  expect([...kinds].sort()).toEqual(expect.arrayContaining(['bool', 'float', 'int', 'list(int)', 'shape', 'string', 'tensor', 'type']));
});
