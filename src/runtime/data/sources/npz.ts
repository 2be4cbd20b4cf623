/** NumPy archives with `x`, `y` and optional `x_test`, `y_test`. */
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import type { DataSource } from '../../../compiler/model/program.ts';
import type { Span } from '../../../compiler/source/source.ts';
import { isArchiveError, openNpz } from '../../files/npz.ts';
import type { NpzFile } from '../../files/npz.ts';
import { locate } from '../locate.ts';
import type { ArrayPart } from './arrays.ts';

/** Throws DiagnosticError: CNN4050 to CNN4052, CNN4065, CNN4066. @param headersOnly leaves the pictures unread */
export function readNpzParts(source: Extract<DataSource, { kind: 'npz' }>, base: string, headersOnly: boolean): { train: ArrayPart; test: ArrayPart | null } {
  const { origin: span, path } = source;
  const located = locate(path, base, 'file', span);
  let file: NpzFile | null = null;
  try {
    file = openNpz(located);
    const train = partOf(file, 'x', 'y', headersOnly, source);
    const hasTest = file.names.includes('x_test') || file.names.includes('y_test');
    return { train, test: hasTest ? partOf(file, 'x_test', 'y_test', headersOnly, source) : null };
  } catch (error) {
    if (isArchiveError(error)) throw new DiagnosticError([diagnostic('CNN4065', span, { path, reason: error.message })]);
    throw error;
  } finally {
    file?.close();
  }
}

function partOf(file: NpzFile, xName: string, yName: string, headersOnly: boolean, source: { readonly path: string; readonly origin: Span }): ArrayPart {
  for (const name of [xName, yName]) {
    if (!file.names.includes(name)) throw new DiagnosticError([diagnostic('CNN4066', source.origin, { path: source.path, name, there: file.names })]);
  }
  return { xName, yName, x: headersOnly ? file.header(xName) : file.array(xName), y: file.array(yName) };
}
