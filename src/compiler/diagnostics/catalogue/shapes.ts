/** CNN3xxx: shapes, and layers that do not do what they seem to. */
import type { Shape } from '../../model/program.ts';
import { entry } from './entry.ts';
import { trace } from './trace.ts';
import type { TraceRow } from './trace.ts';

const show = (shape: readonly number[]): string => (shape.length === 1 ? shape[0].toLocaleString('en-US') : shape.join('x'));
const thing: Readonly<Record<string, string>> = { conv: 'convolution', pool: 'pool', avg_pool: 'average pool', dense: 'dense layer' };
const named = (word: string): string => thing[word] ?? word;
const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const inWords = (n: number): string => numbers[n] ?? String(n);
const iterations = (n: number): string => `${inWords(n)} iteration${n === 1 ? ' fits' : 's fit'}:`;

interface Turn {
  readonly index: number;
  readonly count: number;
}
const turn = (iteration: Turn | null): string => (iteration === null ? '' : `iteration ${iteration.index + 1} of ${iteration.count}: `);

/** Ways out as a table: what, then what to write. The first follows "help:", the others stand below it. */
function ways(rows: readonly (readonly [string, string])[]): readonly string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([what], i) => what.length + (i === 0 ? 'help: '.length : 'or '.length))) + 1;
  return [rows.map(([what, write], i) => (i === 0 ? `${what.padEnd(width - 'help: '.length)}${write}` : `${`or ${what}`.padEnd(width)}${write}`)).join('\n')];
}

export interface WindowFacts {
  readonly word: string;
  readonly window: readonly [number, number];
  readonly input: Shape;
  readonly iteration: { readonly index: number; readonly count: number } | null;
  readonly rows: readonly TraceRow[];
  /** Iterations of the repeat that fit; the number that fits and runs. */
  readonly fits: number | null;
  /** Text of the layer with `same`, and how many iterations then fit (null: all). */
  readonly same: { readonly text: string; readonly fits: number | null; readonly each: boolean } | null;
  /** The smallest image that works, and how to write it. */
  readonly image: { readonly size: string; readonly text: string } | null;
}

export const shapeCodes = {
  CNN3001: entry('error', 'not an image', (f: { word: string; input: Shape; flattened: string | null }) => ({
    message: `this ${named(f.word)} needs an image, but receives a row of ${show(f.input)} numbers`,
    label: `receives ${show(f.input)}`,
    help: [f.flattened === null ? 'put it where the network still holds an image' : `put it before ${f.flattened}`],
  })),
  CNN3002: entry('error', 'not a row of numbers', (f: { word: string; input: Shape; text: string }) => ({
    message: `this ${named(f.word)} needs a row of numbers, but receives a ${show(f.input)} image`,
    label: `receives ${show(f.input)}`,
    help: [`lay the image out first: flatten; ${f.text}`],
  })),
  CNN3004: entry('error', 'window larger than the image', (f: WindowFacts) => ({
    message: `this ${named(f.word)}'s ${show(f.window)} window does not fit into a ${f.input[0]}x${f.input[1]} image`,
    label: `${f.iteration === null ? '' : `iteration ${f.iteration.index + 1} of ${f.iteration.count} `}receives ${show(f.input)}`,
    notes: trace(f.rows),
    help: ways([
      ...(f.fits === null ? [] : [[iterations(f.fits), `repeat ${f.fits} < … >`] as const]),
      ...(f.same === null ? [] : [[f.word === 'conv' ? `keep the size in ${f.same.each ? 'each' : 'this'} convolution:` : 'let the window reach over the edge:', `${f.same.text}${f.same.fits === null ? '' : ` (then ${inWords(f.same.fits)} fit${f.same.fits === 1 ? 's' : ''})`}`] as const]),
      ...(f.image === null ? [] : [[`start from at least ${f.image.size}:`, f.image.text] as const]),
    ]),
  })),
  CNN3005: entry('error', 'stride and dilation', () => ({
    message: 'a convolution can have a stride or a dilation above 1, but not both',
    help: ['drop one of them, or do it in two layers'],
  })),
  CNN3006: entry('error', 'too many weights', (f: { word: string; input: Shape; count: number }) => ({
    message: `this ${named(f.word)} would have ${f.count.toLocaleString('en-US')} weights, more than can be trained`,
    label: `receives ${show(f.input)}`,
    help: ['make the image smaller before it: pool, a stride, or global_avg_pool instead of flatten'],
  })),
  CNN3010: entry('error', 'shapes of a residual differ', (f: { input: Shape; output: Shape; project: boolean; projectable: boolean; iteration: Turn | null }) => ({
    message: `this residual cannot add its input of ${show(f.input)} to its output of ${show(f.output)}`,
    label: `${turn(f.iteration)}${show(f.input)} comes, the cell gives ${show(f.output)}`,
    notes: f.project ? ['no 1x1 convolution with a stride leads from one to the other'] : [],
    help: f.projectable && !f.project ? ['bring the input to the same shape: residual project < … >', 'or keep the shape in the cell: same, no stride or pool, as many filters as channels come'] : ['keep the shape in the cell: same, no stride or pool, as many filters as channels come'],
  })),
  CNN3011: entry('error', 'shapes of branches differ', (f: { merge: string; input: Shape; outputs: readonly Shape[]; iteration: Turn | null }) => ({
    message: f.merge === 'concat' ? `the outputs of this branch have different sizes: ${f.outputs.map(show).join(', ')}` : `${f.merge} needs equal shapes, and the cells of this branch give ${f.outputs.map(show).join(', ')}`,
    label: `${turn(f.iteration)}each cell receives ${show(f.input)}`,
    help: [f.merge === 'concat' ? 'concat joins channels: give all cells the same height and width, with same and equal strides' : 'give all cells the same shape, or join their channels with merge=concat'],
  })),
  CNN3201: entry('warning', 'one dense layer holds almost everything', (f: { share: number; count: number; input: Shape }) => ({
    message: `this dense layer holds ${Math.floor(f.share * 100)} % of all weights`,
    label: `${f.count.toLocaleString('en-US')} weights, from ${show(f.input)} numbers`,
    notes: ['it will learn pictures by heart before the convolutions have learned to see'],
    help: ['make the image smaller before it, or put global_avg_pool in place of flatten'],
  })),
  CNN3202: entry('warning', 'dropout before batch_norm', () => ({
    message: 'dropout directly before a batch_norm changes the variance that the batch_norm learns',
    label: 'normalised right after',
    notes: ['while predicting nothing is dropped, and the variance differs (Li et al. 2018)'],
    help: ['put dropout behind batch_norm'],
  })),
  CNN3203: entry('warning', 'only one pixel left', (f: { word: string; window: readonly [number, number] }) => ({
    message: `this ${named(f.word)}'s ${show(f.window)} window looks at an image of one pixel`,
    label: 'receives 1x1',
    help: ['repeat or pool less before it, or start from a larger image'],
  })),
  CNN3204: entry('warning', 'flattened twice', () => ({
    message: 'this flatten receives a row of numbers and changes nothing',
    help: ['leave it out'],
  })),
};
