/** Initial weights that are matrices as a whole: Keras's Orthogonal and Identity (keras/src/initializers/). Only + − × ÷ and √ are used. */
import type { Shape } from '../../model/program.ts';

/** Ones on the diagonal of [rows, columns], times `gain`. */
export function identity(shape: Shape, gain: number): Float32Array {
  const [rows, columns] = shape;
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = gain;
  return values;
}

/**
 * The Q of a matrix of normal numbers [the longer side, the shorter side], whose R has a positive diagonal (so Q is uniform, as Keras's
 * after its sign change), by Gram and Schmidt's process, each vector taken through it twice. All but the last axis are rows.
 */
export function orthogonal(shape: Shape, gain: number, normal: () => number): Float32Array {
  const columns = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
  // Vectors lie one after the other; the draws come row by row.
  const vectors = Array.from({ length: short }, () => new Float64Array(long));
  for (let i = 0; i < long; i++) for (const vector of vectors) vector[i] = normal();
  vectors.forEach((vector, k) => {
    for (let pass = 0; pass < 2; pass++) for (let j = 0; j < k; j++) subtract(vector, vectors[j]);
    const norm = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < long; i++) vector[i] /= norm;
  });
  const values = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) values[r * columns + c] = gain * (rows < columns ? vectors[r][c] : vectors[c][r]);
  return values;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Takes away what lies along a unit vector. */
function subtract(vector: Float64Array, unit: Float64Array): void {
  const along = dot(vector, unit);
  for (let i = 0; i < vector.length; i++) vector[i] -= along * unit[i];
}
