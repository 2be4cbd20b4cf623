/** One process at a time works on a run folder (proper-lockfile: a folder made by mkdir, refreshed while its owner lives). */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { fileSpan } from '../../compiler/source/source.ts';

/** Folders this process holds: in a container a killed process and its successor may both be process 1. */
const held = new Set<string>();

/** Tries, a tenth of a second apart, before an unsigned lock is no more taken for one about to be signed: its owner was killed between the two. */
const mostTries = 20;

/** Takes the lock; the result gives it back. Throws CNN6053 when another process has it. */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const files = { lock: join(folder, '.lock'), owner: join(folder, '.owner.json'), breaking: join(folder, '.breaking') };
  let release: Release | null = null;
  for (let tries = 0; ; tries++) {
    // A process that was stopped for a while (Ctrl-Z) did not refresh its lock, and still has it.
    const holder = await ownerOf(files.owner);
    if (isSurelyAlive(holder)) throw inUse(folder, holder);
    release = await take(folder, files);
    if (release) break;
    const by = await ownerOf(files.owner);
    if (by !== 'unsigned' && !isDead(folder, by)) throw inUse(folder, by);
    // Its owner was killed a moment ago: no need to wait until the lock looks old.
    if (by !== 'unsigned' || tries >= mostTries) release = await takeOver(folder, files);
    if (release) break;
    if (tries >= 2 * mostTries) throw inUse(folder, by);
    await sleep(100);
  }
  const give = release;
  return async () => {
    held.delete(folder);
    await rm(files.owner, { force: true }).catch(() => undefined);
    await give().catch(() => undefined);
  };
}

type Release = () => Promise<void>;
type Files = Readonly<Record<'lock' | 'owner' | 'breaking', string>>;

/** Takes and signs; null when there is a lock. */
async function take(folder: string, { lock, owner }: Files): Promise<Release | null> {
  try {
    const release = await lockfile.lock(folder, { lockfilePath: lock, stale: 20_000, update: 5_000, realpath: false, onCompromised: () => undefined });
    held.add(folder);
    await writeFile(owner, JSON.stringify({ pid: process.pid, host: hostname(), started: await startOf(process.pid) })).catch(() => undefined);
    return release;
  } catch (error) {
    // It went away while it was looked at: there was one.
    if (['ELOCKED', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** Breaks the lock of a dead process. Only one process does so at a time, and looks again before: else it might break that of its successor. */
async function takeOver(folder: string, files: Files): Promise<Release | null> {
  try {
    await mkdir(files.breaking);
  } catch {
    const { mtimeMs } = await stat(files.breaking).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > 5000) await rm(files.breaking, { recursive: true, force: true });
    return null;
  }
  try {
    const by = await ownerOf(files.owner);
    if (by !== 'unsigned' && !isDead(folder, by)) return null;
    await rm(files.owner, { force: true });
    await rm(files.lock, { recursive: true, force: true });
    return await take(folder, files);
  } finally {
    await rm(files.breaking, { recursive: true, force: true });
  }
}

/** A process of this machine. */
interface Owner {
  readonly pid: number;
  /** Whether it is the one that signed, not another that was given its number; null: nobody can tell. */
  readonly same: boolean | null;
}

const isDead = (folder: string, by: Owner | 'elsewhere'): boolean => by !== 'elsewhere' && (by.pid === process.pid ? !held.has(folder) : by.same === false || !alive(by.pid));
const isSurelyAlive = (by: Owner | 'elsewhere' | 'unsigned'): by is Owner => typeof by === 'object' && by.pid !== process.pid && by.same === true && alive(by.pid);

/** The process that holds the lock, or that it is one of another machine, or that nobody has signed. */
async function ownerOf(file: string): Promise<Owner | 'elsewhere' | 'unsigned'> {
  try {
    const { pid, host, started } = JSON.parse(await readFile(file, 'utf8')) as { pid: unknown; host: unknown; started?: unknown };
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0) return 'unsigned';
    if (host !== hostname()) return 'elsewhere';
    const now = await startOf(pid as number);
    return { pid: pid as number, same: typeof started === 'string' && now !== null ? started === now : null };
  } catch {
    return 'unsigned';
  }
}

/** When a process began, in a form that two processes of one number do not share; null where the system does not say (Linux does). Source: proc(5), boot_id and field 22 of stat. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const [boot, stat] = await Promise.all([readFile('/proc/sys/kernel/random/boot_id', 'utf8'), readFile(`/proc/${pid}/stat`, 'utf8')]);
    // The second field is the command's name in parentheses, which may hold anything.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Z: it has ended, and its parent has not asked.
    return state === 'Z' ? 'ended' : `${boot.trim()} ${rest[18]}`;
  } catch {
    return null;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const inUse = (folder: string, by: Owner | 'elsewhere' | 'unsigned'): DiagnosticError => new DiagnosticError([diagnostic('CNN6053', fileSpan(''), { folder, pid: typeof by === 'object' ? by.pid : null })]);
