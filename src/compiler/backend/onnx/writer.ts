/** Writes the nodes and constants of an ONNX graph. The runtime refuses operators, attributes and types it does not know. */
import { bfloat16Bits } from '../../graph/bfloat16.ts';
import { AttributeType, DataType } from './messages.ts';
import type { AttributeProto, NodeProto, OnnxType, TensorProto } from './messages.ts';

/** Integers become `int`, other numbers must be wrapped: `{ float: 1 }` would be `int` otherwise. */
export type AttrInput = number | string | readonly number[] | { readonly float: number };
export type Attrs = Readonly<Record<string, AttrInput>>;

/** onnxruntime's operators on images whose channels lie in blocks. */
export const NCHWC = 'com.microsoft.nchwc';

export interface NodeOptions {
  readonly domain?: string;
  /** How many outputs are asked for. */
  readonly outputs?: number;
}

export interface Writer {
  readonly nodes: readonly NodeProto[];
  readonly constants: readonly TensorProto[];
  readonly domains: ReadonlySet<string>;
  /** Adds a node and gives the names of its outputs. '' leaves an optional input out. */
  add(op: string, inputs: readonly string[], attrs?: Attrs, options?: NodeOptions): string[];
  /** The first output of `add`. */
  one(op: string, inputs: readonly string[], attrs?: Attrs, options?: NodeOptions): string;
  /** Equal constants are one. A number is a scalar, a list a vector unless a shape is given. */
  constant(dtype: OnnxType, values: number | readonly number[], shape?: readonly number[]): string;
  floats(values: number | readonly number[], shape?: readonly number[]): string;
  /** int64, what shapes, axes and indices are. */
  ints(values: readonly number[]): string;
  /** Names of the nodes written by `body` begin with the label. */
  within<T>(label: string, body: () => T): T;
}

export function writer(): Writer {
  const nodes: NodeProto[] = [];
  const constants: TensorProto[] = [];
  const known = new Map<string, string>();
  const domains = new Set<string>();
  let scope = '';

  const self: Writer = {
    nodes,
    constants,
    domains,
    add(op, inputs, attrs = {}, { domain = '', outputs = 1 } = {}) {
      const name = `${scope}${op}_${nodes.length}`;
      const output = Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}:${i}`));
      if (domain !== '') domains.add(domain);
      nodes.push({ name, opType: op, domain, input: inputs, output, attribute: Object.entries(attrs).map(attribute) });
      return output;
    },
    one: (op, inputs, attrs, options) => self.add(op, inputs, attrs, options)[0],
    constant(dtype, values, shape) {
      const list = typeof values === 'number' ? [values] : values;
      const dims = shape ?? (typeof values === 'number' ? [] : [list.length]);
      const rawData = bytesOf(dtype, list);
      const key = rawData.length < 256 ? `${dtype}[${dims.join()}]${rawData.join()}` : null;
      const found = key === null ? undefined : known.get(key);
      if (found !== undefined) return found;
      const name = `constant_${constants.length}`;
      constants.push({ name, dims: dims.map(BigInt), dataType: DataType[dtype], rawData });
      if (key !== null) known.set(key, name);
      return name;
    },
    floats: (values, shape) => self.constant('float32', values, shape),
    ints: (values) => self.constant('int64', values),
    within(label, body) {
      const outer = scope;
      scope = `${outer}${label}/`;
      try {
        return body();
      } finally {
        scope = outer;
      }
    },
  };
  return self;
}

function bytesOf(dtype: OnnxType, values: readonly number[]): Uint8Array {
  switch (dtype) {
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer);
    case 'bfloat16':
      return new Uint8Array(Uint16Array.from(values, bfloat16Bits).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values);
  }
}

function attribute([name, value]: [string, AttrInput]): AttributeProto {
  if (typeof value === 'string') return { name, type: AttributeType.string, value: { case: 's', value: new TextEncoder().encode(value) } };
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) throw new Error(`ONNX's attribute ${name} is not a whole number: ${value}`);
    return { name, type: AttributeType.int, value: { case: 'i', value: BigInt(value) } };
  }
  if ('float' in value) return { name, type: AttributeType.float, value: { case: 'f', value: value.float } };
  return { name, type: AttributeType.ints, ints: value.map(BigInt) };
}
