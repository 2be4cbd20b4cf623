/**
 * Comments that allow a warning: `# cnnc: allow CNN3201 the head is meant to be large`, alone on the line above. They hold for the
 * statement that begins on the next line, its blocks included, and for whatever else stands on that line. Errors are never allowed.
 */
import { catalogue, diagnostic } from '../diagnostics/catalogue.ts';
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts';
import { replace } from '../bind/report.ts';
import type { SourceFile, Span } from '../source/source.ts';
import type { Ast, Comment } from '../syntax/ast.ts';
import { walk } from '../syntax/walk.ts';

/** One code of one comment. */
export interface Allowance {
  readonly code: string;
  /** What follows the codes; empty: no reason is given. */
  readonly reason: string;
  readonly span: Span;
  /** Where it holds; null: nothing stands below. */
  readonly covers: Span | null;
  /** Takes the code out of the comment, or the comment out of the program. */
  readonly without: Fix;
}

export interface Allowances {
  readonly all: readonly Allowance[];
  /** Comments that were not understood. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface Settled {
  readonly kept: readonly Diagnostic[];
  readonly allowed: readonly { readonly diagnostic: Diagnostic; readonly allowance: Allowance }[];
}

const severities: Readonly<Record<string, { readonly severity: string } | undefined>> = catalogue;

export function readAllowances(ast: Ast, source: SourceFile): Allowances {
  const all: Allowance[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const comment of ast.comments) {
    const head = /^#\s*cnnc\s*:\s*/.exec(comment.text);
    if (!head) continue;
    const at = (start: number, length: number): Span => ({ file: ast.file, start: comment.span.start + start, end: comment.span.start + start + length });
    const [verb] = /^\S*/.exec(comment.text.slice(head[0].length)) ?? [''];
    if (verb !== 'allow') {
      diagnostics.push(diagnostic('CNN1233', verb === '' ? comment.span : at(head[0].length, verb.length), { what: verb === '' ? 'nothing' : 'word', written: verb }));
      continue;
    }
    let from = head[0].length + verb.length;
    const codes: { readonly text: string; readonly start: number }[] = [];
    for (let next; (next = /^[\s,]+(CNN\d+)(?![A-Za-z0-9])/i.exec(comment.text.slice(from))); from += next[0].length) codes.push({ text: next[1], start: from + next[0].length - next[1].length });
    if (codes.length === 0) diagnostics.push(diagnostic('CNN1233', comment.span, { what: 'nothing', written: 'allow' }));
    const covers = codes.length > 0 ? coveredBy(comment, ast, source) : null;
    for (const { text, start } of codes) {
      const code = text.toUpperCase();
      const span = at(start, text.length);
      const known = severities[code];
      if (!known) diagnostics.push(diagnostic('CNN1233', span, { what: 'code', written: text }));
      else if (known.severity === 'error') diagnostics.push(diagnostic('CNN1234', span, { code }));
      else all.push({ code, reason: comment.text.slice(from).trim().replace(/^[-:–—]\s*/, ''), span, covers, without: withoutCode(comment, span, codes.length, source) });
    }
  }
  return { all, diagnostics };
}

/** From the first thing on the line below to the end of that line, or of the statements that begin on it. null: a line of code, or nothing below. */
function coveredBy(comment: Comment, ast: Ast, source: SourceFile): Span | null {
  const { text } = source;
  if (!isAlone(comment, text)) return null;
  let line = source.lineStarts.findIndex((start) => start > comment.span.start);
  const lineAt = (i: number): string => text.slice(source.lineStarts[i], source.lineStarts[i + 1] ?? text.length);
  while (line > 0 && line < source.lineStarts.length && /^[ \t]*#/.test(lineAt(line))) line++;
  if (line < 0 || line >= source.lineStarts.length || lineAt(line).trim() === '') return null;
  const start = source.lineStarts[line];
  const lineEnd = start + lineAt(line).trimEnd().length;
  let end = lineEnd;
  walk(ast, (node) => {
    if (node.span.start > lineEnd || node.span.end < start) return false;
    if ('kind' in node && node.kind === 'statement' && node.span.start >= start) end = Math.max(end, node.span.end);
    return true;
  });
  return { file: ast.file, start, end };
}

const lineStart = (text: string, offset: number): number => Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
const isAlone = ({ span }: Comment, text: string): boolean => text.slice(lineStart(text, span.start), span.start).trim() === '';

function withoutCode(comment: Comment, code: Span, codes: number, { text }: SourceFile): Fix {
  const { file } = code;
  if (codes > 1) return replace('leave the code out', { file, start: code.start - (/[\s,]+$/.exec(text.slice(comment.span.start, code.start))?.[0].length ?? 0), end: code.end }, '');
  const start = isAlone(comment, text) ? lineStart(text, comment.span.start) : comment.span.start;
  const end = isAlone(comment, text) ? comment.span.end + (/^\s*?(\r\n|\n|\r|$)/.exec(text.slice(comment.span.end))?.[0].length ?? 0) : comment.span.end;
  return replace('leave the comment out', { file, start, end }, '');
}

/** Takes the warnings that are allowed out of a list. */
export function settle(diagnostics: readonly Diagnostic[], allowances: readonly Allowance[]): Settled {
  if (allowances.length === 0) return { kept: diagnostics, allowed: [] };
  const kept: Diagnostic[] = [];
  const allowed: { readonly diagnostic: Diagnostic; readonly allowance: Allowance }[] = [];
  for (const one of diagnostics) {
    const allowance = one.severity === 'error' ? undefined : allowances.find((a) => a.code === one.code && a.covers !== null && covers(a.covers, one.span));
    if (allowance) allowed.push({ diagnostic: one, allowance });
    else kept.push(one);
  }
  return { kept, allowed };
}

const covers = (place: Span, { file, start, end }: Span): boolean => file === place.file && start >= place.start && start <= place.end && end > 0;

/** Codes that are found when the data is looked at, not when the program is compiled. */
export const isAboutData = (code: string): boolean => code >= 'CNN4011';

/** A warning for each allowance that allowed nothing. Expects that everything has been looked at that could have said it. */
export const unused = (allowances: readonly Allowance[], allowed: Settled['allowed']): readonly Diagnostic[] =>
  allowances
    .filter((allowance) => !allowed.some((a) => a.allowance === allowance))
    .map(({ code, span, covers: place, without }) => diagnostic('CNN1232', span, { code, below: place !== null }, { fixes: [without] }));
