/**
 * Texts and places in them. A span is half-open, in UTF-16 code units, and names its file,
 * so that it survives JSON and points into imported files too.
 */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** 1-based line and column (UTF-16 units) with the offset they stand for. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export interface SourceFile {
  /** As the user wrote it; used in messages. */
  readonly path: string;
  readonly text: string;
  /** Offset of the first unit of each line. */
  readonly lineStarts: readonly number[];
}

/** The sources of one compilation by path. */
export type Sources = ReadonlyMap<string, SourceFile>;

export function sourceFile(path: string, text: string): SourceFile {
  const lineStarts = [0];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) lineStarts.push(i + 1);
  }
  return { path, text, lineStarts };
}

/** Position of an offset; offsets outside the text are clamped. */
export function positionAt(source: SourceFile, offset: number): Position {
  const at = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (source.lineStarts[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: at - source.lineStarts[low] + 1, offset: at };
}

/** The text of a 1-based line, without its line end. */
export function lineText(source: SourceFile, line: number): string {
  const start = source.lineStarts[line - 1];
  const end = line < source.lineStarts.length ? source.lineStarts[line] : source.text.length;
  return source.text.slice(start, end).replace(/\r?\n$|\r$/, '');
}

export const join = (a: Span, b: Span): Span => ({
  file: a.file,
  start: Math.min(a.start, b.start),
  end: Math.max(a.end, b.end),
});

/** An empty span at the beginning of a file, for facts about the file as a whole. */
export const fileSpan = (file: string): Span => ({ file, start: 0, end: 0 });
