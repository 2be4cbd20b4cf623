/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 * Every random draw of cnnc is a pure function of a seed, a purpose and two indices; nothing has hidden state.
 */

/** What a stream of draws is for. Numbers are part of the meaning of a seed: never renumber. */
export const Purpose = { weights: 1, shuffle: 2, split: 3, augment: 4, dropout: 5, synthetic: 6, colour: 7, mix: 8 } as const;
export type Purpose = (typeof Purpose)[keyof typeof Purpose];

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function mulHigh(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const middle = ah * bl + ((al * bl) >>> 16);
  const low = (middle & 0xffff) + al * bh;
  return (ah * bh + Math.floor(middle / 0x10000) + Math.floor(low / 0x10000)) >>> 0;
}

/** One block: writes four uint32 to `out[at…at+3]`. Counter and key words are taken modulo 2³². */
export function philox4x32(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array, at = 0): void {
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(M0, c0 >>> 0);
    const low0 = Math.imul(M0, c0);
    const high1 = mulHigh(M1, c2 >>> 0);
    const low1 = Math.imul(M1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}

/** The two key words of a seed (a safe integer ≥ 0) for a purpose. */
export const keyOf = (seed: number, purpose: Purpose): [number, number] => [seed >>> 0, ((Math.floor(seed / 0x100000000) & 0xffffff) | (purpose << 24)) >>> 0];

/** A sequence of draws, addressed by (seed, purpose, a, b): counter words are [block, 0, a, b]. */
export interface Draws {
  /** Uniform integer 0 … 2³² − 1. */
  uint32(): number;
  /** Uniform in [0, 1) with 24 bits: exact in float32. */
  uniform(): number;
  /** Uniform integer 0 … n − 1, unbiased (rejection). n ≤ 2³². */
  below(n: number): number;
}

export function draws(seed: number, purpose: Purpose, a = 0, b = 0): Draws {
  const [k0, k1] = keyOf(seed, purpose);
  const block = new Uint32Array(4);
  let counter = 0;
  let used = 4;
  const uint32 = (): number => {
    if (used === 4) {
      philox4x32(counter++, 0, a, b, k0, k1, block);
      used = 0;
    }
    return block[used++];
  };
  return {
    uint32,
    uniform: () => (uint32() >>> 8) / 0x1000000,
    below(n) {
      const limit = Math.floor(0x100000000 / n) * n;
      for (;;) {
        const x = uint32();
        if (x < limit) return x % n;
      }
    },
  };
}

/** Fisher–Yates, in place. */
export function shuffle<T extends { length: number; [i: number]: number }>(items: T, random: Draws): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const swap = items[i];
    items[i] = items[j];
    items[j] = swap;
  }
  return items;
}
