/** TensorFlow's record files (tensorflow/core/lib/io/record_writer.h): length, its checksum, the data, its checksum. */
import { maskedCrc32c } from './crc32c.ts';

export function encodeRecords(records: readonly Uint8Array[]): Uint8Array {
  const out = Buffer.alloc(records.reduce((size, record) => size + record.length + 16, 0));
  let at = 0;
  for (const record of records) {
    out.writeBigUInt64LE(BigInt(record.length), at);
    out.writeUInt32LE(maskedCrc32c(out.subarray(at, at + 8)), at + 8);
    out.set(record, at + 12);
    out.writeUInt32LE(maskedCrc32c(record), at + 12 + record.length);
    at += record.length + 16;
  }
  return out;
}

/** Throws where the bytes are no whole records with the right checksums. */
export function decodeRecords(bytes: Uint8Array): readonly Uint8Array[] {
  const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: Uint8Array[] = [];
  let at = 0;
  while (at < from.length) {
    if (from.length - at < 16) throw new Error('a record is cut off');
    const length = Number(from.readBigUInt64LE(at));
    if (from.readUInt32LE(at + 8) !== maskedCrc32c(from.subarray(at, at + 8))) throw new Error('the length of a record is damaged');
    if (length > from.length - at - 16) throw new Error('a record is cut off');
    const record = from.subarray(at + 12, at + 12 + length);
    if (from.readUInt32LE(at + 12 + length) !== maskedCrc32c(record)) throw new Error('a record is damaged');
    records.push(record);
    at += length + 16;
  }
  return records;
}
