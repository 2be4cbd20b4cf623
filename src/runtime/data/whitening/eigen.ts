/**
 * Eigenvalues and eigenvectors of a symmetric matrix in float64: Householder's reduction to three diagonals, then the implicit QL
 * method (Wilkinson and Reinsch, "Handbook for Automatic Computation" II, 1971; EISPACK's tred2 and imtql2). Vectors lie in rows,
 * so that every inner loop runs along memory.
 */
export interface Eigen {
  /** In no order. */
  readonly values: Float64Array;
  /** Row i belongs to value i, of length 1. */
  readonly vectors: Float64Array;
}

/** More rounds than this for one value mean that numbers are not finite. */
const mostRounds = 60;

/** @param matrix row-major [n · n]; it is overwritten @param breathe called now and then, may reject to end the work */
export async function eigenOf(matrix: Float64Array, n: number, breathe: () => Promise<void>): Promise<Eigen> {
  const { diagonal, beside, vectors } = await tridiagonal(matrix, n, breathe);
  // Measured against the whole matrix: among values that are all but nothing, smaller ones are rounding.
  const least = Number.EPSILON * diagonal.reduce((most, d, i) => Math.max(most, Math.abs(d) + Math.abs(beside[i])), 0);
  for (let low = 0; low < n; low++) {
    await breathe();
    for (let round = 0; ; round++) {
      let high = low;
      while (high < n - 1) {
        if (Math.abs(beside[high]) <= least) break;
        high++;
      }
      if (high === low) break;
      if (round === mostRounds) throw new Error('eigenvalues of a matrix that is not finite');
      step(diagonal, beside, vectors, low, high, n);
    }
  }
  return { values: diagonal, vectors };
}

/** One sweep of rotations from `high` up to `low`, with Wilkinson's shift. */
function step(d: Float64Array, e: Float64Array, vectors: Float64Array, low: number, high: number, n: number): void {
  const q = (d[low + 1] - d[low]) / (2 * e[low]);
  const length = Math.hypot(q, 1);
  let g = d[high] - d[low] + e[low] / (q + (q < 0 ? -length : length));
  let [s, c, p] = [1, 1, 0];
  for (let i = high - 1; i >= low; i--) {
    const f = s * e[i];
    const b = c * e[i];
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= p;
      e[high] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    const t = (d[i] - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    turn(vectors.subarray(i * n, (i + 1) * n), vectors.subarray((i + 1) * n, (i + 2) * n), c, s);
  }
  d[low] -= p;
  e[low] = g;
  e[high] = 0;
}

/** A rotation of two rows. */
function turn(upper: Float64Array, lower: Float64Array, c: number, s: number): void {
  for (let k = 0; k < upper.length; k++) {
    const x = upper[k];
    const y = lower[k];
    lower[k] = s * x + c * y;
    upper[k] = c * x - s * y;
  }
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** beside[i] stands between i and i + 1; the last is 0. */
  readonly beside: Float64Array;
  /** Rows: the orthogonal matrix, transposed. */
  readonly vectors: Float64Array;
}

/** A = Q T Qᵀ. Reflection k clears column k below its second place; its vector is kept in row k of the matrix. */
async function tridiagonal(a: Float64Array, n: number, breathe: () => Promise<void>): Promise<Tridiagonal> {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const factors = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    await breathe();
    diagonal[k] = a[k * n + k];
    // Row k, the matrix being symmetric: v = x + sign(x₀)·|x|·e₀.
    const v = a.subarray(k * n, (k + 1) * n);
    const norm = lengthOf(v, k + 1);
    if (norm === 0 || k === n - 2) {
      beside[k] = v[k + 1];
      continue;
    }
    beside[k] = v[k + 1] > 0 ? -norm : norm;
    v[k + 1] -= beside[k];
    let squares = 0;
    for (let j = k + 1; j < n; j++) squares += v[j] * v[j];
    const factor = 2 / squares;
    factors[k] = factor;
    let along = 0;
    for (let i = k + 1; i < n; i++) {
      const row = i * n;
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[row + j] * v[j];
      w[i] = factor * sum;
      along += w[i] * v[i];
    }
    const half = (factor * along) / 2;
    for (let i = k + 1; i < n; i++) w[i] -= half * v[i];
    for (let i = k + 1; i < n; i++) {
      const row = i * n;
      const vi = v[i];
      const wi = w[i];
      for (let j = k + 1; j < n; j++) a[row + j] -= vi * w[j] + wi * v[j];
    }
  }
  diagonal[n - 1] = a[n * n - 1];
  // Qᵀ = H_last … H_0: rows of the unit matrix, reflected from the last vector to the first.
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let k = n - 3; k >= 0; k--) {
    if (factors[k] === 0) continue;
    await breathe();
    const v = a.subarray(k * n, (k + 1) * n);
    for (let i = k + 1; i < n; i++) {
      const row = i * n;
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += vectors[row + j] * v[j];
      sum *= factors[k];
      for (let j = k + 1; j < n; j++) vectors[row + j] -= sum * v[j];
    }
  }
  return { diagonal, beside, vectors };
}

/** Without overflow or loss of what is small. */
function lengthOf(v: Float64Array, from: number): number {
  let most = 0;
  for (let j = from; j < v.length; j++) most = Math.max(most, Math.abs(v[j]));
  if (most === 0) return 0;
  let sum = 0;
  for (let j = from; j < v.length; j++) sum += (v[j] / most) ** 2;
  return most * Math.sqrt(sum);
}
