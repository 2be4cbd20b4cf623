/**
 * How much the tensors of one call take at most: steps in the order in which an engine runs them, each tensor from the step that
 * makes it to the last that reads it.
 */

/** A tensor; anything that can be a key. */
export interface Made<K> {
  readonly key: K;
  readonly bytes: number;
}

/** One operation as memory sees it. */
export interface Step<K> {
  readonly reads: readonly K[];
  readonly makes: readonly Made<K>[];
  /** Bytes that are needed while it runs, besides what it reads and makes. */
  readonly scratch: number;
  /** Its first result is a view of the first thing it reads. */
  readonly isView: boolean;
  /** It may write its first result over something of that size which nobody reads any more. */
  readonly mayOverwrite: boolean;
}

/** Where tensors come from and go back to. */
export interface Allocator<P> {
  readonly take: (bytes: number) => P;
  readonly give: (place: P) => void;
  /** Bytes that the process holds, now or, where nothing goes back to the system, so far. */
  readonly held: () => number;
}

/** Takes from the system as much as is asked for, and gives it back at once. */
export function exact(): Allocator<number> {
  let now = 0;
  return {
    take: (bytes) => ((now += bytes), bytes),
    give: (bytes) => void (now -= bytes),
    held: () => now,
  };
}

interface Place<P> {
  readonly bytes: number;
  readonly at: P;
  /** Steps still to read it. */
  uses: number;
}

/** The most that is held. @param kept what stays to the end of the call */
export function peakOf<K, P>(steps: readonly Step<K>[], kept: Iterable<K>, { take, give, held }: Allocator<P>): number {
  const uses = new Map<K, number>();
  for (const { reads } of steps) for (const key of new Set(reads)) uses.set(key, (uses.get(key) ?? 0) + 1);
  for (const key of kept) uses.set(key, Infinity);

  const places = new Map<K, Place<P>>();
  let most = 0;
  for (const { reads, makes, scratch, isView, mayOverwrite } of steps) {
    const read = [...new Set(reads)].flatMap((key) => places.get(key) ?? []);
    const made = makes.map(({ key, bytes }, i): Place<P> => {
      const over = i > 0 ? undefined : isView ? read[0] : mayOverwrite ? read.find((place) => place.uses === 1 && place.bytes === bytes) : undefined;
      const place = over ?? { bytes, at: take(bytes), uses: 0 };
      place.uses += uses.get(key) ?? 0;
      places.set(key, place);
      return place;
    });
    const space = take(scratch);
    most = Math.max(most, held());
    give(space);
    for (const place of read) place.uses--;
    for (const place of new Set([...read, ...made])) if (place.uses === 0) give(place.at);
  }
  return most;
}
