/** manifest.json of a run folder: what was run, on what, and how far it came. Read back as untrusted. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineInfo } from '../engine/engine.ts';
import { writeFileAtomic } from '../files/atomic.ts';

export type Status = 'running' | 'finished' | 'interrupted' | 'failed';

export interface Manifest {
  readonly schema: 1;
  readonly cnnc: string;
  readonly status: Status;
  readonly model: string;
  /** `path` relative to the run folder; `hash` is of the meaning (identity.ts), not of the text. */
  /** `imports`: the files that it imports, where there are any. Paths from the run folder. */
  readonly program: { readonly path: string; readonly text: string; readonly hash: string; readonly imports?: readonly { readonly path: string; readonly text: string }[] };
  /** `--set`, `--epochs` and `--seed` as given. */
  readonly set: Readonly<Record<string, string>>;
  readonly data: { readonly hash: string; readonly classes: readonly string[]; readonly train: number; readonly validation: number; readonly test: number };
  readonly seed: number;
  readonly epochs: { readonly asked: number; readonly done: number; readonly best: number | null; readonly stoppedEarly: boolean };
  readonly engine: EngineInfo;
  readonly system: { readonly node: string; readonly platform: string; readonly arch: string; readonly cpu: string };
  readonly initialWeights: { readonly path: string; readonly sha256: string } | null;
  /** ISO 8601. `seconds` of work, interruptions left out; of these the engine spent `graph` in steps. */
  readonly times: { readonly started: string; readonly updated: string; readonly finished: string | null; readonly seconds: number; readonly graph?: number };
  /** Peak resident bytes of this process and the engine's. */
  readonly memory: { readonly own: number; readonly engine: number } | null;
  readonly fault: { readonly code: string; readonly message: string } | null;
}

export const writeManifest = (folder: string, manifest: Manifest): Promise<void> => writeFileAtomic(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);

const mostBytes = 16_000_000;

/** null where there is none, or none that can be understood. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => null);
  if (text === null || text.length > mostBytes) return null;
  try {
    const raw: unknown = JSON.parse(text);
    return isManifest(raw) ? raw : null;
  } catch {
    return null;
  }
}

function isManifest(raw: unknown): raw is Manifest {
  const m = raw as Manifest | null;
  const text = (...values: unknown[]): boolean => values.every((v) => typeof v === 'string');
  const numbers = (...values: unknown[]): boolean => values.every((v) => typeof v === 'number');
  return (
    typeof m === 'object' && m !== null && m.schema === 1 && ['running', 'finished', 'interrupted', 'failed'].includes(m.status) &&
    text(m.cnnc, m.model, m.program?.path, m.program?.text, m.program?.hash, m.data?.hash, m.engine?.kind, m.engine?.version, m.times?.started, m.times?.updated) &&
    numbers(m.seed, m.epochs?.asked, m.epochs?.done, m.engine?.threads, m.times?.seconds) &&
    typeof m.set === 'object' && m.set !== null && text(...Object.values(m.set)) && Array.isArray(m.data?.classes) && typeof m.epochs?.stoppedEarly === 'boolean'
  );
}
