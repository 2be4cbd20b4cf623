/** `random.ts` of the generated code. */
import { header, lines, tfjs } from './module.ts';

export const randomModule = (): string =>
  lines(
    header('Random numbers that repeat.'),
    tfjs,
    `
/** Where training takes its random numbers from: uniform, from 0 up to but without 1. */
export interface Random {
  number(): number;
  /** A tensor of such numbers. */
  tensor(shape: number[]): tf.Tensor;
}

export interface SeededRandom extends Random {
  /** A whole number from 1, such as tfjs's own random tensors take for a seed (they ignore 0). */
  integer(): number;
}

/** The same seed gives the same numbers. (Mulberry32, by Tommy Ettinger.) */
export function seededRandom(seed: number): SeededRandom {
  let state = seed | 0;
  const number = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
  const integer = (): number => 1 + Math.floor(number() * 0x7fffffff);
  return { number, integer, tensor: (shape) => tf.randomUniform(shape, 0, 1, 'float32', integer()) };
}
`,
  );
