/** What `cnnc predict` does and writes. A picture that fails does not stop the others; the exit code tells. */
import { readFile, stat } from 'node:fs/promises';
import { diagnostic } from '../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
import { fileSpan } from '../compiler/source/source.ts';
import type { Prediction } from '../runtime/bundle/bundle.ts';
import { openPredictor } from '../runtime/bundle/predictor.ts';
import { reasonOf } from '../runtime/train/reason.ts';
import { readManifest } from '../runtime/train/manifest.ts';
import type { PredictOptions } from './commands/predict.ts';
import { tellChoice } from './engine-choice.ts';
import { report } from './fail.ts';
import { colour, Exit, out } from './io.ts';

/** Encoded pictures above this are not pictures of cameras. */
const mostBytes = 256_000_000;

export async function predictCommand(run: string, images: readonly string[], options: PredictOptions): Promise<Exit> {
  const predictor = await openPredictor(run, { engine: options.engine, threads: options.threads, chosen: tellChoice }).catch(async (error: unknown) => {
    throw await unfinished(run, error);
  });
  let failed = false;
  try {
    const width = Math.max(...images.map((path) => path.length));
    if (options.csv) out('path,class,probability');
    for (const path of images) {
      try {
        const { top } = await predictor.predict(await read(path), options.top);
        write(path, top, width, predictor.bundle.program.labels.kind === 'values', options);
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
        const [first] = error.diagnostics;
        // The engine or the model, not this picture: no use in going on.
        if (first.code !== 'CNN6063') throw error;
        failed = true;
        if (options.json) out(JSON.stringify({ schema: 1, path, error: { code: first.code, message: first.message } }));
        await report(error.diagnostics.map((d) => ({ ...d, notes: d.notes.includes(path) ? d.notes : [path, ...d.notes] })));
      }
    }
  } finally {
    await predictor.close();
  }
  return failed ? Exit.errors : Exit.done;
}

async function read(path: string): Promise<Uint8Array> {
  const refuse = (reason: string): DiagnosticError => new DiagnosticError([diagnostic('CNN6063', fileSpan(''), { path, reason })]);
  try {
    if ((await stat(path)).size > mostBytes) throw refuse('it is larger than 256 MB');
    return await readFile(path);
  } catch (error) {
    throw error instanceof DiagnosticError ? error : refuse(reasonOf(error));
  }
}

function write(path: string, top: Prediction['top'], width: number, values: boolean, { json, csv }: PredictOptions): void {
  if (json) return out(JSON.stringify({ schema: 1, path, top }));
  if (csv) return top.forEach((t) => out([path, t.class, t.probability].map(csvField).join(',')));
  const shares = top.map(({ class: name, probability }, i) => {
    const text = `${name} ${values ? probability.toPrecision(6) : `${(probability * 100).toFixed(1)} %`}`;
    return i === 0 ? colour.bold(text) : colour.dim(text);
  });
  out(`${path.padEnd(width)}  ${shares.join('  ')}`);
}

/** RFC 4180; a field that a spreadsheet would take for a formula is text. */
function csvField(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A run that has no model yet is said to be what it is. */
async function unfinished(run: string, error: unknown): Promise<unknown> {
  if (!(error instanceof DiagnosticError) || error.diagnostics[0]?.code !== 'CNN6057') return error;
  const manifest = await readManifest(run);
  if (!manifest || manifest.status === 'finished') return error;
  return new DiagnosticError([diagnostic('CNN6057', fileSpan(''), { path: run, status: manifest.status, resume: null })]);
}
