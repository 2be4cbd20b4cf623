/** The loop's Store on a run folder. A write that fails becomes CannotWrite, which ends the run with what was whole before. */
import { join } from 'node:path';
import { writeNpzAtomic } from '../files/npz.ts';
import { saveCheckpoint } from './checkpoint.ts';
import type { History } from './history.ts';
import type { Store } from './loop.ts';
import type { Snapshot } from './state.ts';

export class CannotWrite extends Error {
  constructor(readonly what: string, readonly path: string, override readonly cause: unknown) {
    super(`${what} could not be written`);
  }
}

export const checkpointsOf = (folder: string): string => join(folder, 'checkpoints');

/** `saved` hears of every checkpoint; `log` writes what else the program wants of each epoch. */
export function folderStore(folder: string, programHash: string, saved: (file: string, snapshot: Snapshot, why: 'epoch' | 'interrupted') => void, log: (history: History) => Promise<void>): Store {
  const checkpoints = checkpointsOf(folder);
  return {
    checkpoint: async (snapshot, why) => {
      const file = await writing('the checkpoint', checkpoints, () => saveCheckpoint(checkpoints, snapshot, programHash));
      saved(file, snapshot, why);
      if (why === 'epoch') await writing('a log of the epochs', folder, () => log(snapshot.progress.history));
    },
    copy: async (kind, epoch, weights) => {
      const path = join(checkpoints, kind === 'best' ? 'best.npz' : `epoch-${String(epoch + 1).padStart(4, '0')}.npz`);
      await writing('a copy of the weights', path, () => writeNpzAtomic(path, weights));
    },
  };
}

/** Turns the system's refusals into CannotWrite; other errors pass. */
export async function writing<T>(what: string, path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw typeof (error as NodeJS.ErrnoException).code === 'string' ? new CannotWrite(what, path, error) : error;
  }
}
