/**
 * The gradient of a convolution by its kernel, as matrix products: dw[o,i,u,v] = Σ x[n,i,h·s+u,w·s+v] · dy[n,o,h,w].
 * One Gather lays out the rows of the image under each row u of the kernel: [N, I·rows, H', W]. Then one product for each column v,
 * over the pixels of each sample, either with dy pushed along by v (W columns; fewer numbers are moved where the kernel is large) or
 * of the columns under v with dy as it is (W' columns). `cutting` and `pushing` weigh what that moves.
 */
import type { Writer } from '../writer.ts';
import { reshape } from './definition.ts';
import type { Along } from './window.ts';

export interface FilterWindows {
  readonly rows: Along;
  readonly columns: Along;
  readonly filter: readonly [height: number, width: number, ins: number, outs: number];
}

/** Nanoseconds on one thread, roughly: a number through Gather or Slice, through Pad, and a multiplication in a product. */
const COST = { move: 1.1, pad: 2.2, multiply: 0.027 } as const;

/** Whether pushing dy costs less than cutting x, counted for one sample. */
function pushes({ rows, columns, filter: [height, width, ins, outs] }: FilterWindows): boolean {
  if (columns.stride !== 1 || width === 1) return false;
  // Pushed so far that nothing of dy is left.
  if (Math.max(columns.before, columns.after) >= columns.count) return false;
  const pushing = COST.pad * width * outs * rows.count * columns.input + COST.multiply * rows.count * (columns.input - columns.count) * height * width * ins * outs;
  const cutting = COST.move * height * width * ins * rows.count * columns.count + COST.pad * (columns.before + columns.after > 0 ? ins * rows.input * columns.input : 0);
  return pushing < cutting;
}

/** @param image [N,I,H,W] @param gradient [N,O,H',W'] @returns [O,I,height,width] */
export function filterGradient(w: Writer, image: string, gradient: string, windows: FilterWindows): string {
  const { rows, columns, filter: [height, width, ins, outs] } = windows;
  const pushing = pushes(windows);
  // Pushed over the edge, dy leaves the image as padding would.
  const [left, right] = pushing ? [0, 0] : [columns.before, columns.after];
  const pads = [0, 0, rows.before, left, 0, 0, rows.after, right];
  const padded = pads.some((p) => p > 0) ? w.one('Pad', [image, w.ints(pads)]) : image;
  const full = left + columns.input + right;
  const gathered = rowsUnder(w, padded, rows, [ins, full]);
  const taps = Array.from({ length: width }, (_, v) => v * columns.dilation);
  const vectors = (x: string, count: number, pixels: number): string => reshape(w, x, [-1, count, pixels]);
  // Summed over the samples: [left, right].
  const product = (left: string, right: string): string =>
    w.one('ReduceSum', [w.one('MatMul', [left, w.one('Transpose', [right], { perm: [0, 2, 1] })]), w.ints([0])], { keepdims: 0 });

  if (pushing) {
    const under = vectors(gathered, ins * height, rows.count * full);
    const parts = taps.map((tap) => {
      const by = tap - columns.before;
      const pushed = w.one('Pad', [gradient, w.ints([0, 0, 0, by, 0, 0, 0, full - columns.count - by])]);
      return product(under, vectors(pushed, outs, rows.count * full));
    });
    return joined(w, parts, windows, false);
  }
  const given = vectors(gradient, outs, rows.count * columns.count);
  // The longer side stands left, where the product does not have to repack it.
  const swapped = ins * height < outs;
  const whole = width === 1 && columns.stride === 1 && full === columns.count;
  const parts = taps.map((tap) => {
    const cut = whole ? gathered : w.one('Slice', [gathered, w.ints([tap]), w.ints([tap + (columns.count - 1) * columns.stride + 1]), w.ints([3]), w.ints([columns.stride])]);
    const under = vectors(cut, ins * height, rows.count * columns.count);
    return swapped ? product(given, under) : product(under, given);
  });
  return joined(w, parts, windows, swapped);
}

/** [N,I,H,W] → [N,I·rows,H',W]: the rows of the image under each row of the kernel. */
function rowsUnder(w: Writer, image: string, { input, before, after, size, count, stride, dilation }: Along, [ins, full]: readonly [number, number]): string {
  if (size === 1 && stride === 1 && count === before + input + after) return image;
  const indices = Array.from({ length: size }, (_, u) => Array.from({ length: count }, (__, i) => u * dilation + i * stride)).flat();
  const gathered = w.one('Gather', [image, w.constant('int64', indices, [size, count])], { axis: 2 });
  return reshape(w, gathered, [-1, ins * size, count, full]);
}

/** Parts by column, [I·rows, O] or [O, I·rows] → [O,I,rows,columns]. */
function joined(w: Writer, parts: readonly string[], { filter: [height, width, ins, outs] }: FilterWindows, swapped: boolean): string {
  if (swapped) return concat(w, parts.map((part) => reshape(w, part, [outs, ins, height, 1])), 3);
  const all = concat(w, parts.map((part) => reshape(w, part, [ins * height, 1, outs])), 1);
  const transposed = w.one('Transpose', [reshape(w, all, [ins * height * width, outs])], { perm: [1, 0] });
  return reshape(w, transposed, [outs, ins, height, width]);
}

const concat = (w: Writer, parts: readonly string[], axis: number): string => (parts.length === 1 ? parts[0] : w.one('Concat', parts, { axis }));
