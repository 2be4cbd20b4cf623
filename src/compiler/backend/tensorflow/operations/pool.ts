/** Max and average pools; average pools do not count padding, as Keras. */
import type { WindowAttrs } from '../../../graph/types.ts';
import { shapeOf } from './definition.ts';
import type { Emits } from './definition.ts';

const poolAttrs = ({ size, stride, padding }: WindowAttrs): Record<string, string | readonly number[]> => ({
  ksize: [1, ...size, 1],
  strides: [1, ...stride, 1],
  padding: padding.toUpperCase(),
});

export const pools: Emits<'maxPool' | 'maxPoolGrad' | 'avgPool' | 'avgPoolGrad'> = {
  maxPool: ({ w }, { attrs }, [x]) => w.add('MaxPool', [x], poolAttrs(attrs)),
  maxPoolGrad: ({ w }, { attrs }, [x, y, dy]) => w.add('MaxPoolGrad', [x, y, dy], poolAttrs(attrs)),
  avgPool: ({ w }, { attrs }, [x]) => w.add('AvgPool', [x], poolAttrs(attrs)),
  avgPoolGrad: ({ w }, { attrs, inputs }, [dy, like]) => w.add('AvgPoolGrad', [shapeOf(w, like, inputs[1].shape), dy], poolAttrs(attrs)),
};
