/**
 * Makes graphs. Every constructor infers its types and throws an internal error on misuse (a bug of the compiler).
 * Operations are pure, so an operation made twice with equal inputs and attributes is the same operation.
 */
import { fail, sameShape, showType } from './ops/definition.ts';
import { operations } from './ops/table.ts';
import { isFloat } from './types.ts';
import type {
  Attrs, BinaryFunction, CompareFunction, ConvAttrs, DType, GradFunction, Operation, OpName, Sides, TensorType, UnaryFunction, Value, WindowAttrs,
} from './types.ts';

type Apply = <K extends OpName>(op: K, inputs: readonly Value[], attrs: Attrs<K>, label?: string) => readonly Value[];

export type Builder = ReturnType<typeof builder>;

/** A new, empty graph. Nodes are in topological order: inputs come before their users. */
export function builder() {
  const nodes: Operation[] = [];
  const known = new Map<string, Operation>();
  const scopes: string[] = [];

  const apply: Apply = (op, inputs, attrs, label) => {
    for (const value of inputs) if (nodes[value.node.id] !== value.node) fail(`${op} takes a value of another graph (${value.node.label})`);
    const key = `${op}(${inputs.map((v) => `${v.node.id}:${v.index}`)})${attrsKey(attrs)}`;
    const found = known.get(key);
    if (found) return found.outputs;
    const types = operations[op].infer(inputs, attrs);
    const outputs: Value[] = [];
    const node = { id: nodes.length, op, inputs, attrs, outputs, label: [...scopes, label ?? op].join('/') } as Operation<typeof op>;
    types.forEach((type, index) => outputs.push({ dtype: type.dtype, shape: type.shape, node: node as Operation, index }));
    nodes.push(node as Operation);
    known.set(key, node as Operation);
    return outputs;
  };

  /** Operations made in `body` have `label/` before their own label. */
  const scoped = <T>(label: string, body: () => T): T => {
    scopes.push(label);
    try {
      return body();
    } finally {
      scopes.pop();
    }
  };

  return { nodes: nodes as readonly Operation[], apply, scoped, ...constructors(apply) };
}

/** Equal attributes give equal keys; JSON alone would confuse NaN, the infinities and −0. */
const attrsKey = (attrs: object): string =>
  JSON.stringify(attrs, (_, v: unknown) => (typeof v === 'number' && (!Number.isFinite(v) || Object.is(v, -0)) ? `#${Object.is(v, -0) ? '-0' : v}` : v));

/** One typed constructor per operation. `label` is for humans. Forms that change nothing give back their input. */
function constructors(apply: Apply) {
  const one: <K extends OpName>(op: K, inputs: readonly Value[], attrs: Attrs<K>, label?: string) => Value = (op, inputs, attrs, label) => apply(op, inputs, attrs, label)[0];
  const binary = (fn: BinaryFunction, a: Value, b: Value, label?: string): Value => one('binary', together(a, b), { fn }, label ?? fn);
  const constant = (values: readonly number[], shape: readonly number[], dtype: DType = 'float32', label?: string): Value =>
    one('constant', [], { type: { dtype, shape }, values }, label);
  /** A constant has the type of what it meets, as a number written in code: x · 0.5 is bfloat16 where x is. */
  const as = (dtype: DType, x: Value): Value => {
    if (x.node.op !== 'constant' || x.dtype === dtype || !isFloat(x.dtype) || !isFloat(dtype)) return x;
    const { type, values } = x.node.attrs as Attrs<'constant'>;
    return constant(values, type.shape, dtype);
  };
  const together = (a: Value, b: Value): [Value, Value] => {
    const first = as(b.dtype, a);
    return [first, as(first.dtype, b)];
  };

  return {
    input: (name: string, type: TensorType): Value => one('input', [], { name, type: plain(type) }, name),
    variable: (name: string, type: TensorType): Value => one('variable', [], { name, type: plain(type) }, name),
    constant,
    scalar: (value: number, dtype: DType = 'float32'): Value => constant([value], [], dtype),

    unary: (fn: UnaryFunction, x: Value, label?: string): Value => one('unary', [x], { fn }, label ?? fn),
    unaryGrad: (fn: GradFunction, dy: Value, t: Value, label?: string): Value => one('unaryGrad', [dy, t], { fn }, label ?? `${fn}Grad`),
    leakyRelu: (x: Value, slope: number, label?: string): Value => one('leakyRelu', [x], { slope }, label),
    leakyReluGrad: (dy: Value, x: Value, slope: number, label?: string): Value => one('leakyReluGrad', [dy, x], { slope }, label),
    binary,
    add: (a: Value, b: Value, label?: string): Value => binary('add', a, b, label),
    sub: (a: Value, b: Value, label?: string): Value => binary('sub', a, b, label),
    mul: (a: Value, b: Value, label?: string): Value => binary('mul', a, b, label),
    div: (a: Value, b: Value, label?: string): Value => binary('div', a, b, label),
    maximum: (a: Value, b: Value, label?: string): Value => binary('maximum', a, b, label),
    minimum: (a: Value, b: Value, label?: string): Value => binary('minimum', a, b, label),
    pow: (a: Value, b: Value, label?: string): Value => binary('pow', a, b, label),
    squaredDifference: (a: Value, b: Value, label?: string): Value => binary('squaredDifference', a, b, label),
    compare: (fn: CompareFunction, a: Value, b: Value, label?: string): Value => one('compare', together(a, b), { fn }, label ?? fn),
    logical: (fn: 'and' | 'or', a: Value, b: Value, label?: string): Value => one('logical', [a, b], { fn }, label ?? fn),
    /** a where condition else b; a and b broadcast to the condition's shape. */
    select: (condition: Value, a: Value, b: Value, label?: string): Value => one('select', [condition, ...together(a, b)], {}, label),
    cast: (x: Value, to: DType, label?: string): Value => (x.dtype === to ? x : one('cast', [x], { to }, label)),
    stopGradient: (x: Value, label?: string): Value => one('stopGradient', [x], {}, label),

    reshape: (x: Value, shape: readonly number[], label?: string): Value => (sameShape(x.shape, shape) ? x : one('reshape', [x], { shape }, label)),
    transpose: (x: Value, perm: readonly number[], label?: string): Value => (perm.every((p, i) => p === i) ? x : one('transpose', [x], { perm }, label)),
    concat: (values: readonly Value[], label?: string): Value => (values.length === 1 ? values[0] : one('concat', values, {}, label)),
    slice: (x: Value, start: number, size: number, label?: string): Value => (size === x.shape[x.shape.length - 1] ? x : one('slice', [x], { start, size }, label)),
    sumToShape: (x: Value, like: Value, label?: string): Value => (sameShape(x.shape, like.shape) ? x : one('sumToShape', [x, like], {}, label)),
    broadcastLike: (x: Value, like: Value, label?: string): Value => (sameShape(x.shape, like.shape) ? x : one('broadcastLike', [as(like.dtype, x), like], {}, label)),
    reduce: (fn: 'sum' | 'mean' | 'max', x: Value, axes: readonly number[], keepDims = false, label?: string): Value =>
      axes.length === 0 ? x : one('reduce', [x], { fn, axes, keepDims }, label ?? fn),
    batchSize: (x: Value, label?: string): Value => one('batchSize', [x], {}, label),
    argMax: (x: Value, label?: string): Value => one('argMax', [x], {}, label),
    inTopK: (predictions: Value, targets: Value, k: number, label?: string): Value => one('inTopK', [predictions, targets], { k }, label),
    oneHot: (indices: Value, depth: number, label?: string): Value => one('oneHot', [indices], { depth }, label),

    matmul: (a: Value, b: Value, { transposeA = false, transposeB = false } = {}, label?: string): Value => one('matmul', [a, b], { transposeA, transposeB }, label),
    biasAdd: (x: Value, bias: Value, label?: string): Value => one('biasAdd', [x, bias], {}, label),
    biasAddGrad: (dy: Value, label?: string): Value => one('biasAddGrad', [dy], {}, label),
    conv2d: (x: Value, w: Value, attrs: ConvAttrs, label?: string): Value => one('conv2d', [x, w], attrs, label),
    conv2dInputGrad: (dy: Value, w: Value, xLike: Value, attrs: ConvAttrs, label?: string): Value => one('conv2dInputGrad', [dy, w, xLike], attrs, label),
    conv2dFilterGrad: (x: Value, dy: Value, attrs: Attrs<'conv2dFilterGrad'>, label?: string): Value => one('conv2dFilterGrad', [x, dy], attrs, label),
    conv2dTranspose: (x: Value, w: Value, attrs: Attrs<'conv2dTranspose'>, label?: string): Value => one('conv2dTranspose', [x, w], attrs, label),
    depthwiseConv2d: (x: Value, w: Value, attrs: ConvAttrs, label?: string): Value => one('depthwiseConv2d', [x, w], attrs, label),
    depthwiseInputGrad: (dy: Value, w: Value, xLike: Value, attrs: ConvAttrs, label?: string): Value => one('depthwiseInputGrad', [dy, w, xLike], attrs, label),
    depthwiseFilterGrad: (x: Value, dy: Value, attrs: Attrs<'depthwiseFilterGrad'>, label?: string): Value => one('depthwiseFilterGrad', [x, dy], attrs, label),
    pad: (x: Value, sides: Sides, label?: string): Value => (sides.every((n) => n === 0) ? x : one('pad', [x], { sides }, label)),
    crop: (x: Value, sides: Sides, label?: string): Value => (sides.every((n) => n === 0) ? x : one('crop', [x], { sides }, label)),
    upsampleBilinear: (x: Value, size: readonly [number, number], label?: string): Value => one('upsampleBilinear', [x], { size }, label),
    upsampleBilinearGrad: (dy: Value, size: readonly [number, number], label?: string): Value => one('upsampleBilinearGrad', [dy], { size }, label),
    maxPool: (x: Value, attrs: WindowAttrs, label?: string): Value => one('maxPool', [x], attrs, label),
    maxPoolGrad: (x: Value, y: Value, dy: Value, attrs: WindowAttrs, label?: string): Value => one('maxPoolGrad', [x, y, dy], attrs, label),
    avgPool: (x: Value, attrs: WindowAttrs, label?: string): Value => one('avgPool', [x], attrs, label),
    avgPoolGrad: (dy: Value, xLike: Value, attrs: WindowAttrs, label?: string): Value => one('avgPoolGrad', [dy, xLike], attrs, label),
    batchNormTrain(x: Value, gamma: Value, beta: Value, epsilon: number, label?: string): { y: Value; mean: Value; variance: Value } {
      const [y, mean, variance] = apply('batchNormTrain', [x, gamma, beta], { epsilon }, label);
      return { y, mean, variance };
    },
    batchNormTrainGrad(dy: Value, x: Value, gamma: Value, mean: Value, variance: Value, epsilon: number, label?: string): { dx: Value; dgamma: Value; dbeta: Value } {
      const [dx, dgamma, dbeta] = apply('batchNormTrainGrad', [dy, x, gamma, mean, variance], { epsilon }, label);
      return { dx, dgamma, dbeta };
    },
    batchNormInference: (x: Value, gamma: Value, beta: Value, mean: Value, variance: Value, epsilon: number, label?: string): Value =>
      one('batchNormInference', [x, gamma, beta, mean, variance], { epsilon }, label),

    softmax: (x: Value, label?: string): Value => one('softmax', [x], {}, label),
    logSoftmax: (x: Value, label?: string): Value => one('logSoftmax', [x], {}, label),
    softmaxCrossEntropy: (logits: Value, targets: Value, label?: string): Value => one('softmaxCrossEntropy', [logits, targets], {}, label),
    sparseSoftmaxCrossEntropy: (logits: Value, labels: Value, label?: string): Value => one('sparseSoftmaxCrossEntropy', [logits, labels], {}, label),

    dropoutMask: (key: Value, step: Value, like: Value, attrs: Attrs<'dropoutMask'>, label?: string): Value => one('dropoutMask', [key, step, like], attrs, label),
    uniform: (key: Value, step: Value, like: Value, stream: number, label?: string): Value => one('uniform', [key, step, like], { stream }, label),
    applyMask: (x: Value, mask: Value, keep: number, label?: string): Value => one('applyMask', [x, mask], { keep }, label),
    warp: (images: Value, transforms: Value, attrs: Attrs<'warp'>, label?: string): Value => one('warp', [images, transforms], attrs, label),

    adamUpdate(w: Value, m: Value, v: Value, gradient: Value, rate: Value, step: Value, attrs: Attrs<'adamUpdate'>, label?: string): [w: Value, m: Value, v: Value] {
      const [w1, m1, v1] = apply('adamUpdate', [w, m, v, gradient, rate, step], attrs, label);
      return [w1, m1, v1];
    },
    sgdUpdate: (w: Value, gradient: Value, rate: Value, label?: string): Value => one('sgdUpdate', [w, gradient, rate], {}, label),
    momentumUpdate(w: Value, m: Value, gradient: Value, rate: Value, attrs: Attrs<'momentumUpdate'>, label?: string): [w: Value, m: Value] {
      const [w1, m1] = apply('momentumUpdate', [w, m, gradient, rate], attrs, label);
      return [w1, m1];
    },
  };
}

/** A type alone, where the caller may have given a Value. */
function plain(type: TensorType): TensorType {
  if (type.shape.indexOf(-1, 1) > 0) fail(`the batch of ${showType(type)} does not stand first`);
  return { dtype: type.dtype, shape: type.shape };
}
