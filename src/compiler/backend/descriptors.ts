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
  MessageOptionsSchema,
  OneofDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';
import type { DescriptorProto, FieldDescriptorProto } from '@bufbuild/protobuf/wkt';

/** `name: [number, type]`; `?` marks a member of the message's oneof, `[]` a list, `map` a map with string keys. */
export type Fields = Readonly<Record<string, { readonly oneof?: string; readonly [field: string]: string | readonly [number, string] | undefined }>>;

const scalars: Readonly<Record<string, Type>> = {
  int32: Type.INT32,
  int64: Type.INT64,
  float: Type.FLOAT,
  double: Type.DOUBLE,
  bool: Type.BOOL,
  string: Type.STRING,
  bytes: Type.BYTES,
};

const flat = (name: string): string => name.replace('.', '_');

function field(packageName: string, name: string, number: number, kind: string, typeName?: string): FieldDescriptorProto {
  const base = kind.replace(/\[\]$|\?$/, '');
  const type = scalars[base] ?? Type.MESSAGE;
  return create(FieldDescriptorProtoSchema, {
    name,
    number,
    type,
    label: kind.endsWith('[]') ? Label.REPEATED : Label.OPTIONAL,
    ...(type === Type.MESSAGE ? { typeName: typeName ?? `.${packageName}.${flat(base)}` } : {}),
    ...(kind.endsWith('?') ? { oneofIndex: 0 } : {}),
  });
}

function message(packageName: string, name: string, { oneof, ...members }: Fields[string]): DescriptorProto {
  const entries: DescriptorProto[] = [];
  const list = Object.entries(members).map(([key, member]) => {
    const [number, kind] = member as readonly [number, string];
    if (!kind.startsWith('map ')) return field(packageName, key, number, kind);
    const entry = `${key}_entry`;
    entries.push(
      create(DescriptorProtoSchema, {
        name: entry,
        field: [field(packageName, 'key', 1, 'string'), field(packageName, 'value', 2, kind.slice(4))],
        options: create(MessageOptionsSchema, { mapEntry: true }),
      }),
    );
    return field(packageName, key, number, '[]', `.${packageName}.${flat(name)}.${entry}`);
  });
  return create(DescriptorProtoSchema, {
    name: flat(name),
    field: list,
    nestedType: entries,
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
