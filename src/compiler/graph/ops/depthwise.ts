/** Convolution of each channel on its own, kernels [h,w,C,M]: TensorFlow's DepthwiseConv2dNative and its two gradients. */
import type { NDArray } from '../ndarray.ts';
import { ndarray } from '../ndarray.ts';
import type { ConvAttrs, TensorType } from '../types.ts';
import { outputShape, walk } from './convolution.ts';
import type { OpDefinition } from './definition.ts';
import { expectInputs, expectShape, fail, float, showType } from './definition.ts';

type Shape = readonly number[];

/** The kernel as an ordinary one would be, for shapes and offsets: [h,w,C,C·M]. */
const shapeOf = (x: Shape, w: Shape, attrs: ConvAttrs): number[] => outputShape(x, [w[0], w[1], w[2], w[2] * w[3]], attrs);

function check(op: string, x: TensorType, w: TensorType, dy: TensorType | undefined, attrs: ConvAttrs): Shape {
  if (x.shape[3] !== w.shape[2]) fail(`${op}: kernel ${showType(w)} on ${showType(x)}`);
  const { stride, dilation } = attrs;
  if (stride[0] !== stride[1] || (stride[0] > 1 && Math.max(...dilation) > 1)) fail(`${op} with stride ${stride} and dilation ${dilation}`);
  const shape = shapeOf(x.shape, w.shape, attrs);
  if (dy) expectShape(op, 'dy', dy, shape);
  return shape;
}

/** Calls `visit` with the offsets of the elements that meet. `w` is the kernel's shape [h,w,C,M]. */
function meet(x: Shape, w: Shape, y: Shape, attrs: ConvAttrs, visit: (x: number, w: number, y: number) => void): void {
  const [, , channels, each] = w;
  // `walk` counts rows of the kernel as C·M numbers where w[2]·w[3] is that.
  walk(x, w, y, attrs, (xi, wi, yi) => {
    for (let c = 0; c < channels; c++) for (let m = 0; m < each; m++) visit(xi + c, wi + c * each + m, yi + c * each + m);
  });
}

export const depthwiseConv2d: OpDefinition<'depthwiseConv2d'> = {
  infer(inputs, attrs) {
    expectInputs('depthwiseConv2d', inputs, [['float', 4], ['float', 4]]);
    return [float(check('depthwiseConv2d', inputs[0], inputs[1], undefined, attrs), inputs[0])];
  },
  gradient: ({ g, dy, inputs: [x, w], attrs, needs }) => [
    needs[0] ? g.depthwiseInputGrad(dy, w, x, attrs) : null,
    needs[1] ? g.depthwiseFilterGrad(x, dy, { ...attrs, filterShape: [w.shape[0], w.shape[1], w.shape[2], w.shape[3]] }) : null,
  ],
  evaluate([x, w], attrs) {
    const y = ndarray(shapeOf(x.shape, w.shape, attrs));
    meet(x.shape, w.shape, y.shape, attrs, (xi, wi, yi) => void (y.data[yi] += x.data[xi] * w.data[wi]));
    return [y];
  },
};

export const depthwiseInputGrad: OpDefinition<'depthwiseInputGrad'> = {
  infer(inputs, attrs) {
    expectInputs('depthwiseInputGrad', inputs, [['float', 4], ['float', 4], ['any', 4]]);
    const [dy, w, xLike] = inputs;
    check('depthwiseInputGrad', xLike, w, dy, attrs);
    return [float(xLike.shape, inputs[0])];
  },
  gradient: 'none',
  evaluate([dy, w, xLike]: readonly NDArray[], attrs) {
    const dx = ndarray(xLike.shape);
    meet(dx.shape, w.shape, dy.shape, attrs, (xi, wi, yi) => void (dx.data[xi] += dy.data[yi] * w.data[wi]));
    return [dx];
  },
};

export const depthwiseFilterGrad: OpDefinition<'depthwiseFilterGrad'> = {
  infer(inputs, attrs) {
    expectInputs('depthwiseFilterGrad', inputs, [['float', 4], ['float', 4]]);
    check('depthwiseFilterGrad', inputs[0], float(attrs.filterShape), inputs[1], attrs);
    return [float(attrs.filterShape, inputs[0])];
  },
  gradient: 'none',
  evaluate([x, dy], attrs) {
    const dw = ndarray(attrs.filterShape);
    meet(x.shape, dw.shape, dy.shape, attrs, (xi, wi, yi) => void (dw.data[wi] += x.data[xi] * dy.data[yi]));
    return [dw];
  },
};
