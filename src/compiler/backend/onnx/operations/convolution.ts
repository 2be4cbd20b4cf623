/** Convolutions and their gradients: Conv, ConvTranspose, and matrix products of shifted images. */
import type { ConvAttrs } from '../../../graph/types.ts';
import { IMAGE, KERNEL } from '../layout.ts';
import type { Writer } from '../writer.ts';
import { convert, reshape, result } from './definition.ts';
import type { Emits } from './definition.ts';
import { along, convAttrs, leftOver } from './window.ts';
import type { Along } from './window.ts';

const windows = (image: readonly number[], filter: readonly number[], attrs: ConvAttrs): readonly [Along, Along] => along(image, { ...attrs, size: filter.slice(0, 2) });

/** Every `stride`th row or column under tap `tap` of the windows. */
function slice(w: Writer, x: string, axis: 2 | 3, { count, stride, dilation }: Along, tap: number): string {
  const start = tap * dilation;
  return w.one('Slice', [x, w.ints([start]), w.ints([start + (count - 1) * stride + 1]), w.ints([axis]), w.ints([stride])]);
}

export const convolutions: Emits<'conv2d' | 'conv2dInputGrad' | 'conv2dFilterGrad'> = {
  conv2d(context, { attrs, inputs, outputs }, [x, filter]) {
    const axes = windows(inputs[0].shape, inputs[1].shape, attrs);
    return [result(context.w.one('Conv', [convert(context, x, IMAGE).name, convert(context, filter, KERNEL).name], convAttrs(axes)), outputs[0], IMAGE)];
  },

  conv2dInputGrad(context, { attrs, inputs, outputs }, [dy, filter]) {
    const axes = windows(inputs[2].shape, inputs[1].shape, attrs);
    const name = context.w.one('ConvTranspose', [convert(context, dy, IMAGE).name, convert(context, filter, KERNEL).name], {
      ...convAttrs(axes),
      output_padding: axes.map(leftOver),
    });
    return [result(name, outputs[0], IMAGE)];
  },

  /**
   * dw[u,v,i,o] = Σ x[n, i, h·s + u, w·s + v] · dy[n, o, h, w]: one matrix product for each row u of the kernel, of the image's
   * slices under its columns [N, columns·I, H'·W'] with dy [N, H'·W', O].
   */
  conv2dFilterGrad(context, { attrs, inputs, outputs }, [x, dy]) {
    const { w } = context;
    const [, , ins, outs] = attrs.filterShape;
    const [rows, columns] = windows(inputs[0].shape, attrs.filterShape, attrs);
    const image = convert(context, x, IMAGE).name;
    const pads = [0, 0, rows.before, columns.before, 0, 0, rows.after, columns.after];
    const padded = pads.some((p) => p > 0) ? w.one('Pad', [image, w.ints(pads)]) : image;
    const slices = Array.from({ length: columns.size }, (_, v) => slice(w, padded, 3, columns, v));
    const wide = slices.length === 1 ? slices[0] : w.one('Concat', slices, { axis: 1 });
    const gradient = reshape(w, convert(context, dy, IMAGE).name, [-1, outs, rows.count * columns.count]);
    const transposed = w.one('Transpose', [gradient], { perm: [0, 2, 1] });
    const parts = Array.from({ length: rows.size }, (_, u) => {
      const slab = reshape(w, slice(w, wide, 2, rows, u), [-1, columns.size * ins, rows.count * columns.count]);
      return w.one('ReduceSum', [w.one('MatMul', [slab, transposed]), w.ints([0])], { keepdims: 0 });
    });
    const all = parts.length === 1 ? parts[0] : w.one('Concat', parts, { axis: 0 });
    return [result(reshape(w, all, attrs.filterShape), outputs[0])];
  },
};
