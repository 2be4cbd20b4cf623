/** NumPy arrays in files of their own. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import type { DataSource } from '../../../compiler/model/program.ts';
import type { Span } from '../../../compiler/source/source.ts';
import { mostHeaderBytes, NpyError, readNpy, readNpyHeader } from '../../files/npy.ts';
import type { NpyArray, NpyHeader } from '../../files/npy.ts';
import { asDiagnostic, locate } from '../locate.ts';
import type { ArrayPart } from './arrays.ts';

/** Throws DiagnosticError: CNN4050 to CNN4052, CNN4065. @param headersOnly leaves the pictures unread */
export function readNpyParts(source: Extract<DataSource, { kind: 'npy' }>, base: string, headersOnly: boolean): { train: ArrayPart; test: ArrayPart | null } {
  const { origin: span, images, labels, testImages, testLabels } = source;
  const part = (x: string, y: string): ArrayPart => ({ xName: x, yName: y, x: headersOnly ? read(x, base, span, headerOf) : read(x, base, span, wholeOf), y: read(y, base, span, wholeOf) });
  return { train: part(images, labels), test: testImages !== null && testLabels !== null ? part(testImages, testLabels) : null };
}

function read<T>(path: string, base: string, span: Span, from: (located: string) => T): T {
  const located = locate(path, base, 'file', span);
  try {
    return from(located);
  } catch (error) {
    const reason = error instanceof NpyError ? error.message : (error as NodeJS.ErrnoException).code === 'ERR_FS_FILE_TOO_LARGE' ? 'it is larger than 2 GiB' : null;
    if (reason !== null) throw new DiagnosticError([diagnostic('CNN4065', span, { path, reason })]);
    throw asDiagnostic(error, path, located, 'file', span);
  }
}

const wholeOf = (located: string): NpyArray => readNpy(readFileSync(located));

function headerOf(located: string): NpyHeader {
  const fd = openSync(located, 'r');
  try {
    const bytes = new Uint8Array(mostHeaderBytes);
    return readNpyHeader(bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0)));
  } finally {
    closeSync(fd);
  }
}
