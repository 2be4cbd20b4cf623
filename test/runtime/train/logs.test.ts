/** csv_log and tensorboard: files whole after each epoch, read back record by record. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32c } from '../../../src/runtime/files/crc32c.ts';
import { decodeRecords, encodeRecords } from '../../../src/runtime/files/records.ts';
import { decodeEvents, encodeEvents } from '../../../src/runtime/train/event-file.ts';
import { appendEpoch, emptyHistory, type History } from '../../../src/runtime/train/history.ts';
import { epochLogs } from '../../../src/runtime/train/logs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const history = (epochs: number): History => {
  let all = emptyHistory;
  for (let epoch = 0; epoch < epochs; epoch++) all = appendEpoch(all, { loss: 1 / (epoch + 1), accuracy: epoch / 4, val_loss: epoch === 1 ? NaN : 2, learning_rate: 0.01 });
  return all;
};

describe('records', () => {
  it('have the checksum of Castagnoli', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  });

  it('come back, and damage is seen', () => {
    const records = [new Uint8Array(0), Uint8Array.from([1, 2, 3]), new Uint8Array(300).fill(7)];
    const bytes = encodeRecords(records);
    expect(decodeRecords(bytes).map((record) => [...record])).toEqual(records.map((record) => [...record]));
    for (const at of [0, 9, 30, bytes.length - 1]) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] ^= 1;
      expect(() => decodeRecords(damaged), `byte ${at}`).toThrow();
    }
    expect(() => decodeRecords(bytes.subarray(0, bytes.length - 1))).toThrow('cut off');
  });

  it('are the bytes that TensorFlow writes', () => {
    // tf.io.TFRecordWriter of b"abc".
    expect(Buffer.from(encodeRecords([Buffer.from('abc')])).toString('hex')).toBe('0300000000000000b099490e6162636e57f121');
  });
});

describe('csv_log', () => {
  it('has a line an epoch, names in order', async () => {
    const log = epochLogs(folder, { csvLog: { file: 'log.csv', separator: ';' }, tensorboard: false });
    await log(emptyHistory);
    expect(readdirSync(folder)).toEqual([]);
    await log(history(1));
    await log(history(2));
    expect(readFileSync(join(folder, 'log.csv'), 'utf8')).toBe('epoch;accuracy;learning_rate;loss;val_loss\n0;0;0.01;1;2\n1;0.25;0.01;0.5;NA\n');
    expect(readdirSync(folder)).toEqual(['log.csv']);
  });
});

describe('tensorboard', () => {
  const read = (series: string) => {
    const place = join(folder, 'tensorboard', series);
    const files = readdirSync(place);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatch(/^events\.out\.tfevents\.\d+\.cnnc$/);
    return decodeEvents(readFileSync(join(place, files[0])));
  };

  it('holds Keras’s tags, in two series', async () => {
    let time = 1000.5;
    const log = epochLogs(folder, { csvLog: null, tensorboard: true }, () => time++);
    await log(history(1));
    await log(history(2));
    expect(read('train').map(({ tag, step, value }) => [tag, step, value])).toEqual([
      ['epoch_loss', 0, 1], ['epoch_accuracy', 0, 0], ['epoch_learning_rate', 0, Math.fround(0.01)],
      ['epoch_loss', 1, 0.5], ['epoch_accuracy', 1, 0.25], ['epoch_learning_rate', 1, Math.fround(0.01)],
    ]);
    expect(read('validation').map(({ tag, step, value }) => [tag, step, value])).toEqual([['epoch_loss', 0, 2], ['epoch_loss', 1, NaN]]);
    expect(read('train').every(({ wallTime }) => wallTime > 1000)).toBe(true);
  });

  it('goes on in a resumed run, with the epoch that a killed one had not written', async () => {
    const options = { csvLog: null, tensorboard: true };
    await epochLogs(folder, options, () => 5000)(history(1));
    await epochLogs(folder, options, () => 9000)(history(3));
    expect(read('train').filter(({ tag }) => tag === 'epoch_loss').map(({ step, wallTime }) => [step, wallTime])).toEqual([[0, 5000], [1, 9000], [2, 9000]]);
  });

  it('begins anew where its file is damaged', async () => {
    const options = { csvLog: null, tensorboard: true };
    await epochLogs(folder, options, () => 5000)(history(1));
    const place = join(folder, 'tensorboard', 'train');
    appendFileSync(join(place, readdirSync(place)[0]), 'x');
    await epochLogs(folder, options, () => 6000)(history(2));
    expect(read('train').filter(({ tag }) => tag === 'epoch_loss').map(({ step, wallTime }) => [step, wallTime])).toEqual([[0, 6000], [1, 6000]]);
  });

  it('keeps zero and large steps', () => {
    const events = [{ tag: 'a', step: 0, value: 0, wallTime: 1.25 }, { tag: 'b', step: 5_000_000_000, value: -1.5, wallTime: 2 }];
    expect(decodeEvents(encodeEvents(1, events))).toEqual(events);
  });
});
