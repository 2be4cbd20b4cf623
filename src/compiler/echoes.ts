/**
 * One cause, one error: takes out of what was found in a program whose text is damaged what only follows from the damage. On a line
 * that could not be read, what bind makes of the rest is an echo; so is a word that stands where a missing closer was put, an
 * unknown name where a declaration was lost, and the second use of an unknown name.
 */
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { Sources, Span } from './source/source.ts';
import { positionAt } from './source/source.ts';
import type { Ast, Statement } from './syntax/ast.ts';
import { nextCode, placesOf } from './syntax/causes.ts';

/** Unknown words and names: what a lost declaration brings about. */
const unknownName = new Set(['CNN1001', 'CNN1007', 'CNN1220']);
/** What is said about a statement that stands where it should not. */
const misplacedStatement = new Set(['CNN1001', 'CNN1003', 'CNN1004', 'CNN1005', 'CNN1010', 'CNN1014', 'CNN1225']);
/** Words at the top that certainly declare nothing, and whose blocks say where they end. */
const sections = new Set(['data', 'preprocess', 'augment', 'network', 'compile', 'fit', 'plot', 'budget', 'serve', 'report']);

export function withoutEchoes(found: readonly Diagnostic[], damage: readonly Diagnostic[], ast: Ast, sources: Sources): readonly Diagnostic[] {
  const broken = damage.filter((d) => d.severity === 'error');
  const lineOf = (file: string, offset: number): string => {
    const source = sources.get(file);
    return `${source ? positionAt(source, offset).line : 0} ${file}`;
  };
  const lines = new Set(broken.flatMap((d) => placesOf(d).map((place) => lineOf(d.span.file, place))));
  const next = new Set(broken.flatMap((d) => placesOf(d).slice(1).map((place) => nextCode(sources.get(d.span.file)?.text ?? '', place))));
  const outside = (span: Span): boolean => {
    const home = lastFrom(ast.statements, (s) => s.span.start <= span.start);
    if (!home || span.start > home.span.end) return true;
    return span.file !== ast.file || !sections.has(home.word.text) || (home.word.text !== 'network' && home.blocks.some((block) => block.kind === 'cell'));
  };
  // A declaration may be lost: an import failed, or something outside of the sections is wrong.
  const importLost = (d: Diagnostic): boolean => d.code === 'CNN1230' || (d.code === 'CNN1013' && sources.get(d.span.file)?.text.slice(d.span.start, d.span.end) === 'import');
  const incomplete = found.some(importLost) || [...broken, ...found.filter((d) => d.severity === 'error')].some((d) => outside(d.span));
  const kept = found.filter((d) => {
    if (d.severity !== 'error' && broken.length === 0) return true;
    // What a damaged line brings about inside of a cell that it uses, too.
    if (lines.has(lineOf(d.span.file, d.span.start)) || d.related.some(({ span, via }) => via === 'call' && lines.has(lineOf(span.file, span.start)))) return false;
    if (misplacedStatement.has(d.code) && next.has(d.span.start) && d.span.file === ast.file) return false;
    return !(incomplete && unknownName.has(d.code) && d.fixes.length === 0 && !outside(d.span));
  });
  return together(firstOfEach(kept, ast), sources);
}

/** What is wrong with the word of a statement says enough about the rest of it. */
const wrongWord = new Set(['CNN1001', 'CNN1003', 'CNN1004', 'CNN1140']);
/** Values that do not stand where they should, words that run into each other: the first brings the others in the statement about. */
const confused = new Set([...wrongWord, 'CNN1005', 'CNN1006', 'CNN1007', 'CNN1008', 'CNN1009', 'CNN1010', 'CNN1011', 'CNN1012', 'CNN1013', 'CNN1014', 'CNN1221', 'CNN1228']);

/** One statement, one error: what else is wrong with it shows when that is right. Only of several unknown words (of `metrics`) each is reported. */
function firstOfEach(found: readonly Diagnostic[], ast: Ast): readonly Diagnostic[] {
  const heads = headsOf(ast.statements);
  const headOf = (span: Span): number | null => (span.file === ast.file ? headAt(heads, span.start) : null);
  const first = new Map<number, Diagnostic>();
  const taken = new Set<Diagnostic>();
  const errors = found.filter((d) => d.severity === 'error').sort((a, b) => a.span.start - b.span.start);
  for (const d of errors) {
    const head = headOf(d.span);
    const earlier = head === null ? undefined : first.get(head);
    if (earlier && !(d.code === 'CNN1001' && earlier.code === 'CNN1001')) taken.add(d);
    else if (head !== null && confused.has(d.code)) first.set(head, d);
  }
  const isWrong = (span: Span): boolean => first.has(headOf(span) ?? -1);
  for (const d of errors) {
    // The first of two was something else, or a cell was given what does not belong to it.
    const why = d.related.filter(({ label, via }) => (d.code === 'CNN1005' && label === 'first here') || via === 'call');
    if (why.some(({ span }) => isWrong(span) && headOf(span) !== headOf(d.span))) taken.add(d);
  }
  return taken.size === 0 ? found : found.filter((d) => !taken.has(d));
}

/** Statements in the order of the text, blocks left out: where each begins, and the one that goes on behind a block. */
function headsOf(statements: readonly Statement[], heads: { readonly start: number; readonly of: number }[] = []): readonly { readonly start: number; readonly of: number }[] {
  for (const { span, blocks } of statements) {
    heads.push({ start: span.start, of: span.start });
    for (const block of blocks) {
      headsOf(block.statements, heads);
      heads.push({ start: block.span.end, of: span.start });
    }
  }
  return heads;
}

/** The statement whose head holds the offset. */
const headAt = (heads: readonly { readonly start: number; readonly of: number }[], offset: number): number | null => lastFrom(heads, (head) => head.start <= offset)?.of ?? null;

/** The last one, of a list whose first ones are. */
function lastFrom<T>(list: readonly T[], is: (item: T) => boolean): T | null {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(list[middle])) low = middle + 1;
    else high = middle;
  }
  return list[low - 1] ?? null;
}

/** What is said at a name because of what it stands for. */
const aboutNames = new Set([...unknownName, 'CNN1006', 'CNN1008', 'CNN1009', 'CNN1222']);

/** A name that is unknown or stands for something unfit is reported once, with its other places. */
function together(found: readonly Diagnostic[], sources: Sources): readonly Diagnostic[] {
  const first = new Map<string, Diagnostic[]>();
  for (const d of found) {
    if (!aboutNames.has(d.code)) continue;
    const written = sources.get(d.span.file)?.text.slice(d.span.start, d.span.end) ?? '';
    if (!/^[A-Za-z_]\w*$/.test(written)) continue;
    const name = `${d.severity} ${written}`;
    const list = first.get(name);
    // An option that a cell no longer has goes with the name in its body, not with one like it elsewhere.
    if (d.code === 'CNN1006' && list?.[0].code !== 'CNN1220' && list?.[0].code !== 'CNN1006') continue;
    if (list) list.push(d);
    else first.set(name, [d]);
  }
  const replaced = new Map<Diagnostic, Diagnostic | null>();
  for (const list of first.values()) {
    if (list.length < 2) continue;
    const [head, ...others] = list;
    for (const other of others) replaced.set(other, null);
    const related = others.slice(0, 3).map(({ span }) => ({ span, label: others.length > 3 ? `here, too (${others.length} more places)` : 'here, too' }));
    const fixes = head.fixes.map((fix) => ({ ...fix, edits: [...fix.edits, ...others.filter((o) => o.code === head.code && o.span.file === head.span.file).flatMap((o) => o.fixes.find((f) => f.title === fix.title)?.edits ?? [])] }));
    replaced.set(head, { ...head, related: [...head.related, ...related], fixes });
  }
  return found.flatMap((d) => (replaced.has(d) ? (replaced.get(d) ?? []) : d));
}
