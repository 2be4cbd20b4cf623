/**
 * What the ONNX engine computes itself, in AssemblyScript (TypeScript's syntax, compiled to WebAssembly with 128-bit vectors):
 * dropout masks (graph/philox.ts, bit for bit) and the warp of augmentation. `npm run generate` makes onnx-kernels.wasm.
 * All pointers are offsets into the memory; the caller leaves 64 bytes free behind every buffer.
 */

// ---------------------------------------------------------------- random bits

/** Philox4x32-10 of the counters [block, 0, step, stream]: four blocks of four words at once, rounded up to whole fours. */
export function draw(out: usize, blocks: i32, key0: u32, key1: u32, step: u32, stream: u32): void {
  const m0 = i32x4.splat(0xd2511f53);
  const m1 = i32x4.splat(0xcd9e8d57);
  for (let block = 0; block < blocks; block += 4) {
    let c0 = i32x4.add(i32x4.splat(block), i32x4(0, 1, 2, 3));
    let c1 = i32x4.splat(0);
    let c2 = i32x4.splat(step);
    let c3 = i32x4.splat(stream);
    let k0 = i32x4.splat(key0);
    let k1 = i32x4.splat(key1);
    for (let round = 0; round < 10; round++) {
      const p0 = i64x2.extmul_low_i32x4_u(c0, m0);
      const q0 = i64x2.extmul_high_i32x4_u(c0, m0);
      const p1 = i64x2.extmul_low_i32x4_u(c2, m1);
      const q1 = i64x2.extmul_high_i32x4_u(c2, m1);
      c0 = v128.xor(v128.xor(v128.shuffle<i32>(p1, q1, 1, 3, 5, 7), c1), k0);
      c1 = v128.shuffle<i32>(p1, q1, 0, 2, 4, 6);
      c2 = v128.xor(v128.xor(v128.shuffle<i32>(p0, q0, 1, 3, 5, 7), c3), k1);
      c3 = v128.shuffle<i32>(p0, q0, 0, 2, 4, 6);
      k0 = i32x4.add(k0, i32x4.splat(0x9e3779b9));
      k1 = i32x4.add(k1, i32x4.splat(0xbb67ae85));
    }
    // Words by block, not blocks by word.
    const a = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5);
    const b = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7);
    const c = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
    const d = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<i64>(a, c, 0, 2));
    v128.store(out, v128.shuffle<i64>(a, c, 1, 3), 16);
    v128.store(out, v128.shuffle<i64>(b, d, 0, 2), 32);
    v128.store(out, v128.shuffle<i64>(b, d, 1, 3), 48);
    out += 64;
  }
}

/** Bytes (in place) → 255 where at least the threshold, else 0. */
export function atLeast8(bytes: usize, count: i32, threshold: u32): void {
  const t = i8x16.splat(<i8>threshold);
  for (let i = 0; i < count; i += 16) v128.store(bytes + i, i8x16.ge_u(v128.load(bytes + i), t));
}

/** Halves → bytes (in place), 255 where at least the threshold, else 0. */
export function atLeast16(halves: usize, count: i32, threshold: u32): void {
  const t = i16x8.splat(<i16>threshold);
  for (let i = 0; i < count; i += 16) {
    const low = i16x8.ge_u(v128.load(halves + 2 * i), t);
    const high = i16x8.ge_u(v128.load(halves + 2 * i, 16), t);
    v128.store(halves + i, i8x16.narrow_i16x8_s(low, high));
  }
}

/** Sixteen bytes of 255 or 0 → sixteen floats, the given one or 0. */
// @ts-ignore: decorator
@inline
function widen(out: usize, bytes: v128, kept: v128): void {
  const low = i16x8.extend_low_i8x16_s(bytes);
  const high = i16x8.extend_high_i8x16_s(bytes);
  v128.store(out, v128.and(i32x4.extend_low_i16x8_s(low), kept));
  v128.store(out, v128.and(i32x4.extend_high_i16x8_s(low), kept), 16);
  v128.store(out, v128.and(i32x4.extend_low_i16x8_s(high), kept), 32);
  v128.store(out, v128.and(i32x4.extend_high_i16x8_s(high), kept), 48);
}

/** Bytes of 255 or 0 → floats, `kept` or 0. */
export function factors(out: usize, bytes: usize, count: i32, kept: f32): void {
  const k = f32x4.splat(kept);
  for (let i = 0; i < count; i += 16) widen(out + 4 * i, v128.load(bytes + i), k);
}

/** The same of images [pixels, channels] in the order [channels, pixels], sixteen by sixteen where there are as many. */
export function imageFactors(out: usize, bytes: usize, images: i32, pixels: i32, channels: i32, kept: f32): void {
  const k = f32x4.splat(kept);
  const wholePixels = pixels & ~15;
  const wholeChannels = channels & ~15;
  for (let n = 0; n < images; n++) {
    for (let c = 0; c < wholeChannels; c += 16) {
      for (let p = 0; p < wholePixels; p += 16) tile(out + 4 * (c * pixels + p), bytes + p * channels + c, pixels, channels, k);
    }
    for (let c = 0; c < channels; c++) {
      for (let p = c < wholeChannels ? wholePixels : 0; p < pixels; p++) {
        store<f32>(out + 4 * (c * pixels + p), load<u8>(bytes + p * channels + c) ? kept : 0);
      }
    }
    out += 4 * pixels * channels;
    bytes += pixels * channels;
  }
}

/** Sixteen pixels of sixteen channels: rows and columns change places in four exchanges of ever larger pieces. */
// @ts-ignore: decorator
@inline
function tile(out: usize, bytes: usize, pixels: i32, channels: i32, kept: v128): void {
  for (let half = 0; half < 2; half++) {
    const from = bytes + 8 * half;
    // Eight channels of sixteen pixels.
    const a0 = pair(from, channels, 0), a1 = pair(from, channels, 2), a2 = pair(from, channels, 4), a3 = pair(from, channels, 6);
    const a4 = pair(from, channels, 8), a5 = pair(from, channels, 10), a6 = pair(from, channels, 12), a7 = pair(from, channels, 14);
    // Of two pixels each, channel by channel → of four.
    const b0 = v128.shuffle<i16>(a0, a1, 0, 8, 1, 9, 2, 10, 3, 11), b1 = v128.shuffle<i16>(a0, a1, 4, 12, 5, 13, 6, 14, 7, 15);
    const b2 = v128.shuffle<i16>(a2, a3, 0, 8, 1, 9, 2, 10, 3, 11), b3 = v128.shuffle<i16>(a2, a3, 4, 12, 5, 13, 6, 14, 7, 15);
    const b4 = v128.shuffle<i16>(a4, a5, 0, 8, 1, 9, 2, 10, 3, 11), b5 = v128.shuffle<i16>(a4, a5, 4, 12, 5, 13, 6, 14, 7, 15);
    const b6 = v128.shuffle<i16>(a6, a7, 0, 8, 1, 9, 2, 10, 3, 11), b7 = v128.shuffle<i16>(a6, a7, 4, 12, 5, 13, 6, 14, 7, 15);
    // Of eight.
    const c0 = v128.shuffle<i32>(b0, b2, 0, 4, 1, 5), c1 = v128.shuffle<i32>(b0, b2, 2, 6, 3, 7);
    const c2 = v128.shuffle<i32>(b1, b3, 0, 4, 1, 5), c3 = v128.shuffle<i32>(b1, b3, 2, 6, 3, 7);
    const c4 = v128.shuffle<i32>(b4, b6, 0, 4, 1, 5), c5 = v128.shuffle<i32>(b4, b6, 2, 6, 3, 7);
    const c6 = v128.shuffle<i32>(b5, b7, 0, 4, 1, 5), c7 = v128.shuffle<i32>(b5, b7, 2, 6, 3, 7);
    const step = <usize>4 * pixels;
    let to = out + 8 * half * step;
    widen(to, v128.shuffle<i64>(c0, c4, 0, 2), kept);
    widen((to += step), v128.shuffle<i64>(c0, c4, 1, 3), kept);
    widen((to += step), v128.shuffle<i64>(c1, c5, 0, 2), kept);
    widen((to += step), v128.shuffle<i64>(c1, c5, 1, 3), kept);
    widen((to += step), v128.shuffle<i64>(c2, c6, 0, 2), kept);
    widen((to += step), v128.shuffle<i64>(c2, c6, 1, 3), kept);
    widen((to += step), v128.shuffle<i64>(c3, c7, 0, 2), kept);
    widen(to + step, v128.shuffle<i64>(c3, c7, 1, 3), kept);
  }
}

/** Eight channels of pixel p and p + 1, in turn. */
// @ts-ignore: decorator
@inline
function pair(from: usize, channels: i32, p: i32): v128 {
  return v128.shuffle<i8>(v128.load64_zero(from + p * channels), v128.load64_zero(from + (p + 1) * channels), 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// ---------------------------------------------------------------- warp

const NEAREST = 0;
const CONSTANT = 1;
const REFLECT = 2;

/** dcba|abcd|dcba */
function reflect(at: f32, size: f32): f32 {
  const period: f32 = 2.0 * size;
  const within = at - period * Mathf.trunc(at / period);
  if (within < 0) return within < -size ? within + period : -within - 1;
  return within >= size ? period - within - 1 : within;
}

/** abcd|abcd|abcd. The count of turns is by size − 1, as in TensorFlow. */
function wrap(at: f32, size: f32): f32 {
  const turns = Mathf.trunc(Mathf.abs(at) / (size - 1));
  return at < 0 ? at + size * (turns + 1) : at - size * turns;
}

/** Where a coordinate outside 0 … size − 1 reads; constant leaves it outside. */
function mapped(at: f32, size: f32, fill: i32): f32 {
  if (fill == CONSTANT) return at;
  const last = size - 1;
  const outside = at < 0 || at > last;
  if (outside && size == 1) return 0;
  const inside = !outside || fill == NEAREST ? at : fill == REFLECT ? reflect(at, size) : wrap(at, size);
  return Mathf.min(Mathf.max(inside, 0), last);
}

/** C's round: halves away from zero. */
// @ts-ignore: decorator
@inline
function rounded(v: f32): i32 {
  return <i32>(v < 0 ? -Mathf.floor(0.5 - v) : Mathf.floor(v + 0.5));
}

// @ts-ignore: decorator
@inline
function read<T>(image: usize, row: i32, column: i32, channel: i32, height: i32, width: i32, channels: i32, fillValue: f32): f32 {
  const inside = <u32>row < <u32>height && <u32>column < <u32>width;
  return inside ? <f32>load<T>(image + sizeof<T>() * ((row * width + column) * channels + channel)) : fillValue;
}

/**
 * ImageProjectiveTransformV3 (tensorflow/core/kernels/image/image_ops.h): images [count,H,W,C] → [count,C,H,W]. Coordinates are
 * float32, as there.
 */
// @ts-ignore: decorator
@inline
function warp<T>(out: usize, image: usize, transforms: usize, count: i32, height: i32, width: i32, channels: i32, smooth: bool, fill: i32, fillValue: f32): void {
  const plane = height * width;
  const size = sizeof<T>();
  const line = width * channels;
  for (let n = 0; n < count; n++) {
    const a0 = load<f32>(transforms), a1 = load<f32>(transforms, 4), a2 = load<f32>(transforms, 8);
    const a3 = load<f32>(transforms, 12), a4 = load<f32>(transforms, 16), a5 = load<f32>(transforms, 20);
    const a6 = load<f32>(transforms, 24), a7 = load<f32>(transforms, 28);
    const affine = a6 == 0 && a7 == 0;
    let to = out;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, to += 4) {
        let column: f32 = a0 * <f32>x + a1 * <f32>y + a2;
        let row: f32 = a3 * <f32>x + a4 * <f32>y + a5;
        if (!affine) {
          const k: f32 = a6 * <f32>x + a7 * <f32>y + 1;
          if (k == 0) {
            for (let c = 0; c < channels; c++) store<f32>(to + 4 * c * plane, fillValue);
            continue;
          }
          column /= k;
          row /= k;
        }
        column = mapped(column, <f32>width, fill);
        row = mapped(row, <f32>height, fill);
        if (!smooth) {
          for (let c = 0; c < channels; c++) store<f32>(to + 4 * c * plane, read<T>(image, rounded(row), rounded(column), c, height, width, channels, fillValue));
          continue;
        }
        const top = Mathf.floor(row);
        const left = Mathf.floor(column);
        const down = row - top;
        const right = column - left;
        const up: f32 = top + 1 - row;
        const back: f32 = left + 1 - column;
        const r = <i32>top;
        const q = <i32>left;
        if (<u32>r < <u32>(height - 1) && <u32>q < <u32>(width - 1)) {
          let from = image + size * (r * line + q * channels);
          for (let c = 0; c < channels; c++, from += size) {
            const upper: f32 = back * <f32>load<T>(from) + right * <f32>load<T>(from + size * channels);
            const lower: f32 = back * <f32>load<T>(from + size * line) + right * <f32>load<T>(from + size * (line + channels));
            store<f32>(to + 4 * c * plane, up * upper + down * lower);
          }
          continue;
        }
        for (let c = 0; c < channels; c++) {
          const upper: f32 = back * read<T>(image, r, q, c, height, width, channels, fillValue) + right * read<T>(image, r, q + 1, c, height, width, channels, fillValue);
          const lower: f32 = back * read<T>(image, r + 1, q, c, height, width, channels, fillValue) + right * read<T>(image, r + 1, q + 1, c, height, width, channels, fillValue);
          store<f32>(to + 4 * c * plane, up * upper + down * lower);
        }
      }
    }
    out += 4 * channels * plane;
    image += size * channels * plane;
    transforms += 32;
  }
}

/** @param fill 0 nearest, 1 constant, 2 reflect, 3 wrap */
export function warpBytes(out: usize, images: usize, transforms: usize, count: i32, height: i32, width: i32, channels: i32, smooth: bool, fill: i32, fillValue: f32): void {
  warp<u8>(out, images, transforms, count, height, width, channels, smooth, fill, fillValue);
}

export function warpFloats(out: usize, images: usize, transforms: usize, count: i32, height: i32, width: i32, channels: i32, smooth: bool, fill: i32, fillValue: f32): void {
  warp<f32>(out, images, transforms, count, height, width, channels, smooth, fill, fillValue);
}
