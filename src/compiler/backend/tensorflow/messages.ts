/**
 * The few protocol-buffer messages of a SavedModel (tensorflow/core/framework/*.proto and protobuf/*.proto), described
 * field by field so that nothing has to be generated at build time. Unused fields are left out; numbers are TensorFlow's.
 * Enums are written as int32, which is the same on the wire.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { messageTypes } from '../descriptors.ts';

/** TensorFlow's DataType numbers. */
export const DataType = { float32: 1, int32: 3, uint8: 4, int64: 9, bool: 10, bfloat16: 14, uint16: 17, resource: 20, uint32: 22, uint64: 23 } as const;
export type TfType = keyof typeof DataType;

export interface TensorShapeProto {
  readonly dim: readonly { readonly size: bigint }[];
}
export interface TensorProto {
  readonly dtype: number;
  readonly tensorShape: TensorShapeProto;
  /** Row-major, little-endian. */
  readonly tensorContent: Uint8Array;
}
export type AttrValue =
  | { readonly case: 's'; readonly value: Uint8Array }
  | { readonly case: 'i'; readonly value: bigint }
  | { readonly case: 'f'; readonly value: number }
  | { readonly case: 'b'; readonly value: boolean }
  | { readonly case: 'type'; readonly value: number }
  | { readonly case: 'shape'; readonly value: TensorShapeProto }
  | { readonly case: 'tensor'; readonly value: TensorProto }
  | { readonly case: 'list'; readonly value: { readonly i: readonly bigint[] } };
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  /** `node:index`, `node` for index 0, `^node` for control. Control inputs come last. */
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, { readonly value: AttrValue }>>;
}
export interface TensorInfo {
  readonly encoding: { readonly case: 'name'; readonly value: string };
  readonly dtype: number;
  readonly tensorShape: TensorShapeProto;
}
export interface SignatureDef {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
  readonly methodName: string;
}
export interface SavedModel {
  readonly savedModelSchemaVersion: bigint;
  readonly metaGraphs: readonly {
    readonly metaInfoDef: { readonly tags: readonly string[] };
    readonly graphDef: { readonly node: readonly NodeDef[]; readonly versions: { readonly producer: number } };
    readonly signatureDef: Readonly<Record<string, SignatureDef>>;
  }[];
}

const savedModel = messageTypes('tensorflow', {
  'TensorShapeProto.Dim': { size: [1, 'int64'] },
  TensorShapeProto: { dim: [2, 'TensorShapeProto.Dim[]'] },
  TensorProto: { dtype: [1, 'int32'], tensor_shape: [2, 'TensorShapeProto'], tensor_content: [4, 'bytes'] },
  'AttrValue.ListValue': { i: [3, 'int64[]'] },
  AttrValue: {
    oneof: 'value',
    list: [1, 'AttrValue.ListValue?'],
    s: [2, 'bytes?'],
    i: [3, 'int64?'],
    f: [4, 'float?'],
    b: [5, 'bool?'],
    type: [6, 'int32?'],
    shape: [7, 'TensorShapeProto?'],
    tensor: [8, 'TensorProto?'],
  },
  NodeDef: { name: [1, 'string'], op: [2, 'string'], input: [3, 'string[]'], attr: [5, 'map AttrValue'] },
  VersionDef: { producer: [1, 'int32'] },
  GraphDef: { node: [1, 'NodeDef[]'], versions: [4, 'VersionDef'] },
  TensorInfo: { oneof: 'encoding', name: [1, 'string?'], dtype: [2, 'int32'], tensor_shape: [3, 'TensorShapeProto'] },
  SignatureDef: { inputs: [1, 'map TensorInfo'], outputs: [2, 'map TensorInfo'], method_name: [3, 'string'] },
  'MetaGraphDef.MetaInfoDef': { tags: [4, 'string[]'] },
  MetaGraphDef: { meta_info_def: [1, 'MetaGraphDef.MetaInfoDef'], graph_def: [2, 'GraphDef'], signature_def: [5, 'map SignatureDef'] },
  SavedModel: { saved_model_schema_version: [1, 'int64'], meta_graphs: [2, 'MetaGraphDef[]'] },
}).getMessage('tensorflow.SavedModel') as DescMessage;

export const encodeSavedModel = (model: SavedModel): Uint8Array =>
  toBinary(savedModel, create(savedModel, model as unknown as MessageInitShape<DescMessage>));

/** For tests and tools: the plain data back from bytes. */
export const decodeSavedModel = (bytes: Uint8Array): SavedModel => fromBinary(savedModel, bytes) as MessageShape<DescMessage> as unknown as SavedModel;
