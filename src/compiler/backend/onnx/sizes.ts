/**
 * Shapes of everything in an ONNX graph that this backend wrote, for a batch that is known: what onnxruntime will hold in memory.
 * ONNX's own shape inference, for the operators that the backend uses (onnx/defs; the blocked ones of onnxruntime are as their plain forms).
 */
import { DataType } from './messages.ts';
import type { AttributeProto, ModelProto, NodeProto, TensorProto } from './messages.ts';

export interface Sized {
  /** ONNX's number of the type of its elements. */
  readonly type: number;
  readonly shape: readonly number[];
  /** The numbers of a small whole-numbered tensor, where they are known: shapes, axes, indices. */
  readonly values?: readonly number[];
}

const WIDTH: Readonly<Record<number, number>> = { [DataType.float32]: 4, [DataType.uint8]: 1, [DataType.int32]: 4, [DataType.int64]: 8, [DataType.bool]: 1 };
export const bytesOf = ({ type, shape }: Sized): number => shape.reduce((product, d) => product * d, WIDTH[type]);

type Rule = (inputs: readonly Sized[], attrs: Attributes, outputs: number) => readonly Sized[];

interface Attributes {
  readonly ints: (name: string) => readonly number[] | null;
  readonly int: (name: string, absent: number) => number;
}

/** By name; `batch` stands for the unknown dimension. Throws an internal error for an operator without a rule. */
export function sizesOf({ graph }: ModelProto, batch: number): ReadonlyMap<string, Sized> {
  const sizes = new Map<string, Sized>();
  for (const { name, type: { tensorType } } of graph.input) {
    sizes.set(name, { type: tensorType.elemType, shape: tensorType.shape.dim.map(({ value }) => (value.case === 'dimParam' ? batch : Number(value.value))) });
  }
  for (const tensor of graph.initializer) sizes.set(tensor.name, constant(tensor));
  for (const node of graph.node) {
    const rule = rules[node.opType];
    if (!rule) throw new Error(`internal error: the size of ${node.opType} is not known`);
    const made = rule(node.input.map((name) => sizes.get(name) ?? nothing), attributesOf(node), node.output.length);
    node.output.forEach((name, i) => sizes.set(name, made[i]));
  }
  return sizes;
}

const nothing: Sized = { type: DataType.float32, shape: [] };

function constant({ dims, dataType, rawData }: TensorProto): Sized {
  const shape = dims.map(Number);
  if (dataType !== DataType.int64 || rawData.length > 1 << 12) return { type: dataType, shape };
  return { type: dataType, shape, values: Array.from(new BigInt64Array(rawData.slice().buffer), Number) };
}

function attributesOf({ attribute }: NodeProto): Attributes {
  const find = (name: string): AttributeProto | undefined => attribute.find((a) => a.name === name);
  return {
    ints: (name) => find(name)?.ints?.map(Number) ?? null,
    int(name, absent) {
      const value = find(name)?.value;
      return value?.case === 'i' ? Number(value.value) : absent;
    },
  };
}

const like = (x: Sized, shape = x.shape, type = x.type): Sized => ({ type, shape });
const same: Rule = ([x]) => [like(x)];
const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function broadcast(shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => Math.max(...shapes.map((shape) => shape[shape.length - rank + i] ?? 1)));
}
const elementwise = (type?: number, of = 0): Rule => (inputs) => [like(inputs[of], broadcast(inputs.map((x) => x.shape)), type ?? inputs[of].type)];

/** What is there of an axis after windows have gone over it. */
const windows: (shape: readonly number[], attrs: Attributes, size: readonly number[]) => readonly number[] = (shape, attrs, size) => {
  const [pads, strides, dilations] = [attrs.ints('pads') ?? [0, 0, 0, 0], attrs.ints('strides') ?? [1, 1], attrs.ints('dilations') ?? [1, 1]];
  return [0, 1].map((a) => Math.floor((shape[2 + a] + pads[a] + pads[2 + a] - ((size[a] - 1) * dilations[a] + 1)) / strides[a]) + 1);
};
const conv: Rule = ([x, w], attrs) => [like(x, [x.shape[0], w.shape[0], ...windows(x.shape, attrs, w.shape.slice(2))])];
const pool: Rule = ([x], attrs, outputs) => {
  const shape = [...x.shape.slice(0, 2), ...windows(x.shape, attrs, attrs.ints('kernel_shape')!)];
  return [like(x, shape), like(x, shape, DataType.int64)].slice(0, outputs);
};
const convTranspose: Rule = ([x, w], attrs) => {
  const [pads, strides, dilations, extra] = [attrs.ints('pads') ?? [0, 0, 0, 0], attrs.ints('strides') ?? [1, 1], attrs.ints('dilations') ?? [1, 1], attrs.ints('output_padding') ?? [0, 0]];
  const along = [0, 1].map((a) => strides[a] * (x.shape[2 + a] - 1) + extra[a] + (w.shape[2 + a] - 1) * dilations[a] + 1 - pads[a] - pads[2 + a]);
  return [like(x, [x.shape[0], w.shape[1] * attrs.int('group', 1), ...along])];
};

const reduce: Rule = ([x, axes], attrs) => {
  const gone = new Set((axes?.values ?? x.shape.map((_, i) => i)).map((axis) => (axis < 0 ? axis + x.shape.length : axis)));
  const kept = attrs.int('keepdims', 1) === 1;
  return [like(x, x.shape.flatMap((d, i) => (gone.has(i) ? (kept ? [1] : []) : [d])))];
};

const reshape: Rule = ([x, to]) => {
  const wanted = to.values!.map((d, i) => (d === 0 ? x.shape[i] : d));
  const rest = product(x.shape) / product(wanted.filter((d) => d !== -1));
  return [{ ...like(x, wanted.map((d) => (d === -1 ? rest : d))), ...(x.values ? { values: x.values } : {}) }];
};

const slice: Rule = ([x, starts, ends, axes, steps]) => {
  const shape = [...x.shape];
  (axes?.values ?? starts.values!.map((_, i) => i)).forEach((given, i) => {
    const axis = given < 0 ? given + shape.length : given;
    const step = steps?.values?.[i] ?? 1;
    const size = shape[axis];
    const place = (at: number): number => (at < 0 ? Math.max(at + size, step < 0 ? -1 : 0) : Math.min(at, step < 0 ? size - 1 : size));
    shape[axis] = Math.max(0, Math.ceil((place(ends.values![i]) - place(starts.values![i])) / step));
  });
  return [like(x, shape)];
};

const gemm: Rule = ([a, b], attrs) => [like(a, [a.shape[attrs.int('transA', 0) === 1 ? 1 : 0], b.shape[attrs.int('transB', 0) === 1 ? 0 : 1]])];
const matmul: Rule = ([a, b]) => [like(a, [...broadcast([a.shape.slice(0, -2), b.shape.slice(0, -2)]), a.shape[a.shape.length - 2], b.shape[b.shape.length - 1]])];

const concat: Rule = (inputs, attrs) => {
  const [x] = inputs;
  const axis = (attrs.int('axis', 0) + x.shape.length) % x.shape.length;
  const joined = like(x, x.shape.map((d, i) => (i === axis ? inputs.reduce((sum, input) => sum + input.shape[i], 0) : d)));
  return [inputs.every((input) => input.values) ? { ...joined, values: inputs.flatMap((input) => input.values!) } : joined];
};
const gather: Rule = ([x, indices], attrs) => {
  const axis = attrs.int('axis', 0);
  const made = like(x, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]);
  return [x.values && indices.values && x.shape.length === 1 ? { ...made, values: indices.values.map((i) => x.values!.at(i)!) } : made];
};
const pad: Rule = ([x, pads]) => [like(x, x.shape.map((d, i) => d + pads.values![i] + pads.values![i + x.shape.length]))];

const rules: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(['Add', 'Div', 'Max', 'Min', 'Mul', 'Pow', 'Sub'].map((op) => [op, elementwise()])),
  ...Object.fromEntries(['And', 'Or', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].map((op) => [op, elementwise(DataType.bool)])),
  ...Object.fromEntries(
    [
      'Abs', 'BatchNormalization', 'Clip', 'Cos', 'Elu', 'Erf', 'Exp', 'Floor', 'Identity', 'LeakyRelu', 'Log', 'LogSoftmax', 'Neg', 'Not', 'Reciprocal', 'Relu', 'ReorderInput', 'ReorderOutput',
      'Selu', 'Sigmoid', 'Sign', 'Sin', 'Softmax', 'Softplus', 'Softsign', 'Sqrt', 'Tanh', 'ScatterElements',
    ].map((op) => [op, same]),
  ),
  ...Object.fromEntries(['ReduceMax', 'ReduceMean', 'ReduceSum'].map((op) => [op, reduce])),
  ReduceProd: ([x], attrs) => [{ ...like(x, attrs.int('keepdims', 1) === 1 ? [1] : []), ...(x.values ? { values: [product(x.values)] } : {}) }],
  Where: elementwise(undefined, 1),
  Cast: ([x], attrs) => [like(x, x.shape, attrs.int('to', x.type))],
  ArgMax: ([x], attrs) => [like(x, [...x.shape.slice(0, -1), ...(attrs.int('keepdims', 1) === 1 ? [1] : [])], DataType.int64)],
  Concat: concat,
  Conv: conv,
  ConvTranspose: convTranspose,
  AveragePool: pool,
  MaxPool: pool,
  MaxUnpool: ([x, , size]) => [like(x, size.values!)],
  Expand: ([x, to]) => [like(x, broadcast([x.shape, to.values!]))],
  Gather: gather,
  GatherElements: ([x, indices]) => [like(x, indices.shape)],
  Gemm: gemm,
  MatMul: matmul,
  Pad: pad,
  Reshape: reshape,
  Shape: ([x]) => [{ type: DataType.int64, shape: [x.shape.length], values: x.shape }],
  Slice: slice,
  Transpose: ([x], attrs) => [like(x, (attrs.ints('perm') ?? x.shape.map((_, i) => x.shape.length - 1 - i)).map((axis) => x.shape[axis]))],
};
