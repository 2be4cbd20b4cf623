/** CNN1260-1269: limits that a program sets itself, `budget { params 1M; macs 500M; memory 2GB; size 10MB }`; that of memory is in memory.ts. */
import { entry } from './entry.ts';
import { bytes, table } from './memory.ts';
import type { Cost } from './memory.ts';

const whole = (n: number): string => n.toLocaleString('en-US');

export const budgetCodes = {
  CNN1260: entry('error', 'too many parameters', (f: { limit: number; found: number; most: readonly Cost[] }) => ({
    message: `the network has ${whole(f.found)} parameters, more than the ${whole(f.limit)} that are allowed`,
    label: `${(f.found / f.limit).toFixed(f.found < 10 * f.limit ? 1 : 0)} times as many`,
    notes: table(f.most, f.found, whole),
    help: ['use fewer filters or units there, make the image smaller before a flatten, or raise the limit'],
  })),
  CNN1261: entry('error', 'too many multiply-adds', (f: { limit: number; found: number; most: readonly Cost[] }) => ({
    message: `one picture takes ${whole(f.found)} multiply-adds, more than the ${whole(f.limit)} that are allowed`,
    label: `${(f.found / f.limit).toFixed(f.found < 10 * f.limit ? 1 : 0)} times as many`,
    notes: table(f.most, f.found, whole),
    help: ['make the image smaller earlier, use fewer filters there, or raise the limit'],
  })),
  CNN1263: entry('error', 'model too large', (f: { limit: number; found: number; most: readonly Cost[] }) => ({
    message: `the weights of the model take ${bytes(f.found)}, more than the ${bytes(f.limit)} that are allowed`,
    label: `four bytes a parameter`,
    notes: table(f.most, f.found, bytes),
    help: ['use fewer filters or units there, or raise the limit'],
  })),
};
