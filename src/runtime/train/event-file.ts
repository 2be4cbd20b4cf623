/**
 * TensorBoard's event files: records of Event messages (tensorflow/core/util/event.proto, framework/summary.proto). Tags and steps are
 * those of Keras's TensorBoard callback: `epoch_loss` at the number of the epoch, validation in a series of its own.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { messageTypes } from '../../compiler/backend/descriptors.ts';
import { decodeRecords, encodeRecords } from '../files/records.ts';

const proto = messageTypes('tensorflow', {
  'Summary.Value': { oneof: 'value', tag: [1, 'string'], simple_value: [2, 'float?'] },
  Summary: { value: [1, 'Summary.Value[]'] },
  Event: { oneof: 'what', wall_time: [1, 'double'], step: [2, 'int64'], file_version: [3, 'string?'], summary: [5, 'Summary?'] },
}).getMessage('tensorflow.Event') as DescMessage;

/** One number of a curve. */
export interface ScalarEvent {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
}

interface Event {
  readonly wallTime: number;
  readonly step: bigint;
  readonly what:
    | { readonly case: 'fileVersion'; readonly value: string }
    | { readonly case: 'summary'; readonly value: { readonly value: readonly { readonly tag: string; readonly value: { readonly case: 'simpleValue' | undefined; readonly value?: number } }[] } }
    | { readonly case: undefined };
}

const encode = (event: Event): Uint8Array => toBinary(proto, create(proto, event as unknown as MessageInitShape<DescMessage>));

/** A whole file. `started`: seconds since 1970. */
export function encodeEvents(started: number, events: readonly ScalarEvent[]): Uint8Array {
  return encodeRecords([
    encode({ wallTime: started, step: 0n, what: { case: 'fileVersion', value: 'brain.Event:2' } }),
    ...events.map(({ tag, step, value, wallTime }) => encode({ wallTime, step: BigInt(step), what: { case: 'summary', value: { value: [{ tag, value: { case: 'simpleValue', value } }] } } })),
  ]);
}

/** Throws where the file is damaged. */
export const decodeEvents = (bytes: Uint8Array): readonly ScalarEvent[] =>
  decodeRecords(bytes).flatMap((record) => {
    const { wallTime, step, what } = fromBinary(proto, record) as MessageShape<DescMessage> as unknown as Event;
    return what.case === 'summary' ? what.value.value.map(({ tag, value }) => ({ tag, step: Number(step), value: value.value ?? NaN, wallTime })) : [];
  });
