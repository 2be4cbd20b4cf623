/** `whitening.ts` of the generated code: the matrix of ImageDataGenerator's ZCA, by Jacobi's rotations of the covariance. */
import type { Program } from '../../model/program.ts';
import { number } from './emit.ts';
import { header, lines, tfjs } from './module.ts';

/** null where the program does not whiten. */
export function whiteningModule({ preprocess: { zca } }: Program): string | null {
  if (!zca) return null;
  return lines(
    header('Whitening: the matrix that makes the numbers of all pictures uncorrelated, changing them as little as that allows.'),
    tfjs,
    `
/** Is added to each singular value. */
const EPSILON = ${number(zca.epsilon)};

/**
 * Rows [n, size] → [size, size]: the sum of u uᵀ √n / (s + EPSILON) over the singular values s and vectors u of the rows. Directions
 * that no row shows are left out. The time goes with size³: minutes from about a thousand on.
 */
export function whiteningMatrix(rows: tf.Tensor2D): tf.Tensor2D {
  const [count, size] = rows.shape;
  const products = Float64Array.from({ length: size * size }, () => 0);
  const data = rows.dataSync();
  for (let at = 0; at < data.length; at += size) {
    for (let i = 0; i < size; i++) for (let j = i; j < size; j++) products[i * size + j] += data[at + i] * data[at + j];
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) products[i * size + j] = products[j * size + i];
  const vectors = diagonalize(products, size);
  const values = Float64Array.from({ length: size }, (_, k) => products[k * size + k]);
  const least = Math.max(...values) * Math.max(count, size) * Number.EPSILON;
  const matrix = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    if (values[k] <= least) continue;
    const factor = Math.sqrt(count) / (Math.sqrt(values[k]) + EPSILON);
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) matrix[i * size + j] += factor * vectors[k * size + i] * vectors[k * size + j];
  }
  return tf.tensor2d(Float32Array.from(matrix), [size, size]);
}

/** Turns a symmetric matrix until its values stand on the diagonal; the vectors are returned in rows. */
function diagonalize(a: Float64Array, n: number): Float64Array {
  const vectors = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  const norm = Math.sqrt(a.reduce((sum, v) => sum + v * v, 0));
  for (let sweep = 0; sweep < 60; sweep++) {
    let turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const beside = a[p * n + q];
        if (Math.abs(beside) <= Number.EPSILON * norm * 0.01) continue;
        turned = true;
        const theta = (a[q * n + q] - a[p * n + p]) / (2 * beside);
        const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const cosine = 1 / Math.hypot(tangent, 1);
        const sine = tangent * cosine;
        const turn = (m: Float64Array, x: number, y: number): void => {
          const [u, v] = [m[x], m[y]];
          m[x] = cosine * u - sine * v;
          m[y] = sine * u + cosine * v;
        };
        for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q);
        for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k);
        for (let k = 0; k < n; k++) turn(vectors, p * n + k, q * n + k);
      }
    }
    if (!turned) break;
  }
  return vectors;
}
`,
  );
}
