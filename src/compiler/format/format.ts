/** `format`: a program in the one layout that `cnnc fmt` gives. Called at the edge only. */
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { sourceFile } from '../source/source.ts';
import { endOf, lex } from '../syntax/lexer.ts';
import { parse } from '../syntax/parse.ts';
import { plugin } from './plugin.ts';
import { formatWith } from './prettier.ts';

/** Columns that a line of several statements or a cell on one line may fill. */
export const printWidth = 120;

/** Keeps the meaning and every comment; formatting the result again changes nothing. Throws `DiagnosticError` where the program has syntax errors. */
export async function format(text: string, path: string): Promise<string> {
  const errors = parse(sourceFile(path, text)).diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new DiagnosticError(errors);
  const formatted = await formatWith(text, { parser: 'cnn', plugins: [plugin], filepath: path, printWidth, tabWidth: 2, endOfLine: 'lf' });
  return keepColumns(text, formatted);
}

/**
 * Comments that stand two or more blanks behind a line keep their column where there is room, so that comments below each other
 * stay aligned. The others stand one blank behind.
 */
function keepColumns(before: string, after: string): string {
  const columns = new Map<string, number[]>();
  for (const { key, column, aligned } of trailingComments(before)) {
    const list = columns.get(key);
    if (list) list.push(aligned ? column : 0);
    else columns.set(key, [aligned ? column : 0]);
  }
  let at = 0;
  const pieces: string[] = [];
  for (const { key, column, start } of trailingComments(after)) {
    const wanted = columns.get(key)?.shift();
    if (wanted === undefined || wanted <= column) continue;
    pieces.push(after.slice(at, start), ' '.repeat(wanted - column));
    at = start;
  }
  return [...pieces, after.slice(at)].join('');
}

/** Comments behind something; `key` is the line without its blanks, which formatting does not change. */
function trailingComments(text: string) {
  return lex(text).comments.flatMap((token) => {
    const start = token.startOffset;
    const line = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
    const code = text.slice(line, start);
    if (code.trim() === '') return [];
    return [{ key: (code + text.slice(start, endOf(token))).replace(/\s+/g, ''), start, column: start - line, aligned: code.endsWith('  ') }];
  });
}
