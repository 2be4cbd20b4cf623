/** Work started side by side, its results taken in order: what is written is then the same on every run. */
import { availableParallelism } from 'node:os';

/** Enough that a slow picture at the head does not leave the others waiting. */
export const defaultWidth = 2 * availableParallelism() + 2;

/**
 * Starts `start(0) … start(count − 1)`, at most `width` ahead of the one that is taken. Rejects with the first error in order,
 * or the signal's reason, after what was under way has ended.
 */
export async function inOrder<T>(
  count: number,
  start: (index: number) => Promise<T>,
  take: (result: T, index: number) => void | Promise<void>,
  signal?: AbortSignal,
  width = defaultWidth,
): Promise<void> {
  const running: Promise<T>[] = [];
  let next = 0;
  try {
    for (let index = 0; index < count; index++) {
      signal?.throwIfAborted();
      for (; next < Math.min(count, index + width); next++) {
        const work = start(next);
        work.catch(() => undefined);
        running.push(work);
      }
      await take(await (running.shift() as Promise<T>), index);
    }
  } finally {
    await Promise.allSettled(running);
  }
}
