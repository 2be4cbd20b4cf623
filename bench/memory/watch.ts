/**
 * Runs a command and reads, every 20 ms, the resident memory of its process and of its children. Linux only.
 * `peaks`: each process's own peak (VmHWM), in the order of their start; `together`: the largest sum at one time.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Peaks {
  readonly code: number | null;
  readonly stderr: string;
  readonly peaks: readonly number[];
  readonly together: number;
}

const EVERY = 20;

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function memoryOf(pid: number): { readonly peak: number; readonly now: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    const bytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024;
    return { peak: bytes('VmHWM'), now: bytes('VmRSS') };
  } catch {
    return null;
  }
}

export function watchMemory(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Peaks> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    const peaks = new Map<number, number>();
    let together = 0;
    let stderr = '';
    const timer = setInterval(() => {
      let sum = 0;
      for (const pid of [child.pid!, ...childrenOf(child.pid!)]) {
        const memory = memoryOf(pid);
        if (!memory) continue;
        peaks.set(pid, Math.max(peaks.get(pid) ?? 0, memory.peak));
        sum += memory.now;
      }
      together = Math.max(together, sum);
    }, EVERY);
    child.stderr.on('data', (data: Buffer) => (stderr = (stderr + data.toString()).slice(-4000)));
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ code, stderr, peaks: [...peaks.values()], together });
    });
  });
}
