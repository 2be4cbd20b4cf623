/** `parse`: text → characters → tokens → brackets → layout → parser → AST. Never throws, whatever the text. */
import type { IRecognitionException, IToken } from 'chevrotain';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../source/source.ts';
import type { Ast } from './ast.ts';
import { balance } from './balance.ts';
import { closes } from './brackets.ts';
import { withoutEchoes } from './causes.ts';
import { checkCharacters, isProgramText } from './characters.ts';
import type { Context } from './context.ts';
import { excerpt } from './context.ts';
import { layout } from './layout.ts';
import { endOf, lex } from './lexer.ts';
import { parseTokens } from './parser.ts';
import { report as createReport } from './report.ts';
import type { Report } from './report.ts';
import { toStatements } from './to-ast.ts';

export interface ParseResult {
  /** Complete where the text is right; without what could not be read where it is not. */
  readonly ast: Ast;
  /** In the order of the text, at most about 100. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many errors were noticed, before those that only follow from others were taken out. */
  readonly errors: number;
}

export function parse(source: SourceFile): ParseResult {
  const { path: file, text } = source;
  const report = createReport(file);
  const span = { file, start: 0, end: text.length };
  const empty: Ast = { kind: 'program', file, statements: [], comments: [], span };
  if (!isProgramText(text, report)) return { ast: empty, diagnostics: report.finish(0), errors: report.errors };
  try {
    return { ast: read(source, report), diagnostics: report.finish(text.length), errors: report.errors };
  } catch (error) {
    // The nesting limit keeps the parser's recursion far from the end of the stack; a small stack can still be too small.
    if (!(error instanceof RangeError)) throw error;
    report.add('CNN1198', 0, 0, {});
    return { ast: empty, diagnostics: report.finish(text.length), errors: report.errors };
  }
}

function read(source: SourceFile, report: Report): Ast {
  const { path: file, text } = source;
  const context: Context = { text, report };
  const lexed = lex(text);
  const tokens = layout(balance(checkCharacters(lexed.tokens, report), source, report), report);
  const { tree, errors } = parseTokens(tokens);
  for (const error of errors) reportError(error, context);
  const statements = toStatements(tree?.children.entry ?? [], 'program', context);
  report.keep((found) => withoutEchoes(found, source, tokens));
  return {
    kind: 'program',
    file,
    statements,
    comments: lexed.comments.map((c) => ({ text: c.image, span: report.span(c.startOffset, endOf(c)) })),
    span: { file, start: 0, end: text.length },
  };
}

/** Where a rule of the parser stands in the user's words. */
const places: Readonly<Record<string, string>> = {
  list: 'into a list',
  item: 'into a list',
  argumentList: 'between the parentheses of a call',
  parenthesis: 'into arithmetic',
  term: 'between parentheses',
};

function reportError(error: IRecognitionException, context: Context): void {
  const rule = [...error.context.ruleStack].reverse().find((r) => places[r]);
  const where = rule ? places[rule] : 'here';
  const { token } = error;
  // Brackets were balanced: one left over only follows from an error inside it.
  if (!rule && closes(token)?.holds === 'values') return;
  const previousToken = 'previousToken' in error ? (error.previousToken as IToken | undefined) : undefined;
  const atEnd = Number.isNaN(token.startOffset);
  const start = atEnd ? (previousToken ? endOf(previousToken) : context.text.length) : token.startOffset;
  const end = atEnd ? start : endOf(token);
  const text = atEnd ? 'the end of the program' : token.image === '' || token.tokenType.name === 'Newline' ? 'the end of the line' : excerpt(context, { start, end });
  context.report.add('CNN1126', start, end, { text, where });
}
