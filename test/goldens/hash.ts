/** Numbers that scripts/goldens/mnist_steps.py computes too, so that weights need no file. */

/** Well-mixed uint32 of 0 … count − 1. */
function hashes(count: number, salt: number): Uint32Array {
  return new Uint32Array(count).map((_, i) => {
    let h = Math.imul((i + Math.imul(salt, 0x01000193)) >>> 0, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15), 0x85ebca77);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae3d);
    return (h ^ (h >>> 16)) >>> 0;
  });
}

/** A kernel [..., in, out] with the spread of Glorot's uniform distribution. */
export function hashedKernel(shape: readonly number[], salt: number): Float32Array {
  const window = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  const limit = Math.sqrt(6 / (window * (shape[shape.length - 2] + shape[shape.length - 1])));
  return Float32Array.from(hashes(shape.reduce((a, b) => a * b, 1), salt), (h) => ((h / 2 ** 32) * 2 - 1) * limit);
}
