import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GraphVariable } from '../../../src/compiler/graph/types.ts';
import { diskFull, simulateFault } from '../../../src/runtime/files/atomic.ts';
import { decodeCheckpoint, encodeCheckpoint, listCheckpoints, loadNewest, removeTemporary, saveCheckpoint } from '../../../src/runtime/train/checkpoint.ts';
import { startOfRun, type Snapshot } from '../../../src/runtime/train/state.ts';

const variables: GraphVariable[] = [
  { name: 'conv_1/kernel', type: { dtype: 'float32', shape: [2, 2] }, role: 'weight' },
  { name: 'adam/m/conv_1/kernel', type: { dtype: 'float32', shape: [2, 2] }, role: 'slot' },
];
const tensor = (...numbers: number[]) => ({ dtype: 'float32' as const, shape: [2, 2], data: Float32Array.from(numbers) });
const snapshot = (step: number): Snapshot => ({
  progress: {
    ...startOfRun(2),
    epoch: 1,
    batch: 2,
    step,
    sums: [0.1 + 0.2, NaN],
    samples: 10,
    history: { epoch: [0], values: { loss: [1 / 3], val_loss: [Infinity] } },
    earlyStopping: { best: NaN, bestEpoch: 0, wait: 1, stoppedEpoch: null },
    bestCopy: -Infinity,
  },
  variables: { 'conv_1/kernel': tensor(1, 2, 3, step), 'adam/m/conv_1/kernel': tensor(0, -0, 1e-45, NaN) },
  best: { 'conv_1/kernel': tensor(9, 8, 7, 6) },
});

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'cnnc-checkpoint-'))));
afterEach(async () => {
  simulateFault(null);
  await rm(folder, { recursive: true });
});

describe('a checkpoint', () => {
  it('comes back bit for bit', async () => {
    const bytes = encodeCheckpoint(snapshot(812), 'abc');
    expect(await decodeCheckpoint(bytes, 'abc')).toEqual(snapshot(812));
    expect(encodeCheckpoint(snapshot(812), 'abc')).toEqual(bytes);
    expect(await decodeCheckpoint(encodeCheckpoint({ ...snapshot(1), best: null }, 'abc'), 'abc')).toEqual({ ...snapshot(1), best: null });
  });

  it('is refused for another program, and wherever a byte is changed', async () => {
    const bytes = encodeCheckpoint(snapshot(812), 'abc');
    await expect(decodeCheckpoint(bytes, 'other')).rejects.toThrow('another program');
    const step = process.env.CNNC_SOAK ? 1 : 37;
    for (let at = 0; at < bytes.length; at += step) {
      const wrong = bytes.slice();
      wrong[at] ^= 0x10;
      // A changed byte is noticed, or it was one that says nothing (a date, a padding byte of a header).
      const read = await decodeCheckpoint(wrong, 'abc').catch(() => null);
      if (read) expect(read).toEqual(snapshot(812));
    }
    for (const end of [0, 1, 100, bytes.length >> 1, bytes.length - 1]) await expect(decodeCheckpoint(bytes.slice(0, end), 'abc')).rejects.toThrow();
  });
});

describe('the folder of checkpoints', () => {
  it('keeps the last two', async () => {
    for (const step of [3, 6, 9, 100000001]) await saveCheckpoint(folder, snapshot(step), 'abc');
    expect((await listCheckpoints(folder)).map((c) => c.step)).toEqual([100000001, 9]);
    expect(await listCheckpoints(join(folder, 'none'))).toEqual([]);
  });

  it('falls back to the one before a damaged one', async () => {
    await saveCheckpoint(folder, snapshot(3), 'abc');
    const newest = await saveCheckpoint(folder, snapshot(6), 'abc');
    await writeFile(newest, (await readFile(newest)).subarray(0, 200));
    const loaded = await loadNewest(folder, 'abc', variables);
    expect(loaded.snapshot?.progress.step).toBe(3);
    expect(loaded.damaged.map((d) => d.file)).toEqual([newest]);
  });

  it('says when none is whole, or none fits the graph', async () => {
    const file = await saveCheckpoint(folder, snapshot(3), 'abc');
    expect((await loadNewest(folder, 'abc', variables.slice(0, 1))).damaged).toEqual([{ file, reason: 'its weights are not those of this network' }]);
    await writeFile(file, '');
    expect(await loadNewest(folder, 'abc', variables)).toMatchObject({ snapshot: null, damaged: [{ file }] });
  });

  it('loses nothing to a full disk', async () => {
    await saveCheckpoint(folder, snapshot(3), 'abc');
    simulateFault((path) => {
      throw diskFull(path);
    });
    await expect(saveCheckpoint(folder, snapshot(6), 'abc')).rejects.toMatchObject({ code: 'ENOSPC' });
    simulateFault(null);
    expect(await readdir(folder)).toEqual(['step-00000003.npz']);
    expect((await loadNewest(folder, 'abc', variables)).snapshot?.progress.step).toBe(3);
  });

  it('gives up the oldest when the disk is full', async () => {
    for (const step of [3, 6]) await saveCheckpoint(folder, snapshot(step), 'abc');
    let faults = 1;
    simulateFault((path) => {
      if (faults-- > 0) throw diskFull(path);
    });
    await saveCheckpoint(folder, snapshot(9), 'abc');
    expect((await listCheckpoints(folder)).map((c) => c.step)).toEqual([9, 6]);
  });

  it('clears what a killed write left', async () => {
    await writeFile(join(folder, '.step-00000003.npz.77-0.tmp'), 'half');
    await removeTemporary(folder);
    expect(await readdir(folder)).toEqual([]);
  });
});
