/**
 * Dimension arithmetic of windows that slide over an image. The formula stands here and nowhere else.
 * Source: Keras `compute_conv_output_shape` (keras/src/ops/operation_utils.py), TensorFlow's padding rules.
 */
export type Padding = 'same' | 'valid';

/** Size that a window covers when its elements are `dilation` apart. */
export const covered = (size: number, dilation: number): number => dilation * (size - 1) + 1;

/** Output size of one dimension; below 1 when the window does not fit. */
export function windowOutput(input: number, size: number, stride: number, padding: Padding, dilation = 1): number {
  if (padding === 'same') return Math.ceil(input / stride);
  const room = input - covered(size, dilation);
  return room < 0 ? 0 : Math.floor(room / stride) + 1;
}

/**
 * Output size of one dimension of a transposed convolution: what a convolution makes `input` of. `extra` is Keras's output_padding
 * (null: none stated). Source: Keras `_get_output_shape_given_tf_padding` (keras/src/backend/common/backend_utils.py).
 */
export function transposedOutput(input: number, size: number, stride: number, padding: Padding, dilation: number, extra: number | null): number {
  const window = covered(size, dilation);
  if (padding === 'same') return extra === null ? input * stride : (input - 1) * stride + (window % 2) + extra;
  return (input - 1) * stride + window + (extra ?? Math.max(window, stride) - window);
}

export interface WindowArgs {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: Padding;
  readonly dilation?: readonly [number, number];
}

/** [height, width] after the window, or null when it does not fit. */
export function windowShape(height: number, width: number, args: WindowArgs): readonly [number, number] | null {
  const [dilationH, dilationW] = args.dilation ?? [1, 1];
  const h = windowOutput(height, args.size[0], args.stride[0], args.padding, dilationH);
  const w = windowOutput(width, args.size[1], args.stride[1], args.padding, dilationW);
  return h < 1 || w < 1 ? null : [h, w];
}
