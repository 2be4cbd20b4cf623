/** The last net: what escaped a command becomes a message and an exit code, never a bare stack trace. */
import type { Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
import type { SourceFile } from '../compiler/source/source.ts';
import { colour, Exit, say } from './io.ts';

/** Renders diagnostics to stderr as docs/cli.md's frames, with a closing count. */
export async function report(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[] = []): Promise<void> {
  if (diagnostics.length === 0) return;
  const { renderText } = await import('../compiler/diagnostics/render/text.ts');
  say(renderText(diagnostics, new Map(sources.map((s) => [s.path, s])), { colour: colour.isColorSupported, width: process.stderr.columns ?? 80 }));
}

/** Reports an escaped error and gives the exit code for it. */
export async function fail(error: unknown): Promise<Exit> {
  if (error instanceof DiagnosticError) {
    const { readFile, stat } = await import('node:fs/promises');
    const { sourceFile } = await import('../compiler/source/source.ts');
    const files = new Set(error.diagnostics.flatMap((d) => [d.span.file, ...d.related.map((r) => r.span.file)]));
    const sources: SourceFile[] = [];
    for (const file of files) {
      // As programs are read: without the mark that some editors put in front, and no larger.
      const readable = file !== '' && (await stat(file).then((s) => s.isFile() && s.size < 1_000_000, () => false));
      const bytes = readable ? await readFile(file).catch(() => null) : null;
      if (bytes) sources.push(sourceFile(file, new TextDecoder().decode(bytes)));
    }
    await report(error.diagnostics, sources);
    return error.diagnostics.some((d) => d.code.startsWith('CNN5')) ? Exit.fault : Exit.errors;
  }
  const refused = await refusal(error);
  if (refused) return fail(refused);
  const known = error as NodeJS.ErrnoException;
  say(`${colour.red('error')}: ${known?.message ?? String(error)}`);
  if (known?.stack && process.env.CNNC_DEBUG) say(known.stack);
  else say('This is a fault of cnnc itself, not of your program. CNNC_DEBUG=1 shows where it happened.');
  return Exit.fault;
}

/** What the system says about the user's disk and rights, wherever it says it; null for faults of our own. */
async function refusal(error: unknown): Promise<DiagnosticError | null> {
  const { code, path } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || !code || !['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EMFILE', 'ENFILE', 'EIO'].includes(code)) return null;
  const [{ diagnostic }, { fileSpan }, { reasonOf }] = await Promise.all([
    import('../compiler/diagnostics/catalogue.ts'),
    import('../compiler/source/source.ts'),
    import('../runtime/train/reason.ts'),
  ]);
  return new DiagnosticError([diagnostic('CNN6067', fileSpan(''), { path: path ?? null, reason: reasonOf(error) })]);
}
