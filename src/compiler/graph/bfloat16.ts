/**
 * bfloat16: the upper half of a float32, 8 bits of exponent and 7 of mantissa. Rounding is to the nearest, ties to even, as
 * TensorFlow's (Eigen::bfloat16) and the processors' own.
 */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The 16 bits of the nearest bfloat16. Every NaN is the quiet one. */
export function bfloat16Bits(x: number): number {
  float[0] = x;
  if (Number.isNaN(x)) return 0x7fc0;
  // What is kept is even or odd by its last bit; half of one more, less a hair where it is even.
  return ((bits[0] + 0x7fff + ((bits[0] >>> 16) & 1)) >>> 16) & 0xffff;
}

/** The nearest number that bfloat16 has. Through float32, as everything that computes in it does. */
export function toBfloat16(x: number): number {
  bits[0] = bfloat16Bits(x) * 0x10000;
  return float[0];
}
