/**
 * Files that are whole or absent: temporary name in the same folder, write, fsync, rename, fsync of the folder
 * (the recipe of "All File Systems Are Not Created Equal", OSDI 2014). A kill or a full disk at any moment leaves the old file.
 */
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

let counter = 0;

/** For tests: called with the target's path when half of the bytes are on disk; what it throws is what the disk would have said. */
let fault: ((path: string) => void) | null = null;
export function simulateFault(throwing: ((path: string) => void) | null): void {
  fault = throwing;
}

/** An error as Node reports a full disk. */
export const diskFull = (path: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`ENOSPC: no space left on device, write '${path}'`), { code: 'ENOSPC', errno: -28, syscall: 'write', path });

/** Whether a name is one that an interrupted write may have left behind. */
export const isTemporaryName = (name: string): boolean => /^\..+\.\d+-\d+\.tmp$/.test(name);

/**
 * Writes a file in one piece; makes its folder if need be. Rejects with the system's error (`code` is ENOSPC, EACCES, …),
 * the old file untouched and the temporary one removed.
 */
export function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  return writeFileAtomicWith(path, async (write) => {
    if (!fault) return write(bytes);
    const half = bytes.length >> 1;
    await write(bytes.subarray(0, half));
    await write(bytes.subarray(half));
  });
}

/** The same for a file written piece by piece; nothing is seen under `path` until `fill` has ended. */
export async function writeFileAtomicWith(path: string, fill: (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${counter++}.tmp`);
  const file = await open(temporary, 'wx');
  try {
    let pieces = 0;
    try {
      await fill(async (bytes) => {
        if (pieces++ > 0) fault?.(path);
        await writeAll(file, bytes);
      });
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  // One write call takes at most 2 GiB.
  const most = 1 << 30;
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, Math.min(most, bytes.length - at))).bytesWritten;
}

/** The rename itself is durable only when its folder is. Folders cannot be opened on Windows; nothing to do there. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EISDIR' && code !== 'EPERM' && code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EACCES') throw error;
  }
}
