/** Where windows lie: TensorFlow's GetWindowedOutputSizeVerbose. SAME pads one more at the end where padding is odd. */
import { fail } from './definition.ts';

export interface Window {
  /** Number of windows along the axis. */
  readonly count: number;
  /** Padding before the first element. */
  readonly before: number;
}

export function windowAlong(input: number, size: number, stride: number, dilation: number, padding: 'same' | 'valid'): Window {
  const reach = (size - 1) * dilation + 1;
  const count = padding === 'same' ? Math.ceil(input / stride) : Math.floor((input - reach) / stride) + 1;
  if (count < 1) fail(`a window of ${reach} does not fit into ${input}`);
  const before = padding === 'same' ? Math.floor(Math.max((count - 1) * stride + reach - input, 0) / 2) : 0;
  return { count, before };
}
