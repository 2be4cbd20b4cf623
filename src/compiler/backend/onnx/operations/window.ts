/** Windows along the two axes of an image, as ONNX wants to hear of them: explicit padding. */
import { windowAlong } from '../../../graph/ops/window.ts';
import { covered } from '../../../shape/window.ts';
import type { Attrs } from '../writer.ts';

export interface Along {
  readonly input: number;
  readonly count: number;
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

interface Windows {
  readonly size: readonly number[];
  readonly stride: readonly [number, number];
  readonly dilation?: readonly [number, number];
  readonly padding: 'same' | 'valid';
}

/** @param image the logical shape [N,H,W,C] */
export function along(image: readonly number[], { size, stride, dilation = [1, 1], padding }: Windows): readonly [rows: Along, columns: Along] {
  const one = (axis: 0 | 1): Along => {
    const input = image[axis + 1];
    const { count, before } = windowAlong(input, size[axis], stride[axis], dilation[axis], padding);
    const needed = (count - 1) * stride[axis] + covered(size[axis], dilation[axis]);
    return { input, count, size: size[axis], stride: stride[axis], dilation: dilation[axis], before, after: Math.max(needed - before - input, 0) };
  };
  return [one(0), one(1)];
}

export const windowAttrs = (axes: readonly Along[]): Attrs => ({
  kernel_shape: axes.map((a) => a.size),
  strides: axes.map((a) => a.stride),
  pads: [...axes.map((a) => a.before), ...axes.map((a) => a.after)],
});

export const convAttrs = (axes: readonly Along[]): Attrs => ({ ...windowAttrs(axes), dilations: axes.map((a) => a.dilation) });

/** What the windows leave over at the end of the input. */
export const leftOver = ({ input, count, size, stride, dilation, before, after }: Along): number =>
  input + before + after - ((count - 1) * stride + covered(size, dilation));
