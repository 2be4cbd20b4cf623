/** Max and average pools; average pools do not count padding. */
import type { Operation, Value, WindowAttrs } from '../../../graph/types.ts';
import { IMAGE } from '../layout.ts';
import { convert, reshape, result, shapeOf, sizeOf } from './definition.ts';
import type { Context, Emits } from './definition.ts';
import { along, leftOver, windowAttrs } from './window.ts';
import type { Along } from './window.ts';

const same = (a: WindowAttrs, b: WindowAttrs): boolean =>
  a.padding === b.padding && a.size.every((s, i) => s === b.size[i]) && a.stride.every((s, i) => s === b.stride[i]);

/** Whether a gradient will ask where the maxima of this pool stand. */
const needsPlaces = (context: Context, op: Operation<'maxPool'>): boolean =>
  context.users(op.inputs[0]).some((user) => user.op === 'maxPoolGrad' && user.inputs[0] === op.inputs[0] && same(user.attrs as WindowAttrs, op.attrs));

const placesKey = (x: Value, attrs: WindowAttrs): string => `places of ${x.node.id}:${x.index} ${JSON.stringify(attrs)}`;

/** How many elements each window holds, without padding: float32 [1,1,H',W'], [] where all are full. */
function counts(context: Context, axes: readonly [Along, Along]): string {
  const along1 = ({ count, stride, size, before, input }: Along): number[] =>
    Array.from({ length: count }, (_, i) => Math.min(i * stride - before + size, input) - Math.max(i * stride - before, 0));
  const [rows, columns] = axes.map(along1);
  const all = rows.flatMap((r) => columns.map((c) => r * c));
  return all.every((n) => n === all[0]) ? context.w.floats(all[0]) : context.w.floats(all, [1, 1, rows.length, columns.length]);
}

const tiles = (axes: readonly Along[]): boolean => axes.every((a) => a.size === a.stride && a.before === 0 && a.after === 0 && leftOver(a) === 0);
const apart = (axes: readonly Along[]): boolean => axes.every((a) => a.size <= a.stride);

export const pools: Emits<'maxPool' | 'maxPoolGrad' | 'avgPool' | 'avgPoolGrad'> = {
  maxPool(context, op, [x]) {
    const { w } = context;
    const image = convert(context, x, IMAGE).name;
    const attrs = windowAttrs(along(x.shape, op.attrs));
    if (!needsPlaces(context, op)) return [result(w.one('MaxPool', [image], attrs), op.outputs[0], IMAGE)];
    const [y, places] = w.add('MaxPool', [image], attrs, { outputs: 2 });
    context.places.set(placesKey(op.inputs[0], op.attrs), places);
    return [result(y, op.outputs[0], IMAGE)];
  },

  /** MaxPool's second output says where in the flat input each first maximum stands. */
  maxPoolGrad(context, { attrs, inputs, outputs }, [x, , dy]) {
    const { w } = context;
    const image = convert(context, x, IMAGE);
    const axes = along(x.shape, attrs);
    const places = context.places.get(placesKey(inputs[0], attrs)) ?? w.add('MaxPool', [image.name], windowAttrs(axes), { outputs: 2 })[1];
    const gradient = convert(context, dy, IMAGE).name;
    const size = shapeOf(w, image);
    if (apart(axes)) return [result(w.one('MaxUnpool', [gradient, places, size], windowAttrs(axes)), outputs[0], IMAGE)];
    // Windows that overlap may have one maximum in common.
    const zeros = w.one('Expand', [w.floats(0), w.one('ReduceProd', [size], { keepdims: 1 })]);
    const sums = w.one('ScatterElements', [zeros, reshape(w, places, [-1]), reshape(w, gradient, [-1])], { axis: 0, reduction: 'add' });
    return [result(w.one('Reshape', [sums, size]), outputs[0], IMAGE)];
  },

  avgPool(context, { attrs, outputs }, [x]) {
    const { w } = context;
    return [result(w.one('AveragePool', [convert(context, x, IMAGE).name], { ...windowAttrs(along(x.shape, attrs)), count_include_pad: 0 }), outputs[0], IMAGE)];
  },

  avgPoolGrad(context, { attrs, inputs, outputs }, [dy]) {
    const { w } = context;
    const [, height, width, channels] = inputs[1].shape;
    const axes = along(inputs[1].shape, attrs);
    const [rows, columns] = axes;
    const shared = w.one('Div', [convert(context, dy, IMAGE).name, counts(context, axes)]);
    if (tiles(axes)) {
      const apart6 = reshape(w, shared, [-1, channels, rows.count, 1, columns.count, 1]);
      const wide = w.one('Expand', [apart6, w.ints([1, 1, 1, rows.size, 1, columns.size])]);
      return [result(reshape(w, wide, [-1, channels, height, width]), outputs[0], IMAGE)];
    }
    // Each channel is an image of its own, and each window gives its share to all it covers.
    const ones = w.floats(Array.from({ length: sizeOf(attrs.size) }, () => 1), [1, 1, ...attrs.size]);
    const single = reshape(w, shared, [-1, 1, rows.count, columns.count]);
    const spread = w.one('ConvTranspose', [single, ones], { ...windowAttrs(axes), output_padding: axes.map(leftOver) });
    return [result(reshape(w, spread, [-1, channels, height, width]), outputs[0], IMAGE)];
  },
};
