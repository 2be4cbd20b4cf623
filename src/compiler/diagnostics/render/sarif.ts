/**
 * `check --format sarif`: SARIF 2.1.0 (OASIS), as code hosts and editors read it. The way into a cell becomes a code flow, fixes become
 * replacements, and warnings that a comment allows are given as suppressed, with the reason.
 */
import type { Diagnostic, Related } from '../diagnostic.ts';
import { catalogue } from '../catalogue.ts';
import type { Sources, Span } from '../../source/source.ts';
import type { FileDiagnostics } from './json.ts';
import { range } from './json.ts';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** The catalogue as far as it is asked for by codes that are only known when the program runs. */
const entries: Readonly<Record<string, { readonly title: string; readonly severity: Diagnostic['severity'] } | undefined>> = catalogue;

interface Result {
  readonly diagnostic: Diagnostic;
  readonly path: string;
  /** The reason of the comment that allows it; null: it is not allowed. */
  readonly allowed: { readonly reason: string; readonly span: Span } | null;
}

/** `pages`: the page of each code, for its rule's help; without it a rule has its title only. */
export function toSarif(files: readonly FileDiagnostics[], sources: Sources, version: string, pages: Readonly<Record<string, string>> = {}) {
  const all = files.flatMap(({ path, diagnostics, allowed }): readonly Result[] => [
    ...diagnostics.map((diagnostic) => ({ diagnostic, path, allowed: null })),
    ...(allowed ?? []).map(({ diagnostic, allowance }) => ({ diagnostic, path, allowed: allowance })),
  ]);
  const codes = [...new Set(all.map((r) => r.diagnostic.code))].sort();
  const region = (span: Span) => {
    const { start, end } = range(span, sources);
    return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  };
  const artifact = (file: string) => ({ uri: file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/') });
  const physical = (span: Span, path: string) => ({
    physicalLocation: { artifactLocation: artifact(span.file || path), ...(span.start === 0 && span.end === 0 ? {} : { region: region(span) }) },
  });
  const place = ({ span, label }: { readonly span: Span; readonly label?: string }, path: string) => ({ ...(label === undefined ? {} : { message: { text: label } }), ...physical(span, path) });

  /** From the outermost use of a cell down to the place itself. */
  const flow = ({ diagnostic: d, path }: Result) => {
    const steps = d.related.filter((r) => r.via).reverse();
    if (steps.length === 0) return {};
    const locations = [...steps, { span: d.span, label: d.message }].map((step, nestingLevel) => ({ nestingLevel, location: place(step, path) }));
    return { codeFlows: [{ threadFlows: [{ locations }] }] };
  };
  const related = (list: readonly Related[], path: string) => (list.length === 0 ? {} : { relatedLocations: list.map((r, id) => ({ id, ...place(r, path) })) });

  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'cnnc', version, rules: codes.map((id) => rule(id, pages[id])) } },
        columnKind: 'utf16CodeUnits',
        results: all.map((result) => {
          const { diagnostic: d, path, allowed } = result;
          return {
            ruleId: d.code,
            ruleIndex: codes.indexOf(d.code),
            level: levels[d.severity],
            message: { text: text(d) },
            locations: [physical(d.span, path)],
            ...related(d.related, path),
            ...flow(result),
            ...(d.fixes.length === 0 ? {} : { fixes: d.fixes.map((fix) => ({ description: { text: fix.title }, artifactChanges: changes(fix.edits) })) }),
            ...(allowed === null ? {} : { suppressions: [{ kind: 'inSource', ...(allowed.reason === '' ? {} : { justification: allowed.reason }), location: physical(allowed.span, path) }] }),
          };
        }),
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

/** What a code means: its title, the first words of its page, and the page as help. */
function rule(id: string, page: string | undefined) {
  const entry = entries[id];
  const about = page?.split('\n\n')[1];
  return {
    id,
    shortDescription: { text: entry?.title ?? id },
    ...(about ? { fullDescription: { text: about } } : {}),
    ...(page ? { help: { text: page, markdown: page } } : {}),
    ...(entry ? { defaultConfiguration: { level: levels[entry.severity] } } : {}),
  };
}

const text = (d: Diagnostic): string => [d.label ? `${d.message} (${d.label})` : d.message, ...d.notes, ...d.help].join('\n');

export const renderSarif = (files: readonly FileDiagnostics[], sources: Sources, version: string, pages: Readonly<Record<string, string>> = {}): string => JSON.stringify(toSarif(files, sources, version, pages), null, 2);
