/**
 * From the parser's tree to the AST (`ast.ts`): what was written, with spans. Judges what the grammar lets through (see
 * `parser.ts`), and expects any child to be absent, since the parser recovers.
 */
import type { IToken } from 'chevrotain';
import type { Span } from '../source/source.ts';
import { looseEquals, rowSpan, signToken } from './arithmetic.ts';
import type { Block, Name, Option, Statement, Value } from './ast.ts';
import type { Context } from './context.ts';
import { excerpt, nodeSpan } from './context.ts';
import type { ArgumentCstNode, BlockCstNode, EntryCstNode, StatementCstNode } from './cst.ts';
import { endOf } from './lexer.ts';
import { stringValue } from './literals.ts';
import { asStatement, isSign, looseSign, rowValue, toArguments, toOption, toValue } from './values.ts';

export type Place = 'program' | 'settings' | 'cell';

/** Statements of the program or of a block. */
export function toStatements(entries: readonly EntryCstNode[], place: Place, context: Context): readonly Statement[] {
  const { report } = context;
  const statements: Statement[] = [];
  let separated = true;
  let junk: { start: number; end: number } | null = null;
  /** Something without a word was reported, and no statement stands behind it: what follows has lost the same word. */
  let orphaned = false;
  let separatedBy = true;
  const reportJunk = () => {
    orphaned ||= junk !== null;
    if (junk) report.add('CNN1123', junk.start, junk.end, { text: excerpt(context, junk) });
    junk = null;
  };
  for (const { children } of entries) {
    const orphan = children.orphan?.[0];
    if (orphan?.children.block) {
      // The word was something else: that is reported, and what the block holds is bound by it.
      const block = toBlock(orphan.children.block[0], context, junk === null && !orphaned);
      reportJunk();
      orphaned = true;
      separatedBy = false;
      if (block && place === 'program') statements.push({ kind: 'statement', word: { text: '', span: { ...block.span, end: block.span.start } }, values: [], options: [], blocks: [block], span: block.span });
      separated = true;
    } else if (orphan) {
      const span = nodeSpan(orphan);
      if (span.end > span.start) junk = junk ? { start: (junk as { start: number }).start, end: span.end } : span;
      separated = true;
    } else if (children.statement) {
      reportJunk();
      // `merge=concat` behind cells without their word.
      if (orphaned && !separatedBy && children.statement[0].children.Equals) continue;
      orphaned = false;
      const statement = toStatement(children.statement[0], place, context);
      if (!statement) continue;
      const previous = statements.at(-1);
      if (!separated && previous) {
        const { start, end } = statement.word.span;
        report.add('CNN1122', start, end, { word: statement.word.text, previous: previous.word.text }, { fixes: [report.fix('add `;`', previous.span.end, previous.span.end, ';')] });
      }
      statements.push(statement);
      separated = false;
    } else {
      reportJunk();
      separated = true;
      separatedBy = true;
    }
  }
  reportJunk();
  return statements;
}

function toBlock(node: BlockCstNode, context: Context, orphan = false): Block | null {
  const { report } = context;
  const opener = (node.children.SettingsOpen ?? node.children.CellOpen)?.[0];
  if (!opener) return null;
  const kind = node.children.SettingsOpen ? 'settings' : 'cell';
  if (orphan) report.add('CNN1115', opener.startOffset, endOf(opener), { opener: opener.image });
  const statements = toStatements(node.children.entry ?? [], kind, context);
  const closer = (node.children.SettingsClose ?? node.children.CellClose)?.[0];
  return { kind, statements, span: report.span(opener.startOffset, closer && !Number.isNaN(closer.startOffset) ? endOf(closer) : nodeSpan(node).end) };
}

function toStatement(node: StatementCstNode, place: Place, context: Context): Statement | null {
  const { report } = context;
  const word = toWord(node, place, context);
  if (!word) return null;
  const values: Value[] = [];
  const options: Option[] = [];

  const call = node.children.argumentList?.[0];
  if (call) {
    const written = toArguments(call, context, false);
    for (const value of written.args) values.push(value);
    for (const option of written.options) options.push(option);
    const better = asStatement(word.text, written.args, written.options, context);
    const { end } = nodeSpan(call);
    report.add('CNN1121', word.span.start, end, { word: word.text, better }, { fixes: [report.fix(`write ${better}`, word.span.start, end, better)] });
  }
  readArguments(node.children.argument ?? [], word, values, options, context);
  const equals = node.children.Equals?.[0];
  if (equals) oldSetting(word, equals, values, context);

  const blocks = (node.children.block ?? []).map((b) => toBlock(b, context)).filter((b) => b !== null);
  const last = blocks.at(-1);
  for (const { children } of node.children.trailing ?? []) {
    if (children.setting) {
      const option = toOption(children.setting[0], true, context);
      if (option) options.push(option);
      if (option && last && option.span.start < last.span.start) report.add('CNN1115', last.span.start, last.span.start + 1, { opener: last.kind === 'cell' ? '<' : '{' });
      continue;
    }
    const span = nodeSpan({ children });
    if (span.end <= span.start) continue;
    // Without a block the parser only came here after an error in the values before.
    if (blocks.length > 0) report.add('CNN1125', span.start, span.end, { text: excerpt(context, span).slice(1, -1), word: word.text });
    if (children.literal || children.list || children.parenthesis) {
      const value = toValue({ name: 'value', children: { literal: children.literal, list: children.list, parenthesis: children.parenthesis } }, undefined, context);
      if (value) values.push(value);
    }
  }
  // Blocks were read before; only what stands around them is looked at.
  const end = Math.max(word.span.end, last?.span.end ?? 0, nodeSpan({ children: { ...node.children, block: undefined } }).end);
  return { kind: 'statement', word, values, options, blocks, span: { ...word.span, end } };
}

function toWord(node: StatementCstNode, place: Place, context: Context): Name | null {
  const { report } = context;
  const token = (node.children.Word ?? node.children.Text)?.[0];
  if (!token) return null;
  const span: Span = report.span(token.startOffset, endOf(token));
  if (node.children.Word) return { text: token.image, span };
  if (place !== 'settings') report.add('CNN1136', span.start, span.end, { text: token.image });
  return { text: stringValue(token, report), span, quoted: true };
}

/** Values and options in the order written; signs are joined with their numbers. */
function readArguments(nodes: readonly ArgumentCstNode[], word: Name, values: Value[], options: Option[], context: Context): void {
  const { report } = context;
  const commas: IToken[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const { setting, value, sign, Comma, Equals } = nodes[i].children;
    if (Comma) commas.push(Comma[0]);
    else if (Equals) looseEquals(Equals[0], context);
    else if (setting) {
      const option = toOption(setting[0], false, context);
      if (option) options.push(option);
    } else if (value || sign) {
      // `32 * 2` outside parentheses: one piece of arithmetic, reported once.
      let last = i;
      while (!isNumberSign(nodes, last + 1, context) && nodes[last + 1]?.children.sign && nodes[last + 2]?.children.value) last += 2;
      const minus = sign && signToken(sign[0]);
      if (sign && isNumberSign(nodes, i, context)) {
        i++;
        push(values, toValue(nodes[i].children.value![0], minus, context));
      } else if (last > i && value) {
        const row = nodes.slice(i, last + 1);
        const { start, end } = rowSpan(row);
        const operator = signToken(nodes[i + 1].children.sign![0])!;
        const better = `(${context.text.slice(start, end)})`;
        report.add('CNN1134', operator.startOffset, endOf(operator), { operator: operator.image, better }, { fixes: [report.fix(`write ${better}`, start, end, better, false)] });
        push(values, rowValue(row, context, true));
        i = last;
      } else if (value) push(values, toValue(value[0], undefined, context));
      else if (minus) looseSign(minus, context);
    }
  }
  if (commas.length > 0) {
    const edits = commas.map((comma) => ({ span: report.span(comma.startOffset, endOf(comma)), text: /\s/.test(context.text[endOf(comma)] ?? ' ') ? '' : ' ' }));
    report.add('CNN1129', commas[0].startOffset, endOf(commas[0]), { word: word.text }, { fixes: [{ title: 'separate them by blanks', edits, safe: true }] });
  }
}

const isNumberSign = (nodes: readonly ArgumentCstNode[], at: number, context: Context): boolean => {
  const sign = nodes[at]?.children.sign;
  return !!sign && isSign(signToken(sign[0]), nodes[at + 1]?.children.value?.[0], context);
};

const push = (values: Value[], value: Value | null): void => {
  if (value) values.push(value);
};

/** `batch_size=16`: understood as `batch_size 16`; `x=True` as `x`, `x=False` as `x off`. Changes `values`. */
function oldSetting(word: Name, equals: IToken, values: Value[], context: Context): void {
  const { report } = context;
  const value = values[0];
  if (!value) {
    report.add('CNN1124', word.span.start, endOf(equals), { name: word.text });
    return;
  }
  const { start } = word.span;
  const written = context.text.slice(start, value.span.end);
  const truth = value.kind === 'word' ? value.text : '';
  const rest = truth === 'True' || truth === 'true' ? '' : truth === 'False' || truth === 'false' ? ' off' : ` ${context.text.slice(value.span.start, value.span.end)}`;
  const better = context.text.slice(start, word.span.end) + rest;
  report.add('CNN1120', start, value.span.end, { name: word.text, written, better }, { fixes: [report.fix(`write ${better}`, start, value.span.end, better)] });
  if (rest === '') values.shift();
  else if (rest === ' off') values[0] = { kind: 'word', text: 'off', span: value.span };
}
