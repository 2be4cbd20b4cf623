/**
 * Pictures that are nearly the same: difference hashes at most `mostBits` apart, found by the pigeonhole principle (Norouzi, Punjani,
 * Fleet, "Fast search in Hamming space with multi-index hashing", CVPR 2012): of 6 pieces of 64 bits at least one is equal when at most
 * 5 bits differ. What the hash finds is compared in its small pictures, which say more. Plain pictures say too little and are left out.
 */
const mostBits = 5;
const pieces = [11, 11, 11, 11, 10, 10];
/** A piece that more pictures share says nothing about them: only the first of them are compared, so that time stays linear. */
const mostShared = 512;
/** Fewer bits set or unset come from a plain ground with little on it (a digit): many such pictures are alike without being copies. */
const leastBits = 18;
/** Gray levels between the darkest and the lightest of the small picture. */
const leastContrast = 32;
/** Correlation of the two small pictures, over all their channels, and the mean difference of their levels. */
const leastLikeness = 0.985;
const mostDifference = 16;

const rows = 8;
const columns = 9;

interface Print {
  readonly index: number;
  readonly low: number;
  readonly high: number;
  readonly small: Uint8Array;
}

/**
 * Pairs i < j of different groups, so many that each picture with a near copy in another group is in a pair with that group: not all
 * of them, since the frames of a film are all alike.
 * @param smalls [8, 9, 3] uint8 each; null is left out @param groups of each picture, 0 to 31
 */
export function nearCopies(smalls: readonly (Uint8Array | null)[], groups: ArrayLike<number>): [number, number][] {
  const prints = smalls.flatMap((small, index) => (small === null ? [] : (printOf(small, index) ?? [])));
  /** Bits of the groups in which a copy was found. */
  const known = new Int32Array(smalls.length);
  const pairs: [number, number][] = [];
  let shift = 0;
  for (const bits of pieces) {
    const buckets = new Map<number, Print[]>();
    for (const print of prints) {
      const piece = pieceOf(print, shift, bits);
      const bucket = buckets.get(piece);
      if (!bucket) {
        buckets.set(piece, [print]);
        continue;
      }
      const own = groups[print.index];
      for (const other of bucket) {
        const its = groups[other.index];
        if (its === own || (known[print.index] & (1 << its) && known[other.index] & (1 << own))) continue;
        if (distance(print, other) > mostBits || !alike(print.small, other.small)) continue;
        known[print.index] |= 1 << its;
        known[other.index] |= 1 << own;
        pairs.push([other.index, print.index]);
      }
      if (bucket.length < mostShared) bucket.push(print);
    }
    shift += bits;
  }
  return pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** null: too plain. */
function printOf(small: Uint8Array, index: number): Print | null {
  const gray = Float32Array.from({ length: rows * columns }, (_, i) => 0.299 * small[3 * i] + 0.587 * small[3 * i + 1] + 0.114 * small[3 * i + 2]);
  if (Math.max(...gray) - Math.min(...gray) < leastContrast) return null;
  const words = [0, 0];
  for (let y = 0; y < rows; y++) for (let x = 0; x < columns - 1; x++) if (gray[y * columns + x] > gray[y * columns + x + 1]) words[y >> 2] |= 1 << ((y & 3) * 8 + x);
  const set = ones(words[0]) + ones(words[1]);
  return set < leastBits || set > 64 - leastBits ? null : { index, low: words[0] >>> 0, high: words[1] >>> 0, small };
}

/** `bits` bits from bit `shift` of the 64 on. */
function pieceOf({ low, high }: Print, shift: number, bits: number): number {
  const mask = (1 << bits) - 1;
  if (shift >= 32) return (high >>> (shift - 32)) & mask;
  const lower = low >>> shift;
  return (shift + bits <= 32 ? lower : lower | (high << (32 - shift))) & mask;
}

const distance = (a: Print, b: Print): number => ones(a.low ^ b.low) + ones(a.high ^ b.high);

function ones(x: number): number {
  let n = x - ((x >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function alike(a: Uint8Array, b: Uint8Array): boolean {
  let [sumA, sumB, squareA, squareB, product, difference] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    sumA += a[i];
    sumB += b[i];
    squareA += a[i] * a[i];
    squareB += b[i] * b[i];
    product += a[i] * b[i];
    difference += Math.abs(a[i] - b[i]);
  }
  if (difference / a.length > mostDifference) return false;
  const n = a.length;
  const spread = Math.sqrt((squareA - (sumA * sumA) / n) * (squareB - (sumB * sumB) / n));
  return spread > 0 && (product - (sumA * sumB) / n) / spread >= leastLikeness;
}
