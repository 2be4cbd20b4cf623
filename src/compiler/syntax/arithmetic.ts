/**
 * Arithmetic: from the flat row of operands and operators that the parser gives to a tree, with Python's precedence
 * (`^` binds tightest and to the right, then the sign, then `* / %`, then `+ -`).
 */
import { endOf } from './lexer.ts';
import type { IToken } from 'chevrotain';
import type { Expression } from './ast.ts';
import type { SettingCstNode, SignCstNode, ValueCstNode } from './cst.ts';
import { literal, literalToken } from './literals.ts';
import type { Context } from './context.ts';
import { excerpt, nodeSpan } from './context.ts';

/** More operators than this in one row would make trees too deep to walk. */
const stepLimit = 256;

/** A row as it stands in a call, in parentheses or (wrongly) between the values of a statement. */
export type Row = readonly { readonly children: { readonly value?: ValueCstNode[]; readonly sign?: SignCstNode[]; readonly setting?: SettingCstNode[] } }[];

export const signToken = (node: SignCstNode): IToken | undefined => Object.values(node.children).find((tokens) => tokens && tokens.length > 0)?.[0];

type Piece = { readonly kind: 'operand'; readonly node: ValueCstNode } | { readonly kind: 'operator'; readonly token: IToken };

/** null where nothing of it could be understood; what is wrong has then been reported. */
export function expression(row: Row, context: Context): Expression | null {
  const pieces: Piece[] = [];
  for (const { children } of row) {
    if (children.value) pieces.push({ kind: 'operand', node: children.value[0] });
    else if (children.sign) {
      const token = signToken(children.sign[0]);
      if (token) pieces.push({ kind: 'operator', token });
    } else if (children.setting) notNumber(nodeSpan(children.setting[0]), context);
  }
  if (pieces.length > stepLimit) {
    const { start, end } = rowSpan(row);
    context.report.add('CNN1135', start, end, { limit: stepLimit });
    return null;
  }
  return climb(pieces, context);
}

export function rowSpan(row: Row): { start: number; end: number } {
  return { start: nodeSpan(row[0]).start, end: nodeSpan(row[row.length - 1]).end };
}

function notNumber(span: { start: number; end: number }, context: Context): void {
  context.report.add('CNN1132', span.start, span.end, { text: excerpt(context, span) });
}

function climb(pieces: readonly Piece[], context: Context): Expression | null {
  const { report } = context;
  let at = 0;
  const operator = (of: string): IToken | null => {
    const piece = pieces[at];
    if (piece?.kind !== 'operator' || !of.includes(piece.token.image)) return null;
    at++;
    return piece.token;
  };
  const missingOperand = (token: IToken): null => {
    report.add('CNN1131', token.startOffset, endOf(token), { missing: 'operand', near: token.image });
    return null;
  };
  const rowOf = (operators: string, operand: (before: IToken | null) => Expression | null) => (before: IToken | null) => {
    let left = operand(before);
    for (let token = operator(operators); token; token = operator(operators)) {
      const right = operand(token);
      left = left && right ? binary(left, token, right) : (left ?? right);
    }
    return left;
  };
  const binary = (left: Expression, token: IToken, right: Expression): Expression => ({
    kind: 'binary',
    operator: token.image as '+',
    left,
    right,
    span: report.span(left.span.start, right.span.end),
  });
  const power = (before: IToken | null): Expression | null => {
    const piece = pieces[at];
    if (piece?.kind !== 'operand') {
      const near = piece?.token ?? before;
      return near ? missingOperand(near) : null;
    }
    at++;
    const base = operand(piece.node, context);
    const token = operator('^');
    if (!token) return base;
    const exponent = signed(token);
    return base && exponent ? binary(base, token, exponent) : (base ?? exponent);
  };
  const signed = (before: IToken | null): Expression | null => {
    const token = operator('+-');
    if (!token) return power(before);
    const inner = signed(token);
    if (!inner || token.image === '+') return inner;
    return { kind: 'negate', operand: inner, span: report.span(token.startOffset, inner.span.end) };
  };
  const sum = rowOf('+-', rowOf('*/%', signed));

  let result: Expression | null = null;
  let reported = false;
  while (at < pieces.length) {
    const piece = pieces[at];
    const next = sum(null);
    result ??= next;
    // Only a second operand can be left over: an operator would have been taken.
    if (at < pieces.length && !reported && pieces[at].kind === 'operand') {
      reported = true;
      const span = nodeSpan((pieces[at] as { node: ValueCstNode }).node);
      report.add('CNN1131', span.start, span.end, { missing: 'operator', near: excerpt(context, span) });
    }
    if (pieces[at] === piece) at++;
  }
  return result;
}

function operand(node: ValueCstNode, context: Context): Expression | null {
  const { report } = context;
  const { literal: literals, wordOrCall, parenthesis } = node.children;
  if (literals) {
    const value = literal(literals[0], undefined, report);
    if (value?.kind === 'number') return { kind: 'number', value: value.value, span: value.span };
    if (value?.kind === 'ratio') {
      const slash = value.span.start + literalToken(literals[0])!.image.indexOf('/');
      return {
        kind: 'binary',
        operator: '/',
        left: { kind: 'number', value: value.numerator, span: report.span(value.span.start, slash) },
        right: { kind: 'number', value: value.denominator, span: report.span(slash + 1, value.span.end) },
        span: value.span,
      };
    }
  } else if (wordOrCall?.[0].children.Word?.[0]) {
    const word = wordOrCall[0].children.Word[0];
    const name = { text: word.image, span: report.span(word.startOffset, endOf(word)) };
    const list = wordOrCall[0].children.argumentList?.[0];
    if (!list) return { kind: 'name', ...name };
    const args = groups(list.children.term ?? [], context).map((row) => expression(row, context));
    return { kind: 'call', name, args: args.filter((a) => a !== null), span: { ...name.span, end: nodeSpan(wordOrCall[0]).end } };
  } else if (parenthesis) {
    const span = nodeSpan(parenthesis[0]);
    const rows = groups(parenthesis[0].children.term ?? [], context);
    if (rows.length === 0) report.add('CNN1133', span.start, span.end, {});
    else if (rows.length > 1) notNumber(span, context);
    const inner = rows.length === 0 ? null : expression(rows[0], context);
    return inner && { ...inner, span: report.span(span.start, span.end) };
  }
  notNumber(nodeSpan(node), context);
  return null;
}

export function looseEquals(token: IToken, context: Context): void {
  context.report.add('CNN1126', token.startOffset, endOf(token), { text: '`=`', where: 'here', hint: 'it stands between the name of an option and its value: lr=.001' });
}

/** Terms between commas; a comma with nothing before it is reported, one at the end is allowed. A `;` is reported and taken for one. */
export function groups<T extends { readonly children: { readonly Comma?: IToken[]; readonly Semicolon?: IToken[]; readonly Equals?: IToken[] } }>(terms: readonly T[], context: Context): T[][] {
  const { report } = context;
  const rows: T[][] = [];
  let row: T[] = [];
  for (const term of terms) {
    if (term.children.Equals) {
      looseEquals(term.children.Equals[0], context);
      continue;
    }
    const semicolon = term.children.Semicolon?.[0];
    const comma = term.children.Comma?.[0] ?? semicolon;
    if (!comma) {
      row.push(term);
      continue;
    }
    const [start, end] = [comma.startOffset, endOf(comma)];
    if (semicolon) report.add('CNN1126', start, end, { text: '`;`', where: 'between values', hint: 'values in brackets are separated by commas' }, { fixes: [report.fix('write `,`', start, end, ',')] });
    else if (row.length === 0) report.add('CNN1128', start, end, {}, { fixes: [report.fix('delete the comma', start, end, '')] });
    if (row.length > 0) rows.push(row);
    row = [];
  }
  return row.length > 0 ? [...rows, row] : rows;
}

