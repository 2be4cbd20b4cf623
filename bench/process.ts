/** Runs a program as a whole and watches it: wall time, lines of stdout with their times, peak memory of the process tree. */
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

export interface Watched {
  readonly code: number | null;
  readonly seconds: number;
  /** Each line of stdout with the seconds since the start. */
  readonly lines: readonly { readonly at: number; readonly text: string }[];
  readonly stderr: string;
  /** Largest sum of proportional set sizes over the tree, sampled every 200 ms. Linux only; 0 elsewhere. */
  readonly peakMb: number;
}

/** Proportional set size of a process tree in MB; shared pages are counted once. */
function treeMb(root: number): number {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      continue; // it has ended meanwhile
    }
  }
  let total = 0;
  const queue = [root];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    queue.push(...(children.get(pid) ?? []));
    try {
      total += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      continue; // it has ended meanwhile
    }
  }
  return total;
}

export function watch(command: string, args: readonly string[], env: Record<string, string> = {}, memory = true): Promise<Watched> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines: { at: number; text: string }[] = [];
    let rest = '';
    let stderr = '';
    let peakMb = 0;
    const timer = memory && process.platform === 'linux' ? setInterval(() => (peakMb = Math.max(peakMb, treeMb(child.pid ?? 0))), 200) : undefined;
    child.stdout.on('data', (data: Buffer) => {
      const at = (performance.now() - started) / 1000;
      const parts = (rest + data.toString()).split('\n');
      rest = parts.pop() ?? '';
      for (const text of parts) lines.push({ at, text });
    });
    child.stderr.on('data', (data: Buffer) => (stderr = (stderr + data.toString()).slice(-4000)));
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ code, seconds: (performance.now() - started) / 1000, lines, stderr, peakMb });
    });
  });
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
