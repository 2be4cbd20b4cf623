/** Where windows lie along an axis. SAME pads one more at the end where padding is odd (TensorFlow's GetWindowedOutputSizeVerbose). */
import { covered, windowOutput } from '../../shape/window.ts';
import { fail } from './definition.ts';

export interface Window {
  /** Number of windows along the axis. */
  readonly count: number;
  /** Padding before the first element. */
  readonly before: number;
}

export function windowAlong(input: number, size: number, stride: number, dilation: number, padding: 'same' | 'valid'): Window {
  const count = windowOutput(input, size, stride, padding, dilation);
  const reach = covered(size, dilation);
  if (count < 1) fail(`a window of ${reach} does not fit into ${input}`);
  const before = padding === 'same' ? Math.floor(Math.max((count - 1) * stride + reach - input, 0) / 2) : 0;
  return { count, before };
}
