/** Finds the file or folder that a source names, and says what is wrong when it cannot be used. */
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Span } from '../../compiler/source/source.ts';
import { nearNames } from './near.ts';

/** The absolute path of a readable file or folder. Throws CNN4050 (missing), CNN4051 (the other kind) or CNN4052 (unreadable). */
export function locate(path: string, base: string, what: 'file' | 'folder', span: Span): string {
  const resolved = resolve(base, path);
  try {
    const is = statSync(resolved).isDirectory() ? 'folder' : 'file';
    if (is !== what) throw new DiagnosticError([diagnostic('CNN4051', span, { path, is })]);
    accessSync(resolved, is === 'folder' ? constants.R_OK | constants.X_OK : constants.R_OK);
    return resolved;
  } catch (error) {
    throw asDiagnostic(error, path, resolved, what, span);
  }
}

/** Turns a system error about a path into a diagnostic; passes everything else on. */
export function asDiagnostic(error: unknown, path: string, resolved: string, what: 'file' | 'folder', span: Span): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof DiagnosticError || typeof code !== 'string' || !(error instanceof Error) || !('syscall' in error)) return error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new DiagnosticError([diagnostic('CNN4050', span, { path, resolved, what, near: neighbours(path, resolved) })]);
  return new DiagnosticError([diagnostic('CNN4052', span, { path, reason: systemReason(error) })]);
}

/** Similar names in the nearest folder that exists, written as the user would. */
function neighbours(path: string, resolved: string): readonly string[] {
  try {
    const names = nearNames(basename(resolved), readdirSync(dirname(resolved)).filter((name) => !name.startsWith('.')));
    const prefix = path.slice(0, path.length - basename(path).length);
    return path.endsWith('/') ? names : names.map((name) => prefix + name);
  } catch {
    return [];
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ELOOP: 'it is a link in a circle',
  EIO: 'the disk reports an error',
  ENAMETOOLONG: 'the name is too long',
};

/** A clause for what the system said. */
export function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && reasons[code]) || message;
}
