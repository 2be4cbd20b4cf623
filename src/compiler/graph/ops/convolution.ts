/**
 * Two-dimensional convolution (cross-correlation), channels last, kernels HWIO: TensorFlow's Conv2D,
 * Conv2DBackpropInput and Conv2DBackpropFilter.
 */
import type { NDArray } from '../ndarray.ts';
import { ndarray } from '../ndarray.ts';
import type { ConvAttrs, TensorType } from '../types.ts';
import type { OpDefinition } from './definition.ts';
import { expectInputs, expectShape, fail, float, showType } from './definition.ts';
import { windowAlong } from './window.ts';

type Shape = readonly number[];

export function outputShape(x: Shape, w: Shape, { stride, padding, dilation }: ConvAttrs): number[] {
  return [x[0], windowAlong(x[1], w[0], stride[0], dilation[0], padding).count, windowAlong(x[2], w[1], stride[1], dilation[1], padding).count, w[3]];
}

/** Calls `visit` with the offsets of the channel rows of x, w and y that meet: y[y..y+O] += x[x..x+I] · w[w..w+I·O]. */
export function walk(x: Shape, w: Shape, y: Shape, { stride, padding, dilation }: ConvAttrs, visit: (x: number, w: number, y: number) => void): void {
  const top = windowAlong(x[1], w[0], stride[0], dilation[0], padding).before;
  const left = windowAlong(x[2], w[1], stride[1], dilation[1], padding).before;
  for (let n = 0; n < y[0]; n++) {
    for (let i = 0; i < y[1]; i++) {
      for (let j = 0; j < y[2]; j++) {
        for (let u = 0; u < w[0]; u++) {
          const row = i * stride[0] - top + u * dilation[0];
          if (row < 0 || row >= x[1]) continue;
          for (let v = 0; v < w[1]; v++) {
            const column = j * stride[1] - left + v * dilation[1];
            if (column < 0 || column >= x[2]) continue;
            visit(((n * x[1] + row) * x[2] + column) * x[3], (u * w[1] + v) * w[2] * w[3], ((n * y[1] + i) * y[2] + j) * y[3]);
          }
        }
      }
    }
  }
}

function check(op: string, x: TensorType, w: TensorType, dy: TensorType | undefined, attrs: ConvAttrs): Shape {
  if (x.shape[3] !== w.shape[2]) fail(`${op}: kernel ${showType(w)} on ${showType(x)}`);
  const shape = outputShape(x.shape, w.shape, attrs);
  if (dy) expectShape(op, 'dy', dy, shape);
  return shape;
}

export const conv2d: OpDefinition<'conv2d'> = {
  infer(inputs, attrs) {
    expectInputs('conv2d', inputs, [['float', 4], ['float', 4]]);
    return [float(check('conv2d', inputs[0], inputs[1], undefined, attrs), inputs[0])];
  },
  gradient: ({ g, dy, inputs: [x, w], attrs, needs }) => [
    needs[0] ? g.conv2dInputGrad(dy, w, x, attrs) : null,
    needs[1] ? g.conv2dFilterGrad(x, dy, { ...attrs, filterShape: [w.shape[0], w.shape[1], w.shape[2], w.shape[3]] }) : null,
  ],
  evaluate([x, w], attrs) {
    const y = ndarray(outputShape(x.shape, w.shape, attrs));
    const [, , ins, outs] = w.shape;
    walk(x.shape, w.shape, y.shape, attrs, (xi, wi, yi) => {
      for (let c = 0; c < ins; c++) for (let o = 0; o < outs; o++) y.data[yi + o] += x.data[xi + c] * w.data[wi + c * outs + o];
    });
    return [y];
  },
};

export const conv2dInputGrad: OpDefinition<'conv2dInputGrad'> = {
  infer(inputs, attrs) {
    expectInputs('conv2dInputGrad', inputs, [['float', 4], ['float', 4], ['any', 4]]);
    const [dy, w, xLike] = inputs;
    check('conv2dInputGrad', xLike, w, dy, attrs);
    return [float(xLike.shape, inputs[0])];
  },
  gradient: 'none',
  evaluate([dy, w, xLike]: readonly NDArray[], attrs) {
    const dx = ndarray(xLike.shape);
    const [, , ins, outs] = w.shape;
    walk(dx.shape, w.shape, dy.shape, attrs, (xi, wi, yi) => {
      for (let c = 0; c < ins; c++) for (let o = 0; o < outs; o++) dx.data[xi + c] += dy.data[yi + o] * w.data[wi + c * outs + o];
    });
    return [dx];
  },
};

/** x [N,H,W,I], w [h,w,O,I]: the image that conv2d with this kernel makes x of. */
export const conv2dTranspose: OpDefinition<'conv2dTranspose'> = {
  infer(inputs, { size, ...attrs }) {
    expectInputs('conv2dTranspose', inputs, [['float', 4], ['float', 4]]);
    const [x, w] = inputs;
    const y = float([x.shape[0], ...size, w.shape[2]], x);
    check('conv2dTranspose', y, w, x, attrs);
    return [y];
  },
  gradient: ({ g, dy, inputs: [x, w], attrs: { size: _, ...attrs }, needs }) => [
    needs[0] ? g.conv2d(dy, w, attrs) : null,
    needs[1] ? g.conv2dFilterGrad(dy, x, { ...attrs, filterShape: [w.shape[0], w.shape[1], w.shape[2], w.shape[3]] }) : null,
  ],
  evaluate: ([x, w], { size, ...attrs }) => conv2dInputGrad.evaluate([x, w, ndarray([x.shape[0], ...size, w.shape[2]])], attrs),
};

export const conv2dFilterGrad: OpDefinition<'conv2dFilterGrad'> = {
  infer(inputs, attrs) {
    expectInputs('conv2dFilterGrad', inputs, [['float', 4], ['float', 4]]);
    check('conv2dFilterGrad', inputs[0], float(attrs.filterShape), inputs[1], attrs);
    return [float(attrs.filterShape, inputs[0])];
  },
  gradient: 'none',
  evaluate([x, dy], attrs) {
    const dw = ndarray(attrs.filterShape);
    const [, , ins, outs] = attrs.filterShape;
    walk(x.shape, dw.shape, dy.shape, attrs, (xi, wi, yi) => {
      for (let c = 0; c < ins; c++) for (let o = 0; o < outs; o++) dw.data[wi + c * outs + o] += x.data[xi + c] * dy.data[yi + o];
    });
    return [dw];
  },
};
