/** Sources of values, shapes, reductions and indices. Shapes with an unknown batch are computed at run time. */
import { BATCH } from '../../../graph/types.ts';
import { batchOf, reshape, shapeOf } from './definition.ts';
import type { Emits } from './definition.ts';

export const sources: Emits<'input' | 'variable' | 'constant'> = {
  input: ({ input }, { attrs }) => [input(attrs.name, attrs.type)],
  variable: ({ read }, { attrs }) => [read(attrs.name, attrs.type)],
  constant: ({ w }, { attrs }) => [w.constant(attrs.type.dtype, attrs.values, attrs.type.shape)],
};

const reductions = { sum: 'Sum', mean: 'Mean', max: 'Max' } as const;

export const shapes: Emits<
  'reshape' | 'transpose' | 'concat' | 'slice' | 'sumToShape' | 'broadcastLike' | 'reduce' | 'batchSize' | 'argMax' | 'inTopK' | 'oneHot'
> = {
  reshape: ({ w }, { attrs }, [x]) => [reshape(w, x, attrs.shape)],
  transpose: ({ w }, { attrs }, [x]) => w.add('Transpose', [x, w.constant('int32', attrs.perm)]),
  concat: ({ w }, { outputs }, values) => w.add('ConcatV2', [values, w.constant('int32', outputs[0].shape.length - 1)]),
  slice({ w }, { attrs, inputs }, [x]) {
    const before = inputs[0].shape.slice(0, -1);
    // A size of −1 is all that is left.
    return w.add('Slice', [x, w.constant('int32', [...before.map(() => 0), attrs.start]), w.constant('int32', [...before.map(() => -1), attrs.size])]);
  },
  sumToShape({ w }, { inputs }, [x]) {
    // Which axes were broadcast is known: the batch broadcasts from 1 or not at all.
    const [from, to] = [inputs[0].shape, inputs[1].shape];
    const extra = from.length - to.length;
    const axes = from.flatMap((d, axis) => (axis < extra || (to[axis - extra] === 1 && d !== 1) ? [axis] : []));
    if (axes.length === 0) return [x];
    const sum = w.one('Sum', [x, w.constant('int32', axes)], { keep_dims: true });
    return extra === 0 ? [sum] : [reshape(w, sum, to)];
  },
  broadcastLike: ({ w }, { inputs }, [x, like]) => w.add('BroadcastTo', [x, shapeOf(w, like, inputs[1].shape)]),
  reduce: ({ w }, { attrs }, [x]) => w.add(reductions[attrs.fn], [x, w.constant('int32', attrs.axes)], { keep_dims: attrs.keepDims }),
  batchSize: ({ w }, { inputs }, [x]) => [inputs[0].shape[0] === BATCH ? batchOf(w, x) : w.constant('int32', inputs[0].shape[0])],
  argMax: ({ w }, { inputs }, [x]) => w.add('ArgMax', [x, w.constant('int32', inputs[0].shape.length - 1)], { output_type: 'int32' }),
  inTopK: ({ w }, { attrs }, [predictions, targets]) => w.add('InTopKV2', [predictions, targets, w.constant('int32', attrs.k)]),
  oneHot: ({ w }, { attrs }, [indices]) =>
    w.add('OneHot', [indices, w.constant('int32', attrs.depth), w.constant('float32', 1), w.constant('float32', 0)], { axis: -1 }),
};
