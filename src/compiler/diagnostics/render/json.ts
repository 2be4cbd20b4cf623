/** `check --format json` (docs/cli.md): schema 1, lines and columns from 1, offsets and columns in UTF-16 units. */
import type { Diagnostic } from '../diagnostic.ts';
import type { Sources, Span } from '../../source/source.ts';
import { positionAt } from '../../source/source.ts';

export interface FileDiagnostics {
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Warnings that a comment allows, which count for nothing. */
  readonly allowed?: readonly { readonly diagnostic: Diagnostic; readonly allowance: { readonly reason: string; readonly span: Span } }[];
}

/** Places of files that are not among the sources are given as line 1. */
export const range = (span: Span, sources: Sources) => {
  const source = sources.get(span.file);
  const at = (offset: number) => (source ? positionAt(source, offset) : { line: 1, column: 1, offset: 0 });
  return { start: at(span.start), end: at(span.end) };
};

export function toJson(files: readonly FileDiagnostics[], sources: Sources) {
  const place = (span: Span) => ({ path: span.file, ...range(span, sources) });
  return {
    schema: 1,
    files: files.map(({ path, diagnostics, allowed = [] }) => ({
      path,
      diagnostics: diagnostics.map((d) => ({
        code: d.code,
        severity: d.severity,
        message: d.message,
        ...(d.label === undefined ? {} : { label: d.label }),
        // Said where it is not the file checked: an imported file, or the picture that is broken.
        ...(d.span.file === path ? {} : { path: d.span.file }),
        ...range(d.span, sources),
        related: d.related.map((r) => ({ label: r.label, ...(r.via ? { via: r.via } : {}), ...place(r.span) })),
        notes: d.notes,
        help: d.help,
        fixes: d.fixes.map((fix) => ({ title: fix.title, safe: fix.safe, edits: fix.edits.map((edit) => ({ ...place(edit.span), text: edit.text })) })),
      })),
      ...(allowed.length === 0 ? {} : { allowed: allowed.map(({ diagnostic: d, allowance }) => ({ code: d.code, message: d.message, ...range(d.span, sources), reason: allowance.reason })) }),
    })),
  };
}

export const renderJson = (files: readonly FileDiagnostics[], sources: Sources): string => JSON.stringify(toJson(files, sources), null, 2);
