/** Matrix products, biases, convolutions and their gradients. */
import type { ConvAttrs } from '../../../graph/types.ts';
import type { Ref, Writer } from '../writer.ts';
import { batchOf, shapeOf, withBatch } from './definition.ts';
import type { Emits } from './definition.ts';

const convAttrs = ({ stride, padding, dilation }: ConvAttrs): Record<string, string | readonly number[]> => ({
  strides: [1, ...stride, 1],
  padding: padding.toUpperCase(),
  dilations: [1, ...dilation, 1],
});

/**
 * TensorFlow's CPU kernels for the gradients of a convolution know no dilation. A dilated convolution of stride 1 is an
 * ordinary VALID one on the image cut into dilation[0] × dilation[1] interleaved images (SpaceToBatch), padding included.
 */
function interleaving(input: readonly number[], filter: readonly number[], { stride, padding, dilation }: ConvAttrs) {
  if (stride[0] !== 1 || stride[1] !== 1) throw new Error('a dilated convolution with a stride has no gradient in TensorFlow');
  const axes = [0, 1].map((a) => {
    const pad = padding === 'same' ? (filter[a] - 1) * dilation[a] : 0;
    const before = Math.floor(pad / 2);
    const fill = (dilation[a] - ((input[a + 1] + pad) % dilation[a])) % dilation[a];
    return { before, after: pad - before + fill, fill, padded: (input[a + 1] + pad + fill) / dilation[a] };
  });
  return {
    input: axes.map((a) => [a.before, a.after]),
    output: axes.map((a) => [0, a.fill]),
    padded: axes.map((a) => a.padded),
  };
}

const cut = (w: Writer, x: Ref, dilation: readonly number[], paddings: readonly (readonly number[])[]): Ref =>
  w.one('SpaceToBatchND', [x, w.constant('int32', dilation), w.constant('int32', paddings.flat(), [2, 2])]);

/**
 * oneDNN's filter gradient of a 1x1 window reads past the image where a stride leaves rows or columns over (TensorFlow 2.21: wrong
 * numbers, or an abort of the process). Without what the window never sees, it is a gradient of stride 1.
 */
const isSparsePoint = ({ stride }: ConvAttrs, filterShape: readonly number[]): boolean => filterShape[0] === 1 && filterShape[1] === 1 && (stride[0] !== 1 || stride[1] !== 1);

function seen(w: Writer, x: Ref, stride: readonly number[]): Ref {
  const zeros = w.constant('int32', [0, 0, 0, 0]);
  return w.one('StridedSlice', [x, zeros, zeros, w.constant('int32', [1, ...stride, 1])], { begin_mask: 15, end_mask: 15 });
}

const isDilated = (attrs: ConvAttrs): boolean => attrs.dilation[0] !== 1 || attrs.dilation[1] !== 1;
const plain = { strides: [1, 1, 1, 1], padding: 'VALID' } as const;

interface Image {
  /** int32 [4] */
  readonly sizes: () => Ref;
  readonly shape: readonly number[];
  readonly filterShape: readonly number[];
}

/** The gradient of a convolution by its image, of the shape given. */
function inputGradient(w: Writer, op: 'Conv2DBackpropInput' | 'DepthwiseConv2dNativeBackpropInput', dy: Ref, filter: Ref, { sizes, shape, filterShape }: Image, attrs: ConvAttrs): Ref {
  if (!isDilated(attrs)) return w.one(op, [sizes(), filter, dy], convAttrs(attrs));
  const cuts = interleaving(shape, filterShape, attrs);
  const pieces = cut(w, dy, attrs.dilation, cuts.output);
  const gradient = w.one(op, [withBatch(w, batchOf(w, pieces), [...cuts.padded, shape[3]]), filter, pieces], plain);
  return joined(w, gradient, attrs.dilation, cuts.input);
}

const joined = (w: Writer, x: Ref, dilation: readonly number[], crops: readonly (readonly number[])[]): Ref =>
  w.one('BatchToSpaceND', [x, w.constant('int32', dilation), w.constant('int32', crops.flat(), [2, 2])]);

export const linear: Emits<'matmul' | 'biasAdd' | 'biasAddGrad' | 'conv2d' | 'conv2dInputGrad' | 'conv2dFilterGrad' | 'conv2dTranspose' | 'depthwiseConv2d' | 'depthwiseInputGrad' | 'depthwiseFilterGrad'> = {
  matmul: ({ w }, { attrs }, [a, b]) => w.add('MatMul', [a, b], { transpose_a: attrs.transposeA, transpose_b: attrs.transposeB }),
  biasAdd: ({ w }, _, [x, bias]) => w.add('BiasAdd', [x, bias], { data_format: 'NHWC' }),
  // BiasAddGrad adds up in bfloat16, and so loses what is small; Sum does not.
  biasAddGrad: ({ w }, { inputs: [{ shape }] }, [dy]) =>
    dy.dtype === 'bfloat16' ? w.add('Sum', [dy, w.constant('int32', shape.slice(1).map((_, axis) => axis))]) : w.add('BiasAddGrad', [dy], { data_format: 'NHWC' }),
  conv2d: ({ w }, { attrs }, [x, filter]) => w.add('Conv2D', [x, filter], convAttrs(attrs)),

  conv2dInputGrad: ({ w }, { attrs, inputs }, [dy, filter, like]) => [
    inputGradient(w, 'Conv2DBackpropInput', dy, filter, { sizes: () => shapeOf(w, like, inputs[2].shape), shape: inputs[2].shape, filterShape: inputs[1].shape }, attrs),
  ],
  conv2dTranspose: ({ w }, { attrs: { size, ...attrs }, inputs, outputs }, [x, filter]) => [
    inputGradient(w, 'Conv2DBackpropInput', x, filter, { sizes: () => withBatch(w, batchOf(w, x), [...size, inputs[1].shape[2]]), shape: outputs[0].shape, filterShape: inputs[1].shape }, attrs),
  ],

  conv2dFilterGrad({ w }, { attrs, inputs }, [x, dy]) {
    const shape = w.constant('int32', attrs.filterShape);
    if (isSparsePoint(attrs, attrs.filterShape)) return w.add('Conv2DBackpropFilter', [seen(w, x, attrs.stride), shape, dy], plain);
    if (!isDilated(attrs)) return w.add('Conv2DBackpropFilter', [x, shape, dy], convAttrs(attrs));
    const cuts = interleaving(inputs[0].shape, attrs.filterShape, attrs);
    return w.add('Conv2DBackpropFilter', [cut(w, x, attrs.dilation, cuts.input), shape, cut(w, dy, attrs.dilation, cuts.output)], plain);
  },
  // The kernels for single channels know no dilation either, forward or back.
  depthwiseConv2d({ w }, { attrs, inputs }, [x, filter]) {
    if (!isDilated(attrs)) return w.add('DepthwiseConv2dNative', [x, filter], convAttrs(attrs));
    const cuts = interleaving(inputs[0].shape, inputs[1].shape, attrs);
    const y = w.one('DepthwiseConv2dNative', [cut(w, x, attrs.dilation, cuts.input), filter], plain);
    return [joined(w, y, attrs.dilation, cuts.output)];
  },
  depthwiseInputGrad: ({ w }, { attrs, inputs }, [dy, filter, like]) => [
    inputGradient(w, 'DepthwiseConv2dNativeBackpropInput', dy, filter, { sizes: () => shapeOf(w, like, inputs[2].shape), shape: inputs[2].shape, filterShape: inputs[1].shape }, attrs),
  ],
  depthwiseFilterGrad({ w }, { attrs, inputs }, [x, dy]) {
    const shape = w.constant('int32', attrs.filterShape);
    if (!isDilated(attrs)) return w.add('DepthwiseConv2dNativeBackpropFilter', [x, shape, dy], convAttrs(attrs));
    const cuts = interleaving(inputs[0].shape, attrs.filterShape, attrs);
    return w.add('DepthwiseConv2dNativeBackpropFilter', [cut(w, x, attrs.dilation, cuts.input), shape, cut(w, dy, attrs.dilation, cuts.output)], plain);
  },
};
