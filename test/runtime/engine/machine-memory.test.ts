/** What may be taken, on systems that are laid out in a folder. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { totalmem, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { machineMemory } from '../../../src/runtime/engine/machine-memory.ts';

const GB = 2 ** 30;
const machine = { total: 16 * GB, free: 10 * GB };
const system = (files: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), 'cnnc-system-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  return root;
};
const group = 'sys/fs/cgroup';

it.each<[string, Readonly<Record<string, string>>, { readonly total: number; readonly limitedBy: string; readonly available: number }]>([
  ['no groups', {}, { total: 16, limitedBy: 'machine', available: 10 }],
  ['a group without a limit', { 'proc/self/cgroup': '0::/a', [`${group}/a/memory.max`]: 'max' }, { total: 16, limitedBy: 'machine', available: 10 }],
  ['v2', { 'proc/self/cgroup': '0::/a', [`${group}/a/memory.max`]: String(4 * GB), [`${group}/a/memory.current`]: String(3 * GB), [`${group}/a/memory.stat`]: `anon 5\ninactive_file ${2 * GB}` }, { total: 4, limitedBy: 'container', available: 3 }],
  ['v2, a limit further up', { 'proc/self/cgroup': '0::/a/b/c', [`${group}/a/b/c/memory.max`]: 'max', [`${group}/a/memory.max`]: String(4 * GB) }, { total: 4, limitedBy: 'container', available: 4 }],
  ['v2, a path of the host in a container', { 'proc/self/cgroup': '0::/../../host/x', [`${group}/memory.max`]: String(2 * GB) }, { total: 2, limitedBy: 'container', available: 2 }],
  ['v1', { 'proc/self/cgroup': '5:cpu,cpuacct:/x\n4:memory:/x\n0::/', [`${group}/memory/x/memory.limit_in_bytes`]: String(3 * GB), [`${group}/memory/x/memory.usage_in_bytes`]: String(GB) }, { total: 3, limitedBy: 'container', available: 2 }],
  ['v1 without a limit', { 'proc/self/cgroup': '4:memory:/', [`${group}/memory/memory.limit_in_bytes`]: '9223372036854771712' }, { total: 16, limitedBy: 'machine', available: 10 }],
  ['a limit above the machine', { 'proc/self/cgroup': '0::/', [`${group}/memory.max`]: String(64 * GB) }, { total: 16, limitedBy: 'machine', available: 10 }],
  ['used up', { 'proc/self/cgroup': '0::/', [`${group}/memory.max`]: String(GB), [`${group}/memory.current`]: String(2 * GB) }, { total: 1, limitedBy: 'container', available: 0 }],
])('%s', (_, files, { total, limitedBy, available }) => {
  expect(machineMemory(system(files), machine)).toEqual({ total: total * GB, limitedBy, available: available * GB });
});

it('here', () => {
  const { total, available } = machineMemory();
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(totalmem());
  expect(available).toBeGreaterThan(0);
});
