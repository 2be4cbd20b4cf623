/** Diagnostics for a person: message, the place with carets, other places, notes and the way out (docs/cli.md shows the frames). */
import pc from 'picocolors';
import type { Diagnostic, Severity } from '../diagnostic.ts';
import type { Sources, Span } from '../../source/source.ts';
import { lineText, positionAt } from '../../source/source.ts';
import { cells, prose } from './columns.ts';
import type { Cell } from './columns.ts';

export interface TextOptions {
  readonly colour?: boolean;
  /** Columns; long source lines are cut to it, prose is not. Default 80. */
  readonly width?: number;
  /** Nothing but ASCII. */
  readonly ascii?: boolean;
  /** Whether the line `2 errors, 1 warning` ends the text. Default true. */
  readonly summary?: boolean;
}

type Paint = (text: string) => string;

/** All diagnostics in the order given, with blank lines between and the count at the end; empty for none. */
export function renderText(diagnostics: readonly Diagnostic[], sources: Sources, options: TextOptions = {}): string {
  const frames = diagnostics.map((d) => frame(d, sources, options));
  const end = options.summary === false || diagnostics.length === 0 ? [] : [summary(diagnostics)];
  return [...frames, ...end].join('\n\n');
}

/** `2 errors, 1 warning`; empty for none. */
export function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Severity, name: string) => {
    const n = diagnostics.filter((d) => d.severity === severity).length;
    return n === 0 ? [] : [`${n} ${name}${n === 1 ? '' : 's'}`];
  };
  return [...count('error', 'error'), ...count('warning', 'warning'), ...count('info', 'note')].join(', ');
}

const fixTag = '[fix available]';

/** One diagnostic, without a line end. */
export function frame(diagnostic: Diagnostic, sources: Sources, options: TextOptions): string {
  const { colour = false, width = 80, ascii = false } = options;
  const paint = pc.createColors(colour);
  const strong: Paint = (text) => paint.bold({ error: paint.red, warning: paint.yellow, info: paint.cyan }[diagnostic.severity](text));
  const frameInk = paint.blue;
  const say = (text: string) => prose(text, ascii);
  const hasFix = diagnostic.fixes.length > 0;

  const places = [{ span: diagnostic.span, label: diagnostic.label }, ...diagnostic.related];
  const gutter = Math.max(2, ...places.map(({ span }) => String(lineOf(span, sources)).length));
  const bar = frameInk(`${' '.repeat(gutter)} |`);
  const word = diagnostic.severity === 'info' ? 'note' : diagnostic.severity;

  const lines = [`${strong(`${word} ${diagnostic.code}`)}${paint.bold(`: ${say(diagnostic.message)}`)}`];
  const place = (span: Span, label: string | undefined, arrow: string, mark: string, ink: Paint, tag: string) => {
    const source = sources.get(span.file);
    const { line, column } = source ? positionAt(source, span.start) : { line: 1, column: 1 };
    const whole = !source || isWholeFile(span);
    if (span.file !== '') lines.push(`${' '.repeat(gutter)}${frameInk(arrow)} ${say(span.file)}${whole ? '' : `:${line}:${column}`}`);
    if (whole) {
      if (label) lines.push(`${bar} ${ink(say(label))}${tag}`);
      return;
    }
    const { shown, before, length } = excerpt(lineText(source, line), column - 1, span.end - span.start, width - gutter - 3, ascii);
    lines.push(bar, `${frameInk(`${String(line).padStart(gutter)} |`)} ${shown}`.trimEnd());
    lines.push(`${bar} ${' '.repeat(before)}${ink(mark.repeat(length) + (label ? ` ${say(label)}` : ''))}${tag}`);
  };
  place(diagnostic.span, diagnostic.label, '-->', '^', strong, hasFix && diagnostic.help.length === 0 ? `   ${fixTag}` : '');
  for (const { span, label } of diagnostic.related) {
    if (lines.length > 1) lines.push(bar);
    place(span, label, ':::', '-', frameInk, '');
  }

  const says = [...diagnostic.notes.map((note) => note.split('\n')), ...(diagnostic.help.length > 0 ? [diagnostic.help.flatMap((help) => help.split('\n'))] : [])];
  if (says.length > 0 && lines.length > 2) lines.push(bar);
  says.forEach((text, i) => {
    const isHelp = diagnostic.help.length > 0 && i === says.length - 1;
    text.forEach((line, j) => {
      const start = j > 0 ? ' '.repeat(gutter + 3) : `${' '.repeat(gutter + 1)}${frameInk('=')} ${isHelp ? `${paint.bold('help')}: ` : ''}`;
      const shown = say(line);
      const used = j > 0 ? gutter + 3 : gutter + 3 + (isHelp ? 6 : 0);
      const tag = isHelp && hasFix && j === 0 ? `${' '.repeat(Math.max(1, width - 12 - used - shown.length))}${fixTag}` : '';
      lines.push(`${start}${shown}${tag}`);
    });
  });
  return lines.join('\n');
}

const isWholeFile = (span: Span): boolean => span.start === 0 && span.end === 0;

function lineOf(span: Span, sources: Sources): number {
  const source = sources.get(span.file);
  return source && !isWholeFile(span) ? positionAt(source, span.start).line : 1;
}

/**
 * The part of a line that fits, and where the marks stand below it. A span that goes on in the next line is marked to the end
 * of this one; an empty span gets one mark.
 */
function excerpt(line: string, from: number, units: number, width: number, ascii: boolean): { shown: string; before: number; length: number } {
  const all = cells(line, ascii);
  const total = (part: readonly Cell[]) => part.reduce((sum, cell) => sum + cell.width, 0);
  let first = all.length;
  let last = all.length;
  for (let i = 0, at = 0; i < all.length; at += all[i].units, i++) {
    if (at >= from && first === all.length) first = i;
    if (at >= from + units) {
      last = i;
      break;
    }
  }
  last = Math.max(first, last);
  const dots = ascii ? '...' : '…';
  if (total(all) <= width) return { shown: show(all), before: total(all.slice(0, first)), length: Math.max(1, total(all.slice(first, last))) };

  // Too long: a window that begins a little before the span.
  let start = 0;
  const lead = Math.floor(width / 4);
  if (total(all.slice(0, last)) > width - dots.length) for (start = first; start > 0 && total(all.slice(start - 1, first)) <= lead; ) start--;
  const left = start > 0 ? dots : '';
  let end = start;
  for (let used = left.length; end < all.length && used + all[end].width <= width - dots.length; end++) used += all[end].width;
  return {
    shown: left + show(all.slice(start, end)) + (end < all.length ? dots : ''),
    before: left.length + total(all.slice(start, first)),
    length: Math.max(1, total(all.slice(first, Math.min(last, end)))),
  };
}

const show = (part: readonly Cell[]): string => part.map((cell) => cell.shown).join('');
