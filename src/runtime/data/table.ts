/**
 * Tables in text: RFC 4180 with any of three delimiters, read strictly, with the line of every row. Beyond the RFC: lines may end
 * in LF, CRLF or CR, empty lines are passed over, blanks around an unquoted cell do not belong to it, and a byte order mark is dropped.
 */

export interface Row {
  /** From 1, where the row begins; cells may hold line breaks. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** What is wrong with a table; `message` is a clause, `line` its place or null for the file as a whole. */
export class TableError extends Error {
  readonly line: number | null;
  constructor(reason: string, line: number | null) {
    super(reason);
    this.name = 'TableError';
    this.line = line;
  }
}

/** Throws TableError: not text in UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) throw new TableError('it is UTF-16; save it as UTF-8', null);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.includes('\0')) throw new TableError('it is not a text', null);
    return text;
  } catch (error) {
    if (error instanceof TableError) throw error;
    throw new TableError('it is not UTF-8; save it as UTF-8', null);
  }
}

/** The first row names the columns, and every row has as many cells. Throws TableError. */
export function parseTable(text: string, delimiter: string): Table {
  const [head, ...rows] = rowsOf(text, delimiter);
  if (!head) throw new TableError('it is empty', null);
  const { cells: columns } = head;
  const unnamed = columns.indexOf('');
  if (unnamed > 0) throw new TableError(`column ${unnamed + 1} has no name`, head.line);
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) throw new TableError(`two columns are called ${twice}`, head.line);
  for (const { cells, line } of rows) {
    if (cells.length !== columns.length) throw new TableError(`it has ${cells.length} cell${cells.length === 1 ? '' : 's'}, but there are ${columns.length} column${columns.length === 1 ? '' : 's'}`, line);
  }
  return { columns, rows };
}

function rowsOf(text: string, delimiter: string): Row[] {
  const rows: Row[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const begin = line;
    const cells: string[] = [];
    let quotes = false;
    for (;;) {
      const start = skipBlanks(text, at, delimiter);
      if (text[start] === '"') {
        const { cell, end, breaks } = quoted(text, start, line);
        quotes = true;
        cells.push(cell);
        line += breaks;
        at = skipBlanks(text, end, delimiter);
        if (at < text.length && text[at] !== delimiter && !isBreak(text[at])) throw new TableError('something follows a closing quote; a quote inside a cell is written twice', line);
      } else {
        let end = at;
        while (end < text.length && text[end] !== delimiter && !isBreak(text[end])) {
          if (text[end] === '"') throw new TableError('a quote stands inside a cell; such a cell is quoted, and the quote written twice', line);
          end++;
        }
        cells.push(text.slice(at, end).trim());
        at = end;
      }
      if (text[at] !== delimiter) break;
      at++;
    }
    if (at < text.length) {
      at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
      line++;
    }
    if (cells.length > 1 || cells[0] !== '' || quotes) rows.push({ line: begin, cells });
  }
  return rows;
}

const isBreak = (c: string): boolean => c === '\n' || c === '\r';

function skipBlanks(text: string, at: number, delimiter: string): number {
  while (text[at] === ' ' || (text[at] === '\t' && delimiter !== '\t')) at++;
  return at;
}

function quoted(text: string, start: number, line: number): { readonly cell: string; readonly end: number; readonly breaks: number } {
  let cell = '';
  let breaks = 0;
  for (let at = start + 1; ; ) {
    const next = text.indexOf('"', at);
    if (next < 0) throw new TableError('a quote is not closed', line);
    const piece = text.slice(at, next);
    breaks += piece.match(/\r\n|\n|\r/g)?.length ?? 0;
    cell += piece;
    if (text[next + 1] !== '"') return { cell, end: next + 1, breaks };
    cell += '"';
    at = next + 2;
  }
}
