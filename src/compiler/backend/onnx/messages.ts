/**
 * The messages of an ONNX model (onnx/onnx.proto3), field by field. Unused fields are left out; numbers are ONNX's.
 * An attribute's single values are a oneof here, which is the same on the wire and writes a value that is zero.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { messageTypes } from '../descriptors.ts';

/** TensorProto.DataType numbers. */
export const DataType = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, bfloat16: 16 } as const;
export type OnnxType = keyof typeof DataType;

/** AttributeProto.AttributeType numbers. */
export const AttributeType = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;

export interface TensorProto {
  readonly name: string;
  readonly dims: readonly bigint[];
  readonly dataType: number;
  /** Row-major, little-endian. */
  readonly rawData: Uint8Array;
}
export interface AttributeProto {
  readonly name: string;
  readonly type: number;
  readonly value?:
    | { readonly case: 'f'; readonly value: number }
    | { readonly case: 'i'; readonly value: bigint }
    | { readonly case: 's'; readonly value: Uint8Array };
  readonly ints?: readonly bigint[];
}
export interface NodeProto {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  /** An empty name stands for an optional input or output left out. */
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeProto[];
}
export interface Dimension {
  readonly value: { readonly case: 'dimValue'; readonly value: bigint } | { readonly case: 'dimParam'; readonly value: string };
}
export interface ValueInfoProto {
  readonly name: string;
  readonly type: { readonly tensorType: { readonly elemType: number; readonly shape: { readonly dim: readonly Dimension[] } } };
}
export interface ModelProto {
  readonly irVersion: bigint;
  readonly producerName: string;
  readonly graph: {
    readonly name: string;
    readonly node: readonly NodeProto[];
    readonly initializer: readonly TensorProto[];
    readonly input: readonly ValueInfoProto[];
    readonly output: readonly ValueInfoProto[];
  };
  readonly opsetImport: readonly { readonly domain: string; readonly version: bigint }[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
}

const modelProto = messageTypes('onnx', {
  TensorProto: { dims: [1, 'int64[]'], data_type: [2, 'int32'], name: [8, 'string'], raw_data: [9, 'bytes'] },
  AttributeProto: { oneof: 'value', name: [1, 'string'], f: [2, 'float?'], i: [3, 'int64?'], s: [4, 'bytes?'], ints: [8, 'int64[]'], type: [20, 'int32'] },
  NodeProto: { input: [1, 'string[]'], output: [2, 'string[]'], name: [3, 'string'], op_type: [4, 'string'], attribute: [5, 'AttributeProto[]'], domain: [7, 'string'] },
  'TensorShapeProto.Dimension': { oneof: 'value', dim_value: [1, 'int64?'], dim_param: [2, 'string?'] },
  TensorShapeProto: { dim: [1, 'TensorShapeProto.Dimension[]'] },
  'TypeProto.Tensor': { elem_type: [1, 'int32'], shape: [2, 'TensorShapeProto'] },
  TypeProto: { tensor_type: [1, 'TypeProto.Tensor'] },
  ValueInfoProto: { name: [1, 'string'], type: [2, 'TypeProto'] },
  GraphProto: { node: [1, 'NodeProto[]'], name: [2, 'string'], initializer: [5, 'TensorProto[]'], input: [11, 'ValueInfoProto[]'], output: [12, 'ValueInfoProto[]'] },
  OperatorSetIdProto: { domain: [1, 'string'], version: [2, 'int64'] },
  StringStringEntryProto: { key: [1, 'string'], value: [2, 'string'] },
  ModelProto: {
    ir_version: [1, 'int64'], producer_name: [2, 'string'], graph: [7, 'GraphProto'], opset_import: [8, 'OperatorSetIdProto[]'], metadata_props: [14, 'StringStringEntryProto[]'],
  },
}).getMessage('onnx.ModelProto') as DescMessage;

export const encodeModel = (model: ModelProto): Uint8Array => toBinary(modelProto, create(modelProto, model as unknown as MessageInitShape<DescMessage>));

/** For tests and tools: the plain data back from bytes. */
export const decodeModel = (bytes: Uint8Array): ModelProto => fromBinary(modelProto, bytes) as MessageShape<DescMessage> as unknown as ModelProto;
