/**
 * Convolutions of single channels and transposed ones. ONNX's grouped Conv does the first, with one group for each channel. The
 * gradient by the kernel is a grouped convolution, too: of the image with dy as its kernel, samples in the place of channels,
 * stride and dilation exchanged.
 */
import type { ConvAttrs } from '../../../graph/types.ts';
import { IMAGE, KERNEL } from '../layout.ts';
import type { Writer } from '../writer.ts';
import { convert, plain, reshape, result } from './definition.ts';
import type { Context, Emits, Ref } from './definition.ts';
import { along, convAttrs, leftOver } from './window.ts';
import type { Along } from './window.ts';

const windows = (image: readonly number[], filter: readonly number[], attrs: ConvAttrs): readonly [Along, Along] => along(image, { ...attrs, size: filter.slice(0, 2) });

/** The kernel [h,w,C,M] as [C·M,1,h,w]. */
function grouped(context: Context, filter: Ref): string {
  const { w } = context;
  const [h, width, channels, each] = filter.shape;
  return reshape(w, w.one('Transpose', [plain(context, filter)], { perm: [2, 3, 0, 1] }), [channels * each, 1, h, width]);
}

export const depthwise: Emits<'conv2dTranspose' | 'depthwiseConv2d' | 'depthwiseInputGrad' | 'depthwiseFilterGrad'> = {
  conv2dTranspose(context, { attrs: { size, ...attrs }, inputs, outputs }, [x, filter]) {
    const axes = windows([1, ...size, 1], inputs[1].shape, attrs);
    const made = context.w.one('ConvTranspose', [convert(context, x, IMAGE).name, convert(context, filter, KERNEL).name], { ...convAttrs(axes), output_padding: axes.map(leftOver) });
    return [result(made, outputs[0], IMAGE)];
  },

  depthwiseConv2d(context, { attrs, inputs, outputs }, [x, filter]) {
    const axes = windows(inputs[0].shape, inputs[1].shape, attrs);
    return [result(context.w.one('Conv', [convert(context, x, IMAGE).name, grouped(context, filter)], { ...convAttrs(axes), group: inputs[1].shape[2] }), outputs[0], IMAGE)];
  },

  depthwiseInputGrad(context, { attrs, inputs, outputs }, [dy, filter]) {
    const { w } = context;
    const [, , channels, each] = inputs[1].shape;
    const axes = windows(inputs[2].shape, inputs[1].shape, attrs);
    const gradient = convert(context, dy, IMAGE).name;
    const kernel = grouped(context, filter);
    // Back through a stride of 1 is a convolution with the kernel turned by 180°, which hangs over the other edge.
    if (each === 1 && axes.every((a) => a.stride === 1)) {
      const turned = axes.map((a) => ({ ...a, before: (a.size - 1) * a.dilation - a.before, after: (a.size - 1) * a.dilation - a.after }));
      return [result(w.one('Conv', [gradient, turn(w, kernel)], { ...convAttrs(turned), group: channels }), outputs[0], IMAGE)];
    }
    return [result(w.one('ConvTranspose', [gradient, kernel], { ...convAttrs(axes), output_padding: axes.map(leftOver), group: channels }), outputs[0], IMAGE)];
  },

  depthwiseFilterGrad(context, { attrs, inputs, outputs }, [x, dy]) {
    const { w } = context;
    const [h, width, channels, each] = attrs.filterShape;
    const axes = windows(inputs[0].shape, attrs.filterShape, attrs);
    const [, height, across] = inputs[0].shape;
    const [rows, columns] = axes;
    // [N,C,H,W] → [1,C·N,H,W] and [N,C·M,H',W'] → [C·M,N,H',W'].
    const images = reshape(w, w.one('Transpose', [convert(context, x, IMAGE).name], { perm: [1, 0, 2, 3] }), [1, -1, height, across]);
    const kernels = w.one('Transpose', [convert(context, dy, IMAGE).name], { perm: [1, 0, 2, 3] });
    const sums = w.one('Conv', [images, kernels], {
      kernel_shape: [rows.count, columns.count],
      strides: axes.map((a) => a.dilation),
      dilations: axes.map((a) => a.stride),
      pads: [...axes.map((a) => a.before), ...axes.map((a) => a.after)],
      group: channels,
    });
    // What the windows leave over gives places that the kernel does not have.
    const own = w.one('Slice', [reshape(w, sums, [channels, each, ...axes.map(placesOf)]), w.ints([0, 0]), w.ints([h, width]), w.ints([2, 3])]);
    return [result(w.one('Transpose', [own], { perm: [2, 3, 0, 1] }), outputs[0])];
  },
};

const placesOf = ({ input, before, after, count, stride, dilation }: Along): number => Math.floor((input + before + after - ((count - 1) * stride + 1)) / dilation) + 1;

const turn = (w: Writer, kernel: string): string => w.one('Slice', [kernel, w.ints([-1, -1]), w.ints([-1000000, -1000000]), w.ints([2, 3]), w.ints([-1, -1])]);
