/** Max and average pooling, channels last: TensorFlow's MaxPool, MaxPoolGrad, AvgPool, AvgPoolGrad. Averages do not count padding. */
import { ndarray } from '../ndarray.ts';
import type { TensorType, WindowAttrs } from '../types.ts';
import type { OpDefinition } from './definition.ts';
import { expectInputs, expectShape, float } from './definition.ts';
import { windowAlong } from './window.ts';

type Shape = readonly number[];

const outputShape = (x: Shape, { size, stride, padding }: WindowAttrs): number[] => [
  x[0], windowAlong(x[1], size[0], stride[0], 1, padding).count, windowAlong(x[2], size[1], stride[1], 1, padding).count, x[3],
];

/** Calls `visit` for each window with the offset of its output and those of its inputs in row-major order, padding left out. */
function walk(x: Shape, y: Shape, { size, stride, padding }: WindowAttrs, visit: (y: number, window: readonly number[]) => void): void {
  const top = windowAlong(x[1], size[0], stride[0], 1, padding).before;
  const left = windowAlong(x[2], size[1], stride[1], 1, padding).before;
  for (let n = 0; n < y[0]; n++) {
    for (let i = 0; i < y[1]; i++) {
      for (let j = 0; j < y[2]; j++) {
        const [firstRow, firstColumn] = [i * stride[0] - top, j * stride[1] - left];
        for (let c = 0; c < y[3]; c++) {
          const window: number[] = [];
          for (let row = Math.max(firstRow, 0); row < Math.min(firstRow + size[0], x[1]); row++) {
            for (let column = Math.max(firstColumn, 0); column < Math.min(firstColumn + size[1], x[2]); column++) {
              window.push(((n * x[1] + row) * x[2] + column) * x[3] + c);
            }
          }
          visit(((n * y[1] + i) * y[2] + j) * y[3] + c, window);
        }
      }
    }
  }
}

function inferPool(op: string, inputs: readonly TensorType[], attrs: WindowAttrs): TensorType[] {
  expectInputs(op, inputs, [['float', 4]]);
  return [float(outputShape(inputs[0].shape, attrs), inputs[0])];
}

export const maxPool: OpDefinition<'maxPool'> = {
  infer: (inputs, attrs) => inferPool('maxPool', inputs, attrs),
  gradient: ({ g, dy, inputs: [x], outputs: [y], attrs }) => [g.maxPoolGrad(x, y, dy, attrs)],
  evaluate([x], attrs) {
    const y = ndarray(outputShape(x.shape, attrs));
    walk(x.shape, y.shape, attrs, (yi, window) => {
      y.data[yi] = window.reduce((best, i) => Math.max(best, x.data[i]), -Infinity);
    });
    return [y];
  },
};

export const maxPoolGrad: OpDefinition<'maxPoolGrad'> = {
  infer(inputs, attrs) {
    expectInputs('maxPoolGrad', inputs, [['float', 4], ['float', 4], ['float', 4]]);
    const shape = outputShape(inputs[0].shape, attrs);
    expectShape('maxPoolGrad', 'y', inputs[1], shape);
    expectShape('maxPoolGrad', 'dy', inputs[2], shape);
    return [inputs[0]];
  },
  gradient: 'none',
  evaluate([x, y, dy], attrs) {
    const dx = ndarray(x.shape);
    walk(x.shape, y.shape, attrs, (yi, window) => {
      const first = window.find((i) => x.data[i] === y.data[yi]);
      if (first !== undefined) dx.data[first] += dy.data[yi];
    });
    return [dx];
  },
};

export const avgPool: OpDefinition<'avgPool'> = {
  infer: (inputs, attrs) => inferPool('avgPool', inputs, attrs),
  gradient: ({ g, dy, inputs: [x], attrs }) => [g.avgPoolGrad(dy, x, attrs)],
  evaluate([x], attrs) {
    const y = ndarray(outputShape(x.shape, attrs));
    walk(x.shape, y.shape, attrs, (yi, window) => {
      y.data[yi] = window.reduce((sum, i) => sum + x.data[i], 0) / window.length;
    });
    return [y];
  },
};

export const avgPoolGrad: OpDefinition<'avgPoolGrad'> = {
  infer(inputs, attrs) {
    expectInputs('avgPoolGrad', inputs, [['float', 4], ['any', 4]]);
    expectShape('avgPoolGrad', 'dy', inputs[0], outputShape(inputs[1].shape, attrs));
    return [float(inputs[1].shape, inputs[0])];
  },
  gradient: 'none',
  evaluate([dy, xLike], attrs) {
    const dx = ndarray(xLike.shape);
    walk(dx.shape, dy.shape, attrs, (yi, window) => {
      for (const i of window) dx.data[i] += dy.data[yi] / window.length;
    });
    return [dx];
  },
};
