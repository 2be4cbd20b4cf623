/** `check --format sarif`: SARIF 2.1.0 (OASIS), as code hosts and editors read it. */
import type { Diagnostic } from '../diagnostic.ts';
import { catalogue } from '../catalogue.ts';
import type { Sources, Span } from '../../source/source.ts';
import type { FileDiagnostics } from './json.ts';
import { range } from './json.ts';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

export function toSarif(files: readonly FileDiagnostics[], sources: Sources, version: string) {
  const all = files.flatMap((f) => f.diagnostics.map((d) => ({ ...d, path: f.path })));
  const codes = [...new Set(all.map((d) => d.code))].sort();
  const titles: Readonly<Record<string, { readonly title: string }>> = catalogue;
  const region = (span: Span) => {
    const { start, end } = range(span, sources);
    return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  };
  const artifact = (file: string) => ({ uri: file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/') });
  const physical = (span: Span, path: string) => ({ physicalLocation: { artifactLocation: artifact(span.file || path), region: region(span) } });
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'cnnc', version, rules: codes.map((id) => ({ id, shortDescription: { text: titles[id]?.title ?? id } })) } },
        columnKind: 'utf16CodeUnits',
        results: all.map((d) => ({
          ruleId: d.code,
          ruleIndex: codes.indexOf(d.code),
          level: levels[d.severity],
          message: { text: text(d) },
          locations: [physical(d.span, d.path)],
          ...(d.related.length === 0 ? {} : { relatedLocations: d.related.map((r, id) => ({ id, message: { text: r.label }, ...physical(r.span, d.path) })) }),
          ...(d.fixes.length === 0 ? {} : { fixes: d.fixes.map((fix) => ({ description: { text: fix.title }, artifactChanges: changes(fix.edits) })) }),
        })),
      },
    ],
  };

  function changes(edits: Diagnostic['fixes'][number]['edits']) {
    const byFile = new Map<string, { deletedRegion: ReturnType<typeof region>; insertedContent: { text: string } }[]>();
    for (const edit of edits) {
      const list = byFile.get(edit.span.file) ?? [];
      list.push({ deletedRegion: region(edit.span), insertedContent: { text: edit.text } });
      byFile.set(edit.span.file, list);
    }
    return [...byFile].map(([file, replacements]) => ({ artifactLocation: artifact(file), replacements }));
  }
}

const text = (d: Diagnostic): string => [d.label ? `${d.message} (${d.label})` : d.message, ...d.notes, ...d.help].join('\n');

export const renderSarif = (files: readonly FileDiagnostics[], sources: Sources, version: string): string => JSON.stringify(toSarif(files, sources, version), null, 2);
