/** Keeps the engine busy: a few calls are under way at once, their answers are handled in order. */

/** Calls under way at a time: one running, one waiting, one being filled. */
export const depth = 3;

/**
 * Starts `start(i)` for i in [from, to), at most `depth` ahead, and gives each answer to `done(i, answer)` in order.
 * When `stop()` is true no new call is started; those under way are finished. Returns the index after the last one done.
 * A failed call, or a throw of `done`, rejects at once; the answers still to come are dropped.
 */
export async function pipeline<T>(from: number, to: number, start: (i: number) => Promise<T>, done: (i: number, answer: T) => void, stop: () => boolean): Promise<number> {
  const underWay: Promise<T>[] = [];
  let next = from;
  let finished = from;
  let breath = performance.now();
  while (finished < next || (next < to && !stop())) {
    while (next < to && underWay.length < depth && !stop()) {
      const call = start(next++);
      // Seen to when its turn comes; without this, a second failure behind a first one would end the process.
      call.catch(() => undefined);
      underWay.push(call);
    }
    const first = underWay.shift();
    if (!first) break;
    done(finished, await first);
    finished++;
    // Signals and timers get their turn even where answers come without waiting.
    if (performance.now() - breath > 30) {
      await new Promise((resolve) => setImmediate(resolve));
      breath = performance.now();
    }
  }
  return finished;
}
