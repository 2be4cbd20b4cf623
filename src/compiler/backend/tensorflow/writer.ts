/**
 * Writes the nodes of a TensorFlow graph. TensorFlow's loader ignores attributes it does not know and reports the rest
 * late, so every node is checked here against the table of operations: arity, argument types, attribute names, kinds and values.
 */
import { bfloat16Bits } from '../../graph/bfloat16.ts';
import { DataType } from './messages.ts';
import type { AttrValue, NodeDef, TensorShapeProto, TfType } from './messages.ts';
import { tfOps } from './ops.generated.ts';
import type { OpSignature, TfOp } from './ops.generated.ts';

/** An output of a node that stands in the graph. */
export interface Ref {
  /** `node:index`. */
  readonly name: string;
  readonly dtype: TfType;
}

export interface Literal {
  readonly dtype: TfType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** By the attribute's kind: type → TfType, int and float → number, list(int) and shape → numbers, string, bool, tensor → Literal. */
export type AttrInput = TfType | string | number | boolean | readonly number[] | Literal;

export interface Writer {
  readonly nodes: readonly NodeDef[];
  /** Adds a node and gives its outputs. Type attributes and list lengths that the inputs decide may be left out. */
  add(op: TfOp, inputs: readonly (Ref | readonly Ref[])[], attrs?: Readonly<Record<string, AttrInput>>, options?: NodeOptions): Ref[];
  /** The first output of `add`. */
  one(op: TfOp, inputs: readonly (Ref | readonly Ref[])[], attrs?: Readonly<Record<string, AttrInput>>, options?: NodeOptions): Ref;
  /** Equal constants are one node. `shape` defaults to a vector, or a scalar for a number. */
  constant(dtype: 'float32' | 'bfloat16' | 'int32' | 'uint8' | 'uint16' | 'bool', values: number | readonly number[], shape?: readonly number[]): Ref;
  /** Names of the nodes written by `body` begin with the label. */
  within<T>(label: string, body: () => T): T;
}

export interface NodeOptions {
  readonly name?: string;
  /** Nodes that must have run before. */
  readonly control?: readonly Ref[];
}

export const shapeProto = (shape: readonly number[]): TensorShapeProto => ({ dim: shape.map((size) => ({ size: BigInt(size) })) });
export const nodeOf = (ref: Ref): string => ref.name.slice(0, ref.name.lastIndexOf(':'));

const arrays = { float32: Float32Array, bfloat16: { from: (values: readonly number[]) => Uint16Array.from(values, bfloat16Bits) }, int32: Int32Array, uint8: Uint8Array, uint16: Uint16Array, bool: Uint8Array } as const;

export function writer(): Writer {
  const nodes: NodeDef[] = [];
  const used = new Map<string, number>();
  const constants = new Map<string, Ref>();
  let scope = '';

  /** TensorFlow allows [A-Za-z0-9.][A-Za-z0-9_./>-]*, and the addon splits lists of names at commas. */
  const unique = (wanted: string): string => {
    const clean = wanted.replace(/[^A-Za-z0-9_./-]/g, '_').replace(/^[^A-Za-z0-9.]/, '.');
    const count = used.get(clean) ?? 0;
    used.set(clean, count + 1);
    return count === 0 ? clean : unique(`${clean}_${count}`);
  };

  const self: Writer = {
    nodes,
    add(op, inputs, attrs = {}, options = {}) {
      const name = unique(options.name ?? scope + op);
      const checked = check(op, inputs, attrs);
      const data = inputs.flat().map((r) => r.name.replace(/:0$/, ''));
      const control = [...new Set((options.control ?? []).map((r) => `^${nodeOf(r)}`))].sort();
      nodes.push({ name, op, input: [...data, ...control], attr: checked.attr });
      // A node without outputs can still be waited for: its Ref carries the name.
      if (checked.outputs.length === 0) return [{ name: `${name}:0`, dtype: 'resource' }];
      return checked.outputs.map((dtype, index) => ({ name: `${name}:${index}`, dtype }));
    },
    one: (op, inputs, attrs, options) => self.add(op, inputs, attrs, options)[0],
    constant(dtype, values, shape) {
      const list = typeof values === 'number' ? [values] : values;
      const dims = shape ?? (typeof values === 'number' ? [] : [list.length]);
      const bytes = new Uint8Array(arrays[dtype].from(list).buffer);
      const key = `${dtype}[${dims.join()}]${bytes.length < 256 ? bytes.join() : nodes.length}`;
      const known = constants.get(key);
      if (known) return known;
      const ref = self.one('Const', [], { dtype, value: { dtype, shape: dims, bytes } }, { name: 'constant' });
      constants.set(key, ref);
      return ref;
    },
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

/** Checks a node against the table; gives its attributes, sorted by name, and the types of its outputs. */
export function check(
  op: TfOp,
  inputs: readonly (Ref | readonly Ref[])[],
  attrs: Readonly<Record<string, AttrInput>>,
): { readonly attr: NodeDef['attr']; readonly outputs: readonly TfType[] } {
  const signature: OpSignature = tfOps[op];
  const fail = (what: string): never => {
    throw new Error(`TensorFlow's ${op} ${what}`);
  };
  if (inputs.length !== signature.inputs.length) fail(`takes ${signature.inputs.length} inputs, not ${inputs.length}`);
  for (const name of Object.keys(attrs)) if (!(name in signature.attrs)) fail(`has no attribute ${name}`);

  const bound: Record<string, AttrInput> = { ...attrs };
  const bind = (name: string, value: AttrInput): void => {
    if (bound[name] !== undefined && bound[name] !== value) fail(`got ${String(value)} where ${name} is ${String(bound[name])}`);
    bound[name] = value;
  };
  signature.inputs.forEach((argument, i) => {
    const [count, kind] = argument.includes('*') ? argument.split('*') : [undefined, argument];
    const given = inputs[i];
    const list = isList(given) ? given : [given];
    if (count ? !isList(given) : isList(given)) fail(`takes ${count ? 'a list' : 'one tensor'} as input ${i}`);
    if (count) bind(count, list.length);
    for (const ref of list) {
      if (kind in signature.attrs) bind(kind, ref.dtype);
      else if (ref.dtype !== kind) fail(`takes ${kind} as input ${i}, not ${ref.dtype}`);
    }
  });

  const attr: Record<string, { value: AttrValue }> = {};
  for (const name of Object.keys(signature.attrs).sort()) {
    const [, kind, required, allowed] = /^([a-z()]+)(!?)(?: \[(.*)\])?$/.exec(signature.attrs[name])!;
    const value = bound[name];
    if (value === undefined) {
      if (required) fail(`needs the attribute ${name}`);
      continue;
    }
    if (allowed && !allowed.split(' ').includes(String(value))) fail(`does not allow ${name} = ${String(value)}`);
    const encoded = encode(kind, value);
    if (!encoded) fail(`takes ${kind} as ${name}`);
    attr[name] = { value: encoded! };
  }
  const outputs = signature.outputs.map((kind) => {
    const type = kind in signature.attrs ? bound[kind] : kind;
    // Left to its default, an output's type would be unknown here.
    if (typeof type !== 'string' || !(type in DataType)) fail(`has an output of a type that is not given or known: ${kind}`);
    return type as TfType;
  });
  return { attr, outputs };
}

const isList = (x: Ref | readonly Ref[]): x is readonly Ref[] => Array.isArray(x);

function encode(kind: string, value: AttrInput): AttrValue | undefined {
  const numbers = Array.isArray(value) ? (value as readonly number[]) : undefined;
  switch (kind) {
    case 'type':
      return typeof value === 'string' && value in DataType ? { case: 'type', value: DataType[value as TfType] } : undefined;
    case 'int':
      return typeof value === 'number' && Number.isInteger(value) ? { case: 'i', value: BigInt(value) } : undefined;
    case 'float':
      return typeof value === 'number' ? { case: 'f', value } : undefined;
    case 'bool':
      return typeof value === 'boolean' ? { case: 'b', value } : undefined;
    case 'string':
      return typeof value === 'string' ? { case: 's', value: new TextEncoder().encode(value) } : undefined;
    case 'list(int)':
      return numbers?.every(Number.isInteger) ? { case: 'list', value: { i: numbers.map(BigInt) } } : undefined;
    case 'shape':
      return numbers?.every(Number.isInteger) ? { case: 'shape', value: shapeProto(numbers) } : undefined;
    case 'tensor': {
      if (typeof value !== 'object' || numbers) return undefined;
      const { dtype, shape, bytes } = value as Literal;
      return { case: 'tensor', value: { dtype: DataType[dtype], tensorShape: shapeProto(shape), tensorContent: bytes } };
    }
    default:
      return undefined;
  }
}
