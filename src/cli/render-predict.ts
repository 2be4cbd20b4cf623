/** What `cnnc predict` does and writes. A picture that fails does not stop the others; the exit code tells. */
import { readFile, stat } from 'node:fs/promises';
import { diagnostic } from '../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
import type { LabelKind } from '../compiler/model/program.ts';
import { fileSpan } from '../compiler/source/source.ts';
import type { Prediction } from '../runtime/bundle/bundle.ts';
import { csvField } from '../runtime/report/csv.ts';
import { openPredictor, predictionJson } from '../runtime/bundle/predictor.ts';
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
    const { kind } = predictor.bundle.program.labels;
    if (options.csv) out(csvHead(kind, predictor.bundle.classes));
    for (const path of images) {
      try {
        // Labels are answers of their own: a table has a column for each, a line all that are there.
        const most = kind === 'multilabel' && !(options.json && options.top) ? Infinity : (options.top ?? usualTop);
        write(path, await predictor.predict(await read(path), most), width, predictor.bundle.classes, options);
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

/** Classes and probabilities: a line each. Labels and values: a column each. */
const csvHead = (kind: LabelKind, names: readonly string[]): string =>
  (kind === 'values' ? ['path', ...names] : kind === 'multilabel' ? ['path', 'labels', ...names] : ['path', 'class', 'probability']).map(csvField).join(',');

function write(path: string, prediction: Prediction, width: number, names: readonly string[], { json, csv, top: asked }: PredictOptions): void {
  const { top, labels, values } = prediction;
  if (json) return out(JSON.stringify({ schema: 1, path, ...predictionJson(prediction) }));
  if (csv) {
    const rows = values
      ? [values.map(({ value }) => value)]
      : labels
        ? [[labels.join('|'), ...names.map((name) => top.find((t) => t.class === name)?.probability ?? '')]]
        : top.map((t) => [t.class, t.probability]);
    return rows.forEach((row) => out([path, ...row].map(csvField).join(',')));
  }
  out(`${path.padEnd(width)}  ${values ? values.map(({ name, value }) => colour.bold(`${name} ${value.toPrecision(6)}`)).join('  ') : labels ? labelled(top, labels, asked ?? usualTop) : shares(top)}`);
}

const usualTop = 3;
const share = ({ class: name, probability }: Prediction['top'][number]): string => `${name} ${(probability * 100).toFixed(1)} %`;
const shares = (top: Prediction['top']): string => top.map((one, i) => (i === 0 ? colour.bold(share(one)) : colour.dim(share(one)))).join('  ');

/** Those that are there, whatever their number; then, in parentheses, the nearest others. */
function labelled(top: Prediction['top'], labels: readonly string[], most: number): string {
  const there = top.slice(0, labels.length);
  const others = top.slice(labels.length, Math.max(most, labels.length));
  return [there.length > 0 ? there.map((one) => colour.bold(share(one))).join('  ') : colour.bold('none'), ...(others.length > 0 ? [colour.dim(`(${others.map(share).join('  ')})`)] : [])].join('  ');
}

/** A run that has no model yet is said to be what it is. */
async function unfinished(run: string, error: unknown): Promise<unknown> {
  if (!(error instanceof DiagnosticError) || error.diagnostics[0]?.code !== 'CNN6057') return error;
  const manifest = await readManifest(run);
  if (!manifest || manifest.status === 'finished') return error;
  return new DiagnosticError([diagnostic('CNN6057', fileSpan(''), { path: run, status: manifest.status, resume: null })]);
}
