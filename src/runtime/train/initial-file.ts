/** `--initial-weights`: weights by name, as weights.npz of a run has them, or a file that Keras saved. */
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { GraphVariable } from '../../compiler/graph/types.ts';
import type { Layer } from '../../compiler/model/program.ts';
import { fileSpan } from '../../compiler/source/source.ts';
import type { Tensor, Tensors } from '../engine/engine.ts';
import { sha256File } from '../files/hash.ts';
import { isArchiveError, NpyError, openNpz, type NpyArray } from '../files/npz.ts';
import { isKerasFile, openKerasFile } from './keras-file.ts';
import { reasonOf } from './reason.ts';
import { misfit, ofRole, tensorOf } from './tensors.ts';

/** Training on from NaN is pointless, and its end would not tell why. Throws NpyError. */
function finite(name: string, tensor: Tensor): Tensor {
  const at = tensor.data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new NpyError(`its array ${name} holds ${tensor.data[at]}`);
  return tensor;
}

function weightsOf(name: string, array: NpyArray): Tensor {
  let tensor: Tensor;
  try {
    tensor = tensorOf(array);
  } catch (error) {
    throw isArchiveError(error) ? new NpyError(`its array ${name}: ${error.message}`) : error;
  }
  return finite(name, tensor);
}

/** The weights of a Keras file, by our names. */
async function readKeras(path: string, wanted: readonly GraphVariable[], layers: readonly Layer[]): Promise<Tensors> {
  const file = await openKerasFile(path, layers);
  try {
    const claimed = Object.fromEntries([...file.places].map(([name, { shape }]) => [name, { dtype: 'float32' as const, shape, data: new Float32Array() }]));
    const wrong = misfit(claimed, wanted);
    const unknown = [...(wrong?.unknown ?? []), ...file.unused];
    if (wrong || unknown.length > 0) throw new DiagnosticError([diagnostic('CNN6055', fileSpan(''), { path, missing: wrong?.missing ?? [], unknown, shapes: wrong?.shapes ?? [] })]);
    return Object.fromEntries([...file.places].map(([name, { path: at }]) => [name, finite(name, file.read(at))]));
  } finally {
    file.close();
  }
}

/** Throws CNN6055 (names or shapes), CNN6056 (not readable). */
export async function readInitialWeights(path: string, variables: readonly GraphVariable[], layers: readonly Layer[]): Promise<{ readonly weights: Tensors; readonly from: { readonly path: string; readonly sha256: string } }> {
  const wanted = variables.filter((v) => v.role === 'weight');
  try {
    if (isKerasFile(path)) return { weights: ofRole(await readKeras(path, wanted, layers), variables, 'weight'), from: { path, sha256: await sha256File(path) } };
    const file = openNpz(path);
    try {
      // Names and shapes first: a file that does not fit is not read.
      const claimed = Object.fromEntries(file.names.map((name) => [name, { dtype: 'float32' as const, shape: file.header(name).shape, data: new Float32Array() }]));
      const wrong = misfit(claimed, wanted);
      if (wrong) throw new DiagnosticError([diagnostic('CNN6055', fileSpan(''), { path, ...wrong })]);
      const weights = Object.fromEntries(wanted.map(({ name }) => [name, weightsOf(name, file.array(name))]));
      const kinds = misfit(weights, wanted);
      if (kinds) throw new DiagnosticError([diagnostic('CNN6055', fileSpan(''), { path, ...kinds })]);
      return { weights: ofRole(weights, variables, 'weight'), from: { path, sha256: await sha256File(path) } };
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    if (!isArchiveError(error) && typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    throw new DiagnosticError([diagnostic('CNN6056', fileSpan(''), { path, reason: isArchiveError(error) ? error.message : reasonOf(error) })]);
  }
}
