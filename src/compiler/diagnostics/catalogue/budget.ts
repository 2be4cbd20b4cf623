/** CNN1260-1269: limits that a program sets itself, `budget { params 1M; macs 500M; memory 2GB; size 10MB }`. */
import { entry } from './entry.ts';

interface Cost {
  readonly name: string;
  readonly cost: number;
}

const whole = (n: number): string => n.toLocaleString('en-US');

/** 1.5 MB, 240 kB: powers of 1000, as in the program. */
function bytes(n: number): string {
  const [unit, size] = n < 1e3 ? (['B', 1] as const) : n < 1e6 ? (['kB', 1e3] as const) : n < 1e9 ? (['MB', 1e6] as const) : (['GB', 1e9] as const);
  const value = n / size;
  return `${unit === 'B' || value >= 100 ? Math.round(value) : value.toPrecision(3).replace(/\.?0+$/, '')} ${unit}`;
}

/** The layers that cost most, as a table with shares of the whole. */
function table(most: readonly Cost[], total: number, show: (n: number) => string): readonly string[] {
  if (most.length === 0) return [];
  const title = 'most of it:  ';
  const names = Math.max(...most.map(({ name }) => name.length)) + 2;
  const costs = Math.max(...most.map(({ cost }) => show(cost).length));
  return [most.map(({ name, cost }, i) => `${i === 0 ? title : ' '.repeat(title.length)}${name.padEnd(names)}${show(cost).padStart(costs)}  (${Math.round((cost / total) * 100)} %)`).join('\n')];
}

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
  CNN1262: entry('error', 'too much memory', (f: { limit: number; found: number; batch: number; /** A batch that would fit; null: none. */ fits: number | null; weights: number; optimizer: number; activations: number; most: readonly Cost[] }) => ({
    message: `training takes about ${bytes(f.found)} of memory, more than the ${bytes(f.limit)} that are allowed`,
    label: `about ${bytes(f.found)} with batches of ${whole(f.batch)}`,
    notes: [`the outputs of all layers for one batch: ${bytes(f.activations)}, weights: ${bytes(f.weights)}, optimizer: ${bytes(f.optimizer)}, and gradients`, ...table(f.most, f.activations, bytes)],
    help: [f.fits === null ? 'no batch is small enough: make the image smaller earlier, use fewer filters, or raise the limit' : `use a smaller batch: batch ${f.fits}`],
  })),
  CNN1263: entry('error', 'model too large', (f: { limit: number; found: number; most: readonly Cost[] }) => ({
    message: `the weights of the model take ${bytes(f.found)}, more than the ${bytes(f.limit)} that are allowed`,
    label: `four bytes a parameter`,
    notes: table(f.most, f.found, bytes),
    help: ['use fewer filters or units there, or raise the limit'],
  })),
};
