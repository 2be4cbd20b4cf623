/** Dropout masks from one Philox draw read as bytes or halves (four times fewer numbers than floats), and the warp of augmentation. */
import type { Attrs, Sides } from '../../../graph/types.ts';
import type { Ref, Writer } from '../writer.ts';
import { batchOf, reshape, sizeOf, withBatch } from './definition.ts';
import type { Emits } from './definition.ts';

const PHILOX = 1;

/** uint32 of the given shape (int32 vector): Philox4x32-10 with counter words [block, 0, step, stream]. */
function draw(w: Writer, shape: Ref, key: Ref, step: Ref, stream: number): Ref {
  const zero = w.constant('int32', 0);
  const words = w.one('Pack', [[zero, zero, step, w.constant('int32', stream)]], { axis: 0 });
  const counter = w.one('Bitcast', [reshape(w, words, [2, 2])], { type: 'uint64' });
  const key64 = reshape(w, w.one('Bitcast', [key], { type: 'uint64' }), [1]);
  return w.one('StatelessRandomUniformFullIntV2', [shape, key64, counter, w.constant('int32', PHILOX)], { dtype: 'uint32' });
}

/** The first elements of the drawn bytes or halves, one for each element of `like`, in its shape. */
function bitsLike(w: Writer, like: Ref, shape: readonly number[], key: Ref, step: Ref, { bits, stream }: Pick<Attrs<'dropoutMask'>, 'bits' | 'stream'>): Ref {
  const perWord = 32 / bits;
  const type = bits === 8 ? 'uint8' : 'uint16';
  const each = sizeOf(shape.slice(1));
  const batch = batchOf(w, like);
  // Whole words for each sample: nothing is left over.
  if (each % perWord === 0) {
    const drawn = draw(w, withBatch(w, batch, [each / perWord]), key, step, stream);
    return reshape(w, w.one('Bitcast', [drawn], { type }), [-1, ...shape.slice(1)]);
  }
  const count = reshape(w, w.one('Mul', [batch, w.constant('int32', each)]), [1]);
  const words = w.one('FloorDiv', [w.one('AddV2', [count, w.constant('int32', perWord - 1)]), w.constant('int32', perWord)]);
  const drawn = reshape(w, w.one('Bitcast', [draw(w, words, key, step, stream)], { type }), [-1]);
  return reshape(w, w.one('Slice', [drawn, w.constant('int32', [0]), count]), [-1, ...shape.slice(1)]);
}

export const random: Emits<'dropoutMask' | 'uniform' | 'applyMask'> = {
  uniform({ w }, { attrs, inputs }, [key, step, like]) {
    const drawn = w.one('Cast', [bitsLike(w, like, inputs[2].shape, key, step, { bits: 16, stream: attrs.stream })], { DstT: 'float32' });
    return w.add('Mul', [w.one('AddV2', [drawn, w.constant('float32', 0.5)]), w.constant('float32', 1 / 0x10000)]);
  },
  dropoutMask({ w }, { attrs, inputs }, [key, step, like]) {
    const drawn = bitsLike(w, like, inputs[2].shape, key, step, attrs);
    return w.add('GreaterEqual', [drawn, w.constant(attrs.bits === 8 ? 'uint8' : 'uint16', attrs.threshold)]);
  },
  applyMask({ w }, { attrs }, [x, mask]) {
    const dtype = x.dtype === 'bfloat16' ? 'bfloat16' : 'float32';
    const scaled = w.one('Mul', [x, w.constant(dtype, 1 / attrs.keep)]);
    return w.add('SelectV2', [mask, scaled, w.constant(dtype, 0)]);
  },
};

/** Rows of [before, after] of the four axes. */
const around = (w: Writer, [top, bottom, left, right]: Sides): Ref => w.constant('int32', [0, 0, top, bottom, left, right, 0, 0], [4, 2]);

export const images: Emits<'warp' | 'pad' | 'crop' | 'upsampleBilinear' | 'upsampleBilinearGrad'> = {
  pad: ({ w }, { attrs }, [x]) => w.add('Pad', [x, around(w, attrs.sides)]),
  crop({ w }, { attrs, outputs }, [x]) {
    const [, height, width] = outputs[0].shape;
    return w.add('Slice', [x, w.constant('int32', [0, attrs.sides[0], attrs.sides[2], 0]), w.constant('int32', [-1, height, width, -1])]);
  },
  upsampleBilinear: ({ w }, { outputs }, [x]) => w.add('ResizeBilinear', [x, w.constant('int32', outputs[0].shape.slice(1, 3))], { half_pixel_centers: true }),
  upsampleBilinearGrad({ w }, { outputs }, [dy]) {
    // Of the image that was resized only the shape counts.
    const [, height, width] = outputs[0].shape;
    const like = w.one('Slice', [dy, w.constant('int32', [0, 0, 0, 0]), w.constant('int32', [-1, height, width, -1])]);
    return w.add('ResizeBilinearGrad', [dy, like], { half_pixel_centers: true });
  },
  warp({ w }, { attrs, inputs }, [x, transforms]) {
    const size = w.constant('int32', inputs[0].shape.slice(1, 3));
    return w.add('ImageProjectiveTransformV3', [x, transforms, size, w.constant('float32', attrs.fillValue)], {
      interpolation: attrs.interpolation.toUpperCase(),
      fill_mode: attrs.fill.toUpperCase(),
    });
  },
};
