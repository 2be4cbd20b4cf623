/** CNN3xxx: shapes, and layers that do not do what they seem to. */
import type { Shape, Sides } from '../../model/program.ts';
import { entry } from './entry.ts';
import { trace } from './trace.ts';
import type { TraceRow } from './trace.ts';

const show = (shape: readonly number[]): string => (shape.length === 1 ? shape[0].toLocaleString('en-US') : shape.join('x'));
const thing: Readonly<Record<string, string>> = {
  conv: 'convolution', depthwise_conv: 'depthwise convolution', separable_conv: 'separable convolution', conv_transpose: 'transposed convolution', pool: 'pool', avg_pool: 'average pool', dense: 'dense layer',
};
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

const inAll = (shape: Shape): string => shape.reduce((product, n) => product * n, 1).toLocaleString('en-US');
const divisors = (count: number): readonly number[] => Array.from({ length: Math.min(count, 4096) }, (_, i) => i + 1).filter((n) => count % n === 0).slice(0, 8);
const oneOfNumbers = (items: readonly number[]): string => (items.length === 1 ? String(items[0]) : `${items.slice(0, -1).join(', ')} or ${items[items.length - 1]}`);

const showTarget = (target: readonly number[]): string => (target.includes(-1) ? `[${target.join(', ')}]` : target.join('x'));

function reshapeNotes(target: readonly number[], input: Shape): readonly string[] {
  if (target.filter((n) => n === -1).length > 1) return ['only one size may be -1'];
  const known = target.filter((n) => n !== -1);
  const product = inAll(known);
  return [known.length === target.length ? `${showTarget(target)} holds ${product}` : `${inAll(input)} is no multiple of ${product}`];
}

const sideNames = ['above', 'below', 'on the left', 'on the right'];
const cut = (sides: Sides): string => sides.flatMap((n, i) => (n === 0 ? [] : [`${n} ${sideNames[i]}`])).join(', ');

export const shapeCodes = {
  CNN3001: entry('error', 'not an image', (f: { word: string; input: Shape; flattened: string | null }) => ({
    message: `this ${named(f.word)} needs an image, but receives ${f.input.length === 1 ? `a row of ${show(f.input)} numbers` : `numbers in ${f.input.length} dimensions, ${show(f.input)}`}`,
    label: `receives ${show(f.input)}`,
    help: [f.flattened === null ? 'put it where the network still holds an image' : `put it before ${f.flattened}`],
  })),
  CNN3002: entry('error', 'not a row of numbers', (f: { word: string; input: Shape; text: string }) => ({
    message: `this ${named(f.word)} needs a row of numbers, but receives ${f.input.length === 3 ? `a ${show(f.input)} image` : `numbers in ${f.input.length} dimensions, ${show(f.input)}`}`,
    label: `receives ${show(f.input)}`,
    help: [`lay the image out first: flatten; ${f.text}`],
  })),
  CNN3004: entry('error', 'window larger than the image', (f: WindowFacts) => ({
    message: `this ${named(f.word)}'s ${show(f.window)} window does not fit into a ${f.input[0]}x${f.input[1]} image`,
    label: `${f.iteration === null ? '' : `iteration ${f.iteration.index + 1} of ${f.iteration.count} `}receives ${show(f.input)}`,
    notes: trace(f.rows),
    help: ways([
      ...(f.fits === null ? [] : [[iterations(f.fits), `repeat ${f.fits} < … >`] as const]),
      ...(f.same === null ? [] : [[f.word.endsWith('conv') ? `keep the size in ${f.same.each ? 'each' : 'this'} convolution:` : 'let the window reach over the edge:', `${f.same.text}${f.same.fits === null ? '' : ` (then ${inWords(f.same.fits)} fit${f.same.fits === 1 ? 's' : ''})`}`] as const]),
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
  CNN3012: entry('error', 'groups do not divide the channels', (f: { word: string; groups: number; of: 'filters' | 'channels'; count: number; input: Shape }) => ({
    message: `${f.count} ${f.of} do not go into ${f.groups} equal groups`,
    label: f.of === 'filters' ? `${f.count} filters` : `receives ${show(f.input)}`,
    help: [`${f.groups > f.count ? 'no more groups than that; ' : ''}the groups divide the ${f.of}: ${oneOfNumbers(divisors(f.count))}`],
  })),
  CNN3013: entry('error', 'reshape does not fit', (f: { target: readonly number[]; input: Shape }) => ({
    message: `${inAll(f.input)} numbers do not fit into a shape of ${showTarget(f.target)}`,
    label: `receives ${show(f.input)}`,
    notes: reshapeNotes(f.target, f.input),
    help: ['the sizes of the new shape have the same product; one of them may be left to the rest: [-1, …]'],
  })),
  CNN3014: entry('error', 'not an order of the dimensions', (f: { dims: readonly number[]; input: Shape }) => ({
    message: `[${f.dims.join(', ')}] does not name each of the ${inWords(f.input.length)} dimension${f.input.length === 1 ? '' : 's'} of ${show(f.input)} once`,
    label: `receives ${show(f.input)}`,
    help: [`each number from 1 to ${f.input.length} stands once: permute [${f.input.map((_, i) => f.input.length - i).join(', ')}]`],
  })),
  CNN3015: entry('error', 'nothing left of the image', (f: { cropping: Sides; input: Shape }) => ({
    message: `cropping ${cut(f.cropping)} leaves nothing of a ${f.input[0]}x${f.input[1]} image`,
    label: `receives ${show(f.input)}`,
    help: ['cut less off, or crop where the image is larger'],
  })),
  CNN3016: entry('error', 'output padding does not fit', (f: { outputPadding: readonly [number, number]; stride: readonly [number, number]; window: readonly [number, number]; input: Shape }) => ({
    message: `an output_padding of ${show(f.outputPadding)} does not go with a stride of ${show(f.stride)} and a ${show(f.window)} window`,
    label: 'below the stride, and no less than leads back to the input',
    help: ['leave output_padding out: with same the output is the input times the stride'],
  })),
  CNN3017: entry('error', 'initializer for another shape', (f: { initializer: 'identity' | 'orthogonal'; shape: Shape }) => ({
    message: `${f.initializer} cannot begin a weight of ${show(f.shape)}`,
    label: f.initializer === 'identity' ? 'for weights of two dimensions' : 'for weights of two or more dimensions',
    help: [f.initializer === 'identity' ? 'identity is for the kernel of a dense layer; write another initializer' : 'orthogonal is for kernels; write another initializer'],
  })),
  CNN3018: entry('error', 'no such axis', (f: { what: string; rank: number; first: 0 | 1 }) => ({
    message: `${f.what} has ${inWords(f.rank)} ${f.rank === 1 ? 'axis' : 'axes'}, counted from ${f.first}`,
    help: [f.rank === 1 ? `the only axis is ${f.first}` : `axes are ${oneOfNumbers(Array.from({ length: f.rank }, (_, i) => f.first + i)).replace(' or ', ' and ')}`],
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
