/** The memory of training: against a limit of the program (CNN1262), the machine's (CNN6059), and what is free now (CNN6068). */
import { entry } from './entry.ts';

/** An estimate (memory/estimate.ts), bytes. */
export interface Needed {
  readonly engine: 'tensorflow' | 'onnx';
  readonly batch: number;
  readonly total: number;
  readonly parts: { readonly processes: number; readonly weights: number; readonly tensors: number; readonly data: number };
}

export interface Cost {
  readonly name: string;
  readonly cost: number;
}

const names = { tensorflow: 'TensorFlow', onnx: 'onnx' } as const;
const whole = (n: number): string => n.toLocaleString('en-US');

/** 1.5 MB, 240 kB: powers of 1000, as in the program. */
export function bytes(n: number): string {
  const [unit, size] = n < 1e3 ? (['B', 1] as const) : n < 1e6 ? (['kB', 1e3] as const) : n < 1e9 ? (['MB', 1e6] as const) : (['GB', 1e9] as const);
  const value = n / size;
  return `${unit === 'B' || value >= 100 ? Math.round(value) : value.toPrecision(3).replace(/\.?0+$/, '')} ${unit}`;
}

/** An estimate is not exact. */
const about = (n: number): string => `about ${bytes(Number(n.toPrecision(2)))}`;

/** The layers that cost most, as a table with shares of the whole. */
export function table(most: readonly Cost[], total: number, show: (n: number) => string): readonly string[] {
  if (most.length === 0) return [];
  const title = 'most of it:  ';
  const columns = Math.max(...most.map(({ name }) => name.length)) + 2;
  const costs = Math.max(...most.map(({ cost }) => show(cost).length));
  return [most.map(({ name, cost }, i) => `${i === 0 ? title : ' '.repeat(title.length)}${name.padEnd(columns)}${show(cost).padStart(costs)}  (${Math.round((cost / total) * 100)} %)`).join('\n')];
}

const partsOf = ({ batch, engine, parts }: Needed): string =>
  `the tensors of a step with ${whole(batch)} ${batch === 1 ? 'picture' : 'pictures'} ${bytes(parts.tensors)}, weights and optimizer ${bytes(parts.weights)}, pictures ${bytes(parts.data)}, cnnc and ${names[engine]} themselves ${bytes(parts.processes)}`;

/** What helps where not even single pictures fit. `least`: what those take. */
function smaller({ engine, total, parts }: Needed): string {
  if (parts.processes > total / 2) return `cnnc and ${names[engine]} themselves take ${bytes(parts.processes)}`;
  if (parts.tensors >= parts.weights) return 'no batch is small enough: make the image smaller (half its height and width is about a quarter of the tensors), pool earlier, or use fewer filters';
  return 'the weights alone are too many: fewer units, or a smaller image or a pool before the flatten';
}

export const memoryCodes = {
  CNN1262: entry('error', 'too much memory', (f: { readonly limit: number; /** On the engine that takes more. */ readonly found: Needed; /** A batch that would fit; null: none. */ readonly fits: number | null; /** With single pictures. */ readonly least: Needed; readonly activations: number; readonly most: readonly Cost[] }) => ({
    message: `training takes ${about(f.found.total)} of memory, more than the ${bytes(f.limit)} that are allowed`,
    label: `${about(f.found.total)} with batches of ${whole(f.found.batch)} on ${names[f.found.engine]}`,
    notes: [partsOf(f.found), `outputs of the layers: ${bytes(f.activations)}`, ...table(f.most, f.activations, bytes)],
    help: [f.fits === null ? `${smaller(f.least)}; or raise the limit` : `use a smaller batch: batch ${f.fits}`],
  })),

  CNN6059: entry('error', 'not enough memory', (f: { readonly needed: Needed; readonly machine: number; readonly limitedBy: 'machine' | 'container'; readonly fits: number | null; /** With single pictures. */ readonly least: Needed; /** The other engine, where that would do. */ readonly other: Needed | null }) => ({
    message: `training would take ${about(f.needed.total)} of memory, and ${f.limitedBy === 'machine' ? 'this machine has' : 'this container may take'} ${bytes(f.machine)}`,
    label: `batches of ${whole(f.needed.batch)}`,
    notes: [partsOf(f.needed)],
    help: [
      ...(f.fits === null ? [smaller(f.least)] : [`a batch of ${whole(f.fits)} fits: fit { batch ${f.fits} }, or --set fit.batch=${f.fits}`]),
      ...(f.other ? [`${names[f.other.engine]} takes ${about(f.other.total)}${f.other.batch === f.needed.batch ? '' : ` with batches of ${whole(f.other.batch)}`}: --engine ${f.other.engine}${f.other.batch === f.needed.batch ? '' : ` --set fit.batch=${f.other.batch}`}`] : []),
      ...(f.limitedBy === 'container' ? ['or give the container more memory'] : []),
      'to train all the same: --any-memory',
    ],
  })),

  CNN6068: entry('warning', 'little memory is free', (f: { readonly needed: Needed; readonly available: number; readonly fits: number | null }) => ({
    message: `training takes ${about(f.needed.total)} of memory, and ${bytes(f.available)} are free now`,
    notes: [partsOf(f.needed)],
    help: [`close what you do not need${f.fits === null ? '' : `; a batch of ${whole(f.fits)} would fit`}`],
  })),
};
