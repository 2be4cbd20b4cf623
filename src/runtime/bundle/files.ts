/** Bundles on disk. Reading trusts nothing: sizes are capped, the Program is checked and its shapes worked out anew. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { variablesOf } from '../../compiler/graph/training.ts';
import type { GraphVariable } from '../../compiler/graph/types.ts';
import { fileSpan } from '../../compiler/source/source.ts';
import type { Tensors } from '../engine/engine.ts';
import { writeFileAtomic } from '../files/atomic.ts';
import { isArchiveError, openNpz, writeNpzAtomic, type NpzFile } from '../files/npz.ts';
import { reasonOf } from '../train/reason.ts';
import { misfit, tensorOf, type Misfit } from '../train/tensors.ts';
import type { Bundle } from './bundle.ts';
import { checkProgram } from './check-program.ts';
import { asRecord, list, oneOf, record, SchemaError, text } from './schema.ts';

const mostJson = 64_000_000;

/** Writes `folder` (`model/` of a run); bundle.json comes last: where it is, the rest is whole. */
export async function saveBundle(folder: string, bundle: Bundle, about: { readonly cnnc: string; readonly created: string }): Promise<void> {
  await writeFileAtomic(join(folder, 'program.json'), `${JSON.stringify(bundle.program)}\n`);
  await writeNpzAtomic(join(folder, 'weights.npz'), bundle.weights);
  if (Object.keys(bundle.statistics).length > 0) await writeNpzAtomic(join(folder, 'statistics.npz'), bundle.statistics);
  await writeFileAtomic(join(folder, 'bundle.json'), `${JSON.stringify({ schema: 1, cnnc: about.cnnc, classes: bundle.classes, pixels: bundle.pixels, created: about.created }, null, 2)}\n`);
}

/** `folder` holds bundle.json, or is a run folder with `model/`. Throws CNN6057 (none), CNN6058 (damaged). */
export async function loadBundle(folder: string): Promise<Bundle> {
  const inside = await stat(join(folder, 'model', 'bundle.json')).then(() => join(folder, 'model'), () => folder);
  const about = await json(inside, 'bundle.json', true);
  try {
    record({ schema: oneOf(1), cnnc: text, classes: list(text, 0, 1_000_000), pixels: oneOf('uint8', 'float32'), created: text })(about, 'bundle.json');
    const { classes, pixels } = asRecord(about, 'bundle.json') as { classes: string[]; pixels: Bundle['pixels'] };
    const program = checkProgram(await json(inside, 'program.json', false));
    if (classes.length !== (program.labels.kind === 'binary' ? 2 : program.labels.count)) throw new SchemaError(`${classes.length} classes for ${program.labels.count} outputs`);
    const variables = variablesOf(program);
    const of = (role: GraphVariable['role']): readonly GraphVariable[] => variables.filter((v) => v.role === role);
    const weights = tensors(inside, 'weights.npz', of('weight'));
    const statistics = of('statistic').length > 0 ? tensors(inside, 'statistics.npz', of('statistic')) : {};
    return { program, weights, statistics, classes, pixels };
  } catch (error) {
    if (error instanceof SchemaError || isArchiveError(error) || typeof (error as NodeJS.ErrnoException).code === 'string') {
      throw damaged(inside, error instanceof SchemaError || isArchiveError(error) ? error.message : reasonOf(error));
    }
    throw error;
  }
}

/** Shapes are compared before any numbers are read, so that a file cannot ask for more memory than the network needs. */
function tensors(folder: string, name: string, variables: readonly GraphVariable[]): Tensors {
  const unusable = (wrong: Misfit): SchemaError => new SchemaError(`its weights do not fit its network (${[...wrong.missing.map((n) => `no ${n}`), ...wrong.unknown.map((n) => `unknown ${n}`), ...wrong.shapes][0]})`);
  let file: NpzFile;
  try {
    file = openNpz(join(folder, name));
  } catch (error) {
    throw new SchemaError(`${name}: ${isArchiveError(error) ? error.message : reasonOf(error)}`);
  }
  try {
    const claimed = Object.fromEntries(file.names.map((name) => [name, { dtype: 'float32' as const, shape: file.header(name).shape, data: new Float32Array() }]));
    const wrong = misfit(claimed, variables);
    if (wrong) throw unusable(wrong);
    const read = Object.fromEntries(variables.map((v) => [v.name, tensorOf(file.array(v.name))]));
    const kinds = misfit(read, variables);
    if (kinds) throw unusable(kinds);
    return read;
  } finally {
    file.close();
  }
}

async function json(folder: string, name: string, first: boolean): Promise<unknown> {
  const path = join(folder, name);
  try {
    if ((await stat(path)).size > mostJson) throw new SchemaError(`${name} is too large`);
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (first && ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw new DiagnosticError([diagnostic('CNN6057', fileSpan(''), { path: folder, status: null, resume: null })]);
    }
    throw damaged(folder, error instanceof SyntaxError ? `${name} is not JSON` : error instanceof SchemaError ? error.message : `${name}: ${reasonOf(error)}`);
  }
}

const damaged = (path: string, reason: string): DiagnosticError => new DiagnosticError([diagnostic('CNN6058', fileSpan(''), { path, reason })]);
