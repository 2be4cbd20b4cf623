/**
 * Message types for protocol buffers from a table of their fields, so that nothing has to be generated at build time.
 * Messages stand side by side in the descriptor: nesting does not show on the wire. Enums are written as int32, the same on the wire.
 */
import { create, createFileRegistry } from '@bufbuild/protobuf';
import type { Registry } from '@bufbuild/protobuf';
import {
  DescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  OneofDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';
import type { DescriptorProto, FieldDescriptorProto } from '@bufbuild/protobuf/wkt';

/** `name: [number, type]`; `?` marks a member of the message's oneof, `[]` a list. */
export type Fields = Readonly<Record<string, { readonly oneof?: string; readonly [field: string]: string | readonly [number, string] | undefined }>>;

const scalars: Readonly<Record<string, Type>> = {
  int32: Type.INT32,
  int64: Type.INT64,
  float: Type.FLOAT,
  string: Type.STRING,
  bytes: Type.BYTES,
};

const flat = (name: string): string => name.replace('.', '_');

function field(packageName: string, name: string, number: number, kind: string): FieldDescriptorProto {
  const base = kind.replace(/\[\]$|\?$/, '');
  const type = scalars[base] ?? Type.MESSAGE;
  return create(FieldDescriptorProtoSchema, {
    name,
    number,
    type,
    label: kind.endsWith('[]') ? Label.REPEATED : Label.OPTIONAL,
    ...(type === Type.MESSAGE ? { typeName: `.${packageName}.${flat(base)}` } : {}),
    ...(kind.endsWith('?') ? { oneofIndex: 0 } : {}),
  });
}

function message(packageName: string, name: string, { oneof, ...members }: Fields[string]): DescriptorProto {
  return create(DescriptorProtoSchema, {
    name: flat(name),
    field: Object.entries(members).map(([key, member]) => {
      const [number, kind] = member as readonly [number, string];
      return field(packageName, key, number, kind);
    }),
    oneofDecl: oneof ? [create(OneofDescriptorProtoSchema, { name: oneof })] : [],
  });
}

export const messageTypes = (packageName: string, fields: Fields): Registry =>
  createFileRegistry(
    create(FileDescriptorProtoSchema, {
      name: `${packageName}.proto`,
      package: packageName,
      syntax: 'proto3',
      messageType: Object.entries(fields).map(([name, members]) => message(packageName, name, members)),
    }),
    () => undefined,
  );
