/**
 * Checkpoints: one npz a state, `checkpoints/step-00000812.npz`, written atomically, the last two kept. Arrays are
 * `variables/…` and `best/…`; `meta` is JSON (progress, hash of the program); `sha256` is the digest of all that, since a
 * zip's own checksums do not cover its names. Whatever does not check out is passed over for the one before it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { GraphVariable } from '../../compiler/graph/types.ts';
import type { Tensors } from '../engine/engine.ts';
import { isTemporaryName } from '../files/atomic.ts';
import { isArchiveError, readNpz, writeNpz, writeNpzAtomic, type NpyArray, type NpzEntries } from '../files/npz.ts';
import { decodeProgress, encodeProgress } from './progress-json.ts';
import type { Progress, Snapshot } from './state.ts';
import { misfit, tensorOf } from './tensors.ts';

const schema = 1;
const kept = 2;

export interface CheckpointName {
  readonly file: string;
  readonly step: number;
}

/** Newest first. A folder that is not there holds none. */
export async function listCheckpoints(folder: string): Promise<readonly CheckpointName[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .map((name) => ({ match: /^step-(\d{8,15})\.npz$/.exec(name), name }))
    .flatMap(({ match, name }) => (match ? [{ file: join(folder, name), step: Number(match[1]) }] : []))
    .sort((a, b) => b.step - a.step);
}

/**
 * Writes a checkpoint and removes those before the last two. When the disk is full the oldest gives way and the write is
 * tried once more. Rejects with the system's error; what was there before is then still there.
 */
export async function saveCheckpoint(folder: string, snapshot: Snapshot, programHash: string): Promise<string> {
  const file = join(folder, `step-${String(snapshot.progress.step).padStart(8, '0')}.npz`);
  const entries = entriesOf(snapshot, programHash);
  const before = (await listCheckpoints(folder)).filter((c) => c.file !== file);
  try {
    await writeNpzAtomic(file, entries);
  } catch (error) {
    const spare = before.slice(1);
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || spare.length === 0) throw error;
    for (const old of spare) await unlink(old.file);
    await writeNpzAtomic(file, entries);
  }
  for (const old of before.slice(kept - 1)) await unlink(old.file).catch(() => undefined);
  return file;
}

/** Removes what killed writes left behind in a run folder, which must be locked. */
export async function removeTemporary(run: string): Promise<void> {
  for (const folder of [run, ...['checkpoints', 'model', 'plots'].map((name) => join(run, name))]) {
    for (const name of await readdir(folder).catch(() => [])) if (isTemporaryName(name)) await unlink(join(folder, name)).catch(() => undefined);
  }
}

export interface Damaged {
  readonly file: string;
  readonly reason: string;
}

/** The newest whole checkpoint of this program and graph (null: none), and the damaged ones passed over on the way to it. */
export async function loadNewest(folder: string, programHash: string, variables: readonly GraphVariable[]): Promise<{ readonly snapshot: Snapshot | null; readonly damaged: readonly Damaged[] }> {
  const damaged: Damaged[] = [];
  for (const { file } of await listCheckpoints(folder)) {
    try {
      const snapshot = await decodeCheckpoint(file, programHash);
      if (misfit(snapshot.variables, variables) || (snapshot.best && misfit(snapshot.best, variables.filter((v) => v.role === 'weight')))) throw new BadCheckpoint('its weights are not those of this network');
      return { snapshot, damaged };
    } catch (error) {
      if (!isArchiveError(error) && !(error instanceof BadCheckpoint) && typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
      damaged.push({ file, reason: (error as Error).message });
    }
  }
  return { snapshot: null, damaged };
}

class BadCheckpoint extends Error {}

/** Equal snapshots give equal bytes. */
export const encodeCheckpoint = (snapshot: Snapshot, programHash: string): Uint8Array => writeNpz(entriesOf(snapshot, programHash));

function entriesOf(snapshot: Snapshot, programHash: string): NpzEntries {
  const meta = Buffer.from(JSON.stringify({ schema, program: programHash, best: snapshot.best !== null, progress: encodeProgress(snapshot.progress) }));
  const arrays: Record<string, { shape: readonly number[]; data: NpyArray['data'] }> = { meta: { shape: [meta.length], data: new Uint8Array(meta) } };
  for (const [name, tensor] of Object.entries(snapshot.variables)) arrays[`variables/${name}`] = tensor;
  for (const [name, tensor] of Object.entries(snapshot.best ?? {})) arrays[`best/${name}`] = tensor;
  return { ...arrays, sha256: { shape: [32], data: digest(arrays) } };
}

/** Throws BadCheckpoint, NpyError, ZipError or the system's error. */
export async function decodeCheckpoint(from: string | Uint8Array, programHash: string): Promise<Snapshot> {
  const { sha256, ...arrays } = await readNpz(from);
  if (!sha256 || !(sha256.data instanceof Uint8Array) || sha256.data.length !== 32 || !timingSafeEqual(sha256.data, digest(arrays))) throw new BadCheckpoint('its checksum is wrong');
  let progress: Progress;
  let hasBest: boolean;
  try {
    const meta = JSON.parse(Buffer.from(arrays.meta.data as Uint8Array).toString('utf8')) as { schema: unknown; program: unknown; best: unknown; progress: unknown };
    if (meta.schema !== schema) throw new BadCheckpoint('it is of another version of cnnc');
    if (meta.program !== programHash) throw new BadCheckpoint('it belongs to another program');
    hasBest = meta.best === true;
    progress = decodeProgress(meta.progress);
  } catch (error) {
    throw error instanceof BadCheckpoint ? error : new BadCheckpoint('its description is damaged');
  }
  const under = (prefix: string): Tensors =>
    Object.fromEntries(Object.entries(arrays).flatMap(([name, array]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), tensorOf(array)]] : [])));
  return { progress, variables: under('variables/'), best: hasBest ? under('best/') : null };
}

/** Over names, shapes and bytes, in the order of the names. */
function digest(arrays: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: NpyArray['data'] }>>): Uint8Array {
  const hash = createHash('sha256');
  for (const name of Object.keys(arrays).sort()) {
    const { shape, data } = arrays[name];
    hash.update(`${name.length}:${name}[${shape.join(',')}]${data.byteLength}:`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return new Uint8Array(hash.digest());
}
