/** Folders of graphs on their way to TensorFlow: gone after use, and what a killed process left behind is removed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { inGraphFolder, removeLeftGraphs } from '../../../src/runtime/engine/tensorflow/graph-folder.ts';

const parent = mkdtempSync(join(tmpdir(), 'cnnc-test-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

it('holds the graph while it is used, also where that fails', async () => {
  const seen: string[] = [];
  await inGraphFolder(Uint8Array.of(1, 2), async (folder) => {
    seen.push(folder);
    expect([...readFileSync(join(folder, 'saved_model.pb'))]).toEqual([1, 2]);
    removeLeftGraphs(dirname(folder));
    expect(existsSync(folder)).toBe(true);
  });
  await expect(inGraphFolder(Uint8Array.of(1), async (folder) => {
    seen.push(folder);
    throw new Error('refused');
  })).rejects.toThrow('refused');
  expect(seen.map((folder) => existsSync(folder))).toEqual([false, false]);
});

it('is removed when its process is gone, or when it is old; nothing else is', () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  const make = (name: string, days = 0): void => {
    const path = join(parent, name);
    mkdirSync(path);
    writeFileSync(join(path, 'saved_model.pb'), '');
    const at = Date.now() / 1000 - days * 86_400;
    utimesSync(path, at, at);
  };
  make(`cnnc-graph-${gone}-aaaaaa`);
  make(`cnnc-graph-${process.pid}-bbbbbb`);
  make(`cnnc-graph-${process.pid}-cccccc`, 2);
  make('cnnc-graph-dddddd');
  make('cnnc-graph-eeeeee', 2);
  make('cnnc-other', 2);
  make(`x-cnnc-graph-${gone}-ffffff`, 2);
  mkdirSync(join(parent, 'kept'));
  writeFileSync(join(parent, 'kept', 'file'), '');
  symlinkSync(join(parent, 'kept'), join(parent, `cnnc-graph-${gone}-link`));
  removeLeftGraphs(parent);
  expect(readdirSync(parent).sort()).toEqual([`cnnc-graph-${process.pid}-bbbbbb`, 'cnnc-graph-dddddd', 'cnnc-other', 'kept', `x-cnnc-graph-${gone}-ffffff`].sort());
  expect(existsSync(join(parent, 'kept', 'file'))).toBe(true);
  removeLeftGraphs(join(parent, 'absent'));
});
