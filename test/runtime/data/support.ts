/** Little data sets on disk for the tests of this folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, expect } from 'vitest';
import type { Diagnostic } from '../../../src/compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../../src/compiler/diagnostics/diagnostic.ts';
import type { DataPlan, DataSource } from '../../../src/compiler/model/program.ts';
import type { OpenOptions } from '../../../src/runtime/data/dataset.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cnnc-data-'));
  made.push(folder);
  return folder;
}

export const origin = { file: 'test.cnn', start: 10, end: 20 };

type PlanChanges = Partial<Omit<DataPlan, 'source' | 'split' | 'image'>> & { split?: Partial<DataPlan['split']>; image?: Partial<DataPlan['image']> };

export function planOf(source: DataSource, changes: PlanChanges = {}): DataPlan {
  return {
    classes: null,
    labels: 'auto',
    onCorrupt: 'error',
    limit: null,
    cache: true,
    ...changes,
    source,
    image: { height: 8, width: 8, channels: 3, resize: 'stretch', interpolation: 'bilinear', exif: false, ...changes.image },
    split: { test: null, validation: 0, by: 'stratified', seed: 0, duplicates: 'together', ...changes.split },
  };
}

export const folderPlan = (path: string, changes: PlanChanges = {}): DataPlan => planOf({ kind: 'folder', path, origin }, changes);

export const optionsFor = (base: string, more: Partial<OpenOptions> = {}): OpenOptions => ({ base, cacheFolder: join(base, '.cache'), ...more });

/** A png of one colour with a mark that makes it different from others of another `id`. */
export async function picture(id: number, height = 8, width = 8): Promise<Uint8Array> {
  const pixels = Buffer.alloc(height * width * 3, id % 200);
  pixels.writeUInt32LE(id, 0);
  return sharp(pixels, { raw: { width, height, channels: 3 } }).png().toBuffer();
}

export function write(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, data] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), data);
  }
}

/** `{ cat: 3, dog: 2 }` → cat/0.png … dog/1.png under `root`, all different. */
export async function writeClasses(root: string, counts: Readonly<Record<string, number>>, start = 0): Promise<void> {
  let id = start;
  for (const [name, count] of Object.entries(counts)) for (let i = 0; i < count; i++) write(root, { [`${name}/${i}.png`]: await picture(id++) });
}

/** The diagnostics that a promise rejects with. */
export async function problemsOf(promise: Promise<unknown>): Promise<readonly Diagnostic[]> {
  const error = await promise.then(() => null, (e: unknown) => e);
  expect(error).toBeInstanceOf(DiagnosticError);
  return (error as DiagnosticError).diagnostics;
}

/** All that a diagnostic says, for `toContain`. */
export const textOf = (d: Diagnostic): string => [`${d.code} ${d.message}`, d.label, ...d.notes, ...d.help].filter(Boolean).join('\n');
