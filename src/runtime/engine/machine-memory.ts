/**
 * How much memory this process and its children may take: the machine's, or less where a container or a service has a limit
 * (cgroups: v2 memory.max of the own group and all above it, v1 memory.limit_in_bytes). Swap does not count: training in it never ends.
 */
import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';

export interface MachineMemory {
  /** Bytes that there are at most. */
  readonly total: number;
  readonly limitedBy: 'machine' | 'container';
  /** Bytes that could be had now without pushing others out. */
  readonly available: number;
}

/** `root`: where the system shows itself, for tests. */
export function machineMemory(root = '/', machine = { total: totalmem(), free: freemem() }): MachineMemory {
  const group = smallestLimit(root);
  const constrained = root === '/' ? (process.constrainedMemory?.() ?? 0) : 0;
  // Without a limit the kernel, and so Node, gives a number larger than any machine, or 0.
  const limit = Math.min(group?.limit ?? Infinity, constrained > 0 ? constrained : Infinity);
  if (limit >= machine.total) return { total: machine.total, limitedBy: 'machine', available: machine.free };
  return { total: limit, limitedBy: 'container', available: Math.min(machine.free, Math.max(0, limit - (group?.limit === limit ? group.used : 0))) };
}

interface Group {
  readonly limit: number;
  /** Without files that the kernel would let go of. */
  readonly used: number;
}

function smallestLimit(root: string): Group | null {
  const lines = (read(join(root, 'proc/self/cgroup')) ?? '').split('\n');
  const groups = lines.flatMap((line): Group[] => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined) return [];
    if (controllers === '') return upwards(path).flatMap((at) => groupAt(join(root, 'sys/fs/cgroup', at), ['memory.max', 'memory.current', 'inactive_file']));
    if (!controllers.split(',').includes('memory')) return [];
    return upwards(path).flatMap((at) => groupAt(join(root, 'sys/fs/cgroup/memory', at), ['memory.limit_in_bytes', 'memory.usage_in_bytes', 'total_inactive_file']));
  });
  return groups.reduce<Group | null>((least, group) => (least === null || group.limit < least.limit ? group : least), null);
}

/** `/a/b` → /a/b, /a, /. In a container the path may be that of the host, of which only the root is there. */
function upwards(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, i) => parts.slice(0, parts.length - i).join('/'));
}

function groupAt(folder: string, [max, current, files]: readonly [string, string, string]): readonly Group[] {
  const limit = Number(read(join(folder, max))?.trim() || NaN);
  // `max` and v1's huge number are no limits.
  if (!Number.isFinite(limit) || limit > 2 ** 60) return [];
  const used = Number(read(join(folder, current)) ?? 0);
  const idle = Number(new RegExp(`^${files} (\\d+)`, 'm').exec(read(join(folder, 'memory.stat')) ?? '')?.[1] ?? 0);
  return [{ limit, used: Math.max(0, used - idle) }];
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
