/**
 * What the ONNX engine computes itself: dropout masks (graph/philox.ts, bit for bit) and the warp of augmentation
 * (ImageProjectiveTransformV3), straight into the memory that the runtime reads, in its order.
 */
'use strict';

/** Random bytes of one mask, in the graph's order; grows to the largest. */
let words = new Uint32Array(1 << 12);

/** Philox4x32-10: `count` words (rounded up to whole blocks) of the counter [block, 0, step, stream]. */
function draw(count, k0Start, k1Start, step, stream) {
  const blocks = Math.ceil(count / 4);
  if (words.length < blocks * 4) words = new Uint32Array(blocks * 4);
  const out = words;
  for (let block = 0; block < blocks; block++) {
    let c0 = block;
    let c1 = 0;
    let c2 = step;
    let c3 = stream;
    let k0 = k0Start;
    let k1 = k1Start;
    for (let round = 0; round < 10; round++) {
      // The high words of c0 · 0xd2511f53 and c2 · 0xcd9e8d57, in 16-bit digits.
      let low = c0 & 0xffff;
      let high = c0 >>> 16;
      let middle = Math.imul(0xd251, low) + (Math.imul(0x1f53, low) >>> 16);
      const high0 = Math.imul(0xd251, high) + (middle >>> 16) + ((Math.imul(0x1f53, high) + (middle & 0xffff)) >>> 16);
      const low0 = Math.imul(0xd2511f53, c0);
      low = c2 & 0xffff;
      high = c2 >>> 16;
      middle = Math.imul(0xcd9e, low) + (Math.imul(0x8d57, low) >>> 16);
      const high1 = Math.imul(0xcd9e, high) + (middle >>> 16) + ((Math.imul(0x8d57, high) + (middle & 0xffff)) >>> 16);
      const low1 = Math.imul(0xcd9e8d57, c2);
      c0 = high1 ^ c1 ^ k0;
      c1 = low1;
      c2 = high0 ^ c3 ^ k1;
      c3 = low0;
      k0 = (k0 + 0x9e3779b9) | 0;
      k1 = (k1 + 0xbb67ae85) | 0;
    }
    const at = block * 4;
    out[at] = c0;
    out[at + 1] = c1;
    out[at + 2] = c2;
    out[at + 3] = c3;
  }
  return out;
}

/** `out` is in the order of memory: channels first where the layout says so. */
function drawMask(out, { attrs, keep, shape, layout }, count, key, step) {
  const { bits, threshold, stream } = attrs;
  const each = shape.slice(1).reduce((a, b) => a * b, 1);
  const total = shape.length === 0 ? 1 : each * count;
  const drawn = draw(Math.ceil((total * bits) / 32), key[0], key[1], step, stream);
  const pieces = bits === 8 ? new Uint8Array(drawn.buffer, 0, total) : new Uint16Array(drawn.buffer, 0, total);
  const kept = keep === null ? 1 : Math.fround(1 / keep);
  const image = layout.kind === 'image' ? shape.slice(1) : layout.kind === 'flat' ? layout.image : null;
  if (!image) {
    for (let i = 0; i < total; i++) out[i] = pieces[i] >= threshold ? kept : 0;
    return;
  }
  const channels = image[image.length - 1];
  const pixels = image[0] * image[1];
  for (let n = 0, from = 0; n < count; n++) {
    const start = n * each;
    for (let p = 0; p < pixels; p++) {
      for (let c = 0, at = start + p; c < channels; c++, at += pixels) out[at] = pieces[from++] >= threshold ? kept : 0;
    }
  }
}

/** dcba|abcd|dcba */
function reflect(at, size) {
  const period = 2 * size;
  const within = at % period;
  if (within < 0) return within < -size ? within + period : -within - 1;
  return within >= size ? period - within - 1 : within;
}

/** abcd|abcd|abcd. The count of turns is by size − 1, as in TensorFlow. */
function wrap(at, size) {
  const turns = Math.trunc(Math.abs(at) / (size - 1));
  return at < 0 ? at + size * (turns + 1) : at - size * turns;
}

/** Where a coordinate outside 0 … size − 1 reads; constant leaves it outside. See graph/ops/warp.ts. */
function mapCoordinate(at, size, fill) {
  const last = size - 1;
  if ((at >= 0 && at <= last) || fill === 'constant') return at;
  if (size === 1) return 0;
  const inside = fill === 'nearest' ? at : fill === 'reflect' ? reflect(at, size) : wrap(at, size);
  return Math.min(Math.max(inside, 0), last);
}

/** Images [N,H,W,C] → out [N,C,H,W]. */
function warpImages(out, { attrs, shape }, images, count, transforms) {
  const { interpolation, fill, fillValue } = attrs;
  const [, height, width, channels] = shape;
  const plane = height * width;
  const size = plane * channels;
  for (let n = 0; n < count; n++) {
    const [a0, a1, a2, a3, a4, a5, a6, a7] = transforms.subarray(n * 8, n * 8 + 8);
    const from = n * size;
    for (let y = 0, pixel = from; y < height; y++) {
      for (let x = 0; x < width; x++, pixel++) {
        const k = a6 * x + a7 * y + 1;
        const column = mapCoordinate((a0 * x + a1 * y + a2) / k, width, fill);
        const row = mapCoordinate((a3 * x + a4 * y + a5) / k, height, fill);
        if (k === 0) {
          for (let c = 0, at = pixel; c < channels; c++, at += plane) out[at] = fillValue;
        } else if (interpolation === 'nearest') {
          const [r, q] = [roundAway(row), roundAway(column)];
          const inside = r >= 0 && r < height && q >= 0 && q < width;
          const source = from + (r * width + q) * channels;
          for (let c = 0, at = pixel; c < channels; c++, at += plane) out[at] = inside ? images[source + c] : fillValue;
        } else {
          const y0 = Math.floor(row);
          const x0 = Math.floor(column);
          const down = row - y0;
          const right = column - x0;
          const [upper, lower] = [y0 >= 0 && y0 < height, y0 + 1 >= 0 && y0 + 1 < height];
          const [left, beyond] = [x0 >= 0 && x0 < width, x0 + 1 >= 0 && x0 + 1 < width];
          const source = from + (y0 * width + x0) * channels;
          const line = width * channels;
          for (let c = 0, at = pixel; c < channels; c++, at += plane) {
            const p = source + c;
            const v00 = upper && left ? images[p] : fillValue;
            const v01 = upper && beyond ? images[p + channels] : fillValue;
            const v10 = lower && left ? images[p + line] : fillValue;
            const v11 = lower && beyond ? images[p + line + channels] : fillValue;
            const top = v00 + (v01 - v00) * right;
            out[at] = top + (v10 + (v11 - v10) * right - top) * down;
          }
        }
      }
    }
  }
}

/** C's round: halves away from zero. */
const roundAway = (v) => Math.sign(v) * Math.round(Math.abs(v));

module.exports = { drawMask, warpImages };
