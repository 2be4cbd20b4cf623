/**
 * Sums of products of many rows, XᵀX, in float64: what a covariance is made of. Rows are taken in blocks and turned, so that each
 * number of the result is a product of two short runs of memory; only one half is worked out.
 */
const block = 64;

export interface Products {
  /** One row of `width` numbers, copied. */
  readonly add: (row: Float64Array) => void;
  /** The whole matrix, row-major, both halves; nothing may be added after. */
  readonly end: () => Float64Array;
}

export function products(width: number): Products {
  const sum = new Float64Array(width * width);
  const turned = new Float64Array(width * block);
  let rows = 0;
  const flush = (): void => {
    if (rows === 0) return;
    for (let i = 0; i < width; i++) {
      const a = i * block;
      for (let j = i; j < width; j++) {
        const b = j * block;
        // Four sums at a time: one would wait for itself.
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        for (let k = 0; k < block; k += 4) {
          s0 += turned[a + k] * turned[b + k];
          s1 += turned[a + k + 1] * turned[b + k + 1];
          s2 += turned[a + k + 2] * turned[b + k + 2];
          s3 += turned[a + k + 3] * turned[b + k + 3];
        }
        sum[i * width + j] += s0 + s1 + (s2 + s3);
      }
    }
    turned.fill(0);
    rows = 0;
  };
  return {
    add(row) {
      for (let i = 0; i < width; i++) turned[i * block + rows] = row[i];
      if (++rows === block) flush();
    },
    end() {
      flush();
      for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) sum[i * width + j] = sum[j * width + i];
      return sum;
    },
  };
}
