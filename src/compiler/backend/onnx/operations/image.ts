/** Operations on the sides of an image. An enlargement is a product with a matrix from the left and one from the right, and so is its gradient. */
import { blends } from '../../../graph/ops/image.ts';
import { IMAGE } from '../layout.ts';
import type { Writer } from '../writer.ts';
import { convert, result } from './definition.ts';
import type { Emits } from './definition.ts';

/** float32 [size·factor, size]: what each place of the enlarged axis takes of the places it blends. */
function matrix(w: Writer, size: number, factor: number): string {
  const values = Array.from({ length: size * factor * size }, () => 0);
  blends(size, factor).forEach(({ low, high, weight }, row) => {
    values[row * size + low] += 1 - weight;
    values[row * size + high] += weight;
  });
  return w.floats(values, [size * factor, size]);
}

export const sides: Emits<'pad' | 'crop' | 'upsampleBilinear' | 'upsampleBilinearGrad'> = {
  pad(context, { attrs: { sides: [top, bottom, left, right] }, outputs }, [x]) {
    const { w } = context;
    // With axes: without them ONNX Runtime hands a Pad of zeros on to a pool behind it (core/optimizer/pad_fusion.cc), which pads with nothing at all. With
    // all of them: its transpose optimizer takes the sides for those of every axis.
    return [result(w.one('Pad', [convert(context, x, IMAGE).name, w.ints([0, 0, top, left, 0, 0, bottom, right]), '', w.ints([0, 1, 2, 3])]), outputs[0], IMAGE)];
  },
  crop(context, { attrs: { sides: [top, , left] }, outputs }, [x]) {
    const { w } = context;
    const [, height, width] = outputs[0].shape;
    return [result(w.one('Slice', [convert(context, x, IMAGE).name, w.ints([top, left]), w.ints([top + height, left + width]), w.ints([2, 3])]), outputs[0], IMAGE)];
  },
  upsampleBilinear(context, { attrs: { size }, inputs, outputs }, [x]) {
    const { w } = context;
    const [, height, width] = inputs[0].shape;
    const tall = w.one('MatMul', [matrix(w, height, size[0]), convert(context, x, IMAGE).name]);
    return [result(w.one('MatMul', [tall, w.one('Transpose', [matrix(w, width, size[1])], { perm: [1, 0] })]), outputs[0], IMAGE)];
  },
  upsampleBilinearGrad(context, { attrs: { size }, outputs }, [dy]) {
    const { w } = context;
    const [, height, width] = outputs[0].shape;
    const narrow = w.one('MatMul', [convert(context, dy, IMAGE).name, matrix(w, width, size[1])]);
    return [result(w.one('MatMul', [w.one('Transpose', [matrix(w, height, size[0])], { perm: [1, 0] }), narrow]), outputs[0], IMAGE)];
  },
};
