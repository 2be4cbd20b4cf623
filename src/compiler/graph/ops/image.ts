/** Operations on the sides of an image: zeros around it, its edges cut off, and its size enlarged bilinearly. */
import type { NDArray } from '../ndarray.ts';
import { ndarray } from '../ndarray.ts';
import type { Sides, TensorType } from '../types.ts';
import type { OpDefinition } from './definition.ts';
import { expectInputs, fail, float } from './definition.ts';

/** [N,H,W,C] with the sides added (1) or taken away (−1). */
function resized(op: string, [x]: readonly TensorType[], [top, bottom, left, right]: Sides, sign: 1 | -1): TensorType {
  expectInputs(op, [x], [['float', 4]]);
  const shape = [x.shape[0], x.shape[1] + sign * (top + bottom), x.shape[2] + sign * (left + right), x.shape[3]];
  if (Math.min(top, bottom, left, right) < 0 || shape[1] < 1 || shape[2] < 1) fail(`${op} by ${[top, bottom, left, right]}`);
  return float(shape, x);
}

/** Copies the rows that the smaller and the larger image share. `to` is the result. */
function copy(from: NDArray, to: NDArray, small: readonly number[], large: readonly number[], [top, , left]: Sides): void {
  const [n, h, w, c] = small;
  const row = w * c;
  for (let i = 0; i < n; i++)
    for (let y = 0; y < h; y++) {
      const inner = (i * h + y) * row;
      const outer = ((i * large[1] + y + top) * large[2] + left) * c;
      const [a, b] = from.shape === small ? [inner, outer] : [outer, inner];
      to.data.set(from.data.subarray(a, a + row), b);
    }
}

export const pad: OpDefinition<'pad'> = {
  infer: (inputs, { sides }) => [resized('pad', inputs, sides, 1)],
  gradient: ({ g, dy, attrs: { sides } }) => [g.crop(dy, sides)],
  evaluate([x], { sides }) {
    const out = ndarray(resized('pad', [x], sides, 1).shape);
    copy(x, out, x.shape, out.shape, sides);
    return [out];
  },
};

export const crop: OpDefinition<'crop'> = {
  infer: (inputs, { sides }) => [resized('crop', inputs, sides, -1)],
  gradient: ({ g, dy, attrs: { sides } }) => [g.pad(dy, sides)],
  evaluate([x], { sides }) {
    const out = ndarray(resized('crop', [x], sides, -1).shape);
    copy(x, out, out.shape, x.shape, sides);
    return [out];
  },
};

/** For each place of the enlarged axis the two places it blends, and the weight of the second. */
export function blends(size: number, factor: number): readonly { readonly low: number; readonly high: number; readonly weight: number }[] {
  return Array.from({ length: size * factor }, (_, i) => {
    const at = (i + 0.5) / factor - 0.5;
    const low = Math.floor(at);
    return { low: Math.max(low, 0), high: Math.min(low + 1, size - 1), weight: at - low };
  });
}

/** Calls `visit` for each output number and each of the four inputs that it blends. */
function blend(small: readonly number[], [fh, fw]: readonly [number, number], visit: (small: number, large: number, weight: number) => void): void {
  const [n, h, w, c] = small;
  const rows = blends(h, fh);
  const columns = blends(w, fw);
  for (let i = 0; i < n; i++)
    rows.forEach((row, y) =>
      columns.forEach((column, x) => {
        for (const [r, a] of [[row.low, 1 - row.weight], [row.high, row.weight]] as const)
          for (const [s, b] of [[column.low, 1 - column.weight], [column.high, column.weight]] as const)
            for (let k = 0; k < c; k++) visit(((i * h + r) * w + s) * c + k, ((i * h * fh + y) * w * fw + x) * c + k, a * b);
      }),
    );
}

export const upsampleBilinear: OpDefinition<'upsampleBilinear'> = {
  infer([x], { size }) {
    expectInputs('upsampleBilinear', [x], [['float', 4]]);
    return [float([x.shape[0], x.shape[1] * size[0], x.shape[2] * size[1], x.shape[3]], x)];
  },
  gradient: ({ g, dy, attrs }) => [g.upsampleBilinearGrad(dy, attrs.size)],
  evaluate([x], { size }) {
    const y = ndarray([x.shape[0], x.shape[1] * size[0], x.shape[2] * size[1], x.shape[3]]);
    blend(x.shape, size, (small, large, weight) => void (y.data[large] += x.data[small] * weight));
    return [y];
  },
};

export const upsampleBilinearGrad: OpDefinition<'upsampleBilinearGrad'> = {
  infer([dy], { size }) {
    expectInputs('upsampleBilinearGrad', [dy], [['float', 4]]);
    if (dy.shape[1] % size[0] !== 0 || dy.shape[2] % size[1] !== 0) fail(`upsampleBilinearGrad of [${dy.shape}] by ${size}`);
    return [float([dy.shape[0], dy.shape[1] / size[0], dy.shape[2] / size[1], dy.shape[3]], dy)];
  },
  gradient: 'none',
  evaluate([dy], { size }) {
    const dx = ndarray([dy.shape[0], dy.shape[1] / size[0], dy.shape[2] / size[1], dy.shape[3]]);
    blend(dx.shape, size, (small, large, weight) => void (dx.data[small] += dy.data[large] * weight));
    return [dx];
  },
};
