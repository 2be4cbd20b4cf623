/** Dropout masks from one Philox draw read as bytes or halves (four times fewer numbers than floats), and the warp of augmentation. */
import type { Attrs } from '../../../graph/types.ts';
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
function bitsLike(w: Writer, like: Ref, shape: readonly number[], key: Ref, step: Ref, { bits, stream }: Attrs<'dropoutMask'>): Ref {
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

export const random: Emits<'dropoutMask' | 'applyMask'> = {
  dropoutMask({ w }, { attrs, inputs }, [key, step, like]) {
    const drawn = bitsLike(w, like, inputs[2].shape, key, step, attrs);
    return w.add('GreaterEqual', [drawn, w.constant(attrs.bits === 8 ? 'uint8' : 'uint16', attrs.threshold)]);
  },
  applyMask({ w }, { attrs }, [x, mask]) {
    const scaled = w.one('Mul', [x, w.constant('float32', 1 / attrs.keep)]);
    return w.add('SelectV2', [mask, scaled, w.constant('float32', 0)]);
  },
};

export const images: Emits<'warp'> = {
  warp({ w }, { attrs, inputs }, [x, transforms]) {
    const size = w.constant('int32', inputs[0].shape.slice(1, 3));
    return w.add('ImageProjectiveTransformV3', [x, transforms, size, w.constant('float32', attrs.fillValue)], {
      interpolation: attrs.interpolation.toUpperCase(),
      fill_mode: attrs.fill.toUpperCase(),
    });
  },
};
