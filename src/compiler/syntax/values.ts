/** Values: literals, strings, words, calls, lists and arithmetic, from parser nodes to `Value`. */
import type { IToken } from 'chevrotain';
import type { Option, Value } from './ast.ts';
import { expression, groups, rowSpan, signToken } from './arithmetic.ts';
import type { Row } from './arithmetic.ts';
import type { ArgumentListCstNode, ItemCstNode, ListCstNode, ParenthesisCstNode, SettingCstNode, TermCstNode, ValueCstNode } from './cst.ts';
import type { Context } from './context.ts';
import { excerpt, nodeSpan } from './context.ts';
import { endOf } from './lexer.ts';
import { literal, stringValue } from './literals.ts';

/** `sign` is a minus that touches the value. null where there is nothing to go on with; what is wrong has then been reported. */
export function toValue(node: ValueCstNode, sign: IToken | undefined, context: Context): Value | null {
  const { report } = context;
  const { literal: literals, Text, wordOrCall, list, parenthesis } = node.children;
  if (literals) return literal(literals[0], sign, report);
  if (sign) looseSign(sign, context);
  if (Text) return { kind: 'string', value: stringValue(Text[0], report), span: report.span(Text[0].startOffset, endOf(Text[0])) };
  if (list) return toList(list[0], context);
  if (parenthesis) return toParenthesis(parenthesis[0], context, true);
  const word = wordOrCall?.[0].children.Word?.[0];
  if (!word) return null;
  const span = report.span(word.startOffset, endOf(word));
  const call = wordOrCall![0].children.argumentList?.[0];
  if (!call) return { kind: 'word', text: word.image, span };
  return { kind: 'call', name: { text: word.image, span }, ...toArguments(call, context, true), span: { ...span, end: nodeSpan(call).end } };
}

export function looseSign(sign: IToken, context: Context): void {
  context.report.add('CNN1134', sign.startOffset, endOf(sign), { operator: sign.image });
}

/** Does this `-` belong to the number behind it? It touches the number, and nothing before it. */
export function isSign(sign: IToken | undefined, value: ValueCstNode | undefined, context: Context): boolean {
  if (sign?.image !== '-' || !value?.children.literal) return false;
  const before = context.text[sign.startOffset - 1];
  return nodeSpan(value).start === endOf(sign) && (before === undefined || /[\s=,[(]/.test(before));
}

/** `name=value`; null (and reported) without a value. In a call the terms that follow (`rest`) belong to the value: `rate=base * 2`. */
export function toOption(node: SettingCstNode, trailing: boolean, context: Context, rest: Row | null = null): Option | null {
  const { report } = context;
  const word = node.children.Word[0];
  const equals = node.children.Equals?.[0];
  const minus = node.children.Minus?.[0];
  const valueNode = node.children.value?.[0];
  const name = { text: word.image, span: report.span(word.startOffset, endOf(word)) };
  if (!valueNode && !rest?.length) {
    report.add('CNN1124', word.startOffset, endOf(minus ?? equals ?? word), { name: word.image });
    return null;
  }
  const before: Row = minus ? [{ children: { sign: [{ name: 'sign', children: { Minus: [minus] } }] } }] : [];
  const signed = isSign(minus, valueNode, context);
  let value: Value | null;
  if (!valueNode || (rest && (rest.length > 0 || (minus && !signed)))) {
    value = toExpression([...before, ...(valueNode ? [{ children: { value: [valueNode] } }] : []), ...(rest ?? [])], context);
  } else {
    value = toValue(valueNode, signed ? minus : undefined, context);
    if (minus && !signed) looseSign(minus, context);
  }
  return value && { name, value, trailing, span: report.span(name.span.start, value.span.end) };
}

function toExpression(row: Row, context: Context): Value | null {
  const tree = expression(row, context);
  const { start, end } = rowSpan(row);
  return tree && { kind: 'expression', expression: tree, span: context.report.span(start, end) };
}

/** A row of terms: one value, or arithmetic. */
export function rowValue(row: Row, context: Context, reportPairs: boolean): Value | null {
  const [first, second] = row;
  if (row.length === 1 && first.children.value) return pairOrValue(first.children.value[0], context, reportPairs);
  const sign = first.children.sign && signToken(first.children.sign[0]);
  if (row.length === 2 && sign && isSign(sign, second.children.value?.[0], context)) return toValue(second.children.value![0], sign, context);
  return toExpression(row, context);
}

const pairOrValue = (node: ValueCstNode, context: Context, reportPairs: boolean): Value | null =>
  node.children.parenthesis ? toParenthesis(node.children.parenthesis[0], context, reportPairs) : toValue(node, undefined, context);

/** Values and options between the parentheses of a call. `reportPairs` is off where the whole call is rewritten anyway. */
export function toArguments(node: ArgumentListCstNode, context: Context, reportPairs: boolean): { readonly args: readonly Value[]; readonly options: readonly Option[] } {
  const args: Value[] = [];
  const options: Option[] = [];
  for (const row of groups<TermCstNode>(node.children.term ?? [], context)) {
    const setting = row[0].children.setting?.[0];
    if (setting) {
      const option = toOption(setting, false, context, row.slice(1));
      if (option) options.push(option);
      continue;
    }
    const value = rowValue(row, context, reportPairs);
    if (value) args.push(value);
  }
  return { args, options };
}

function toParenthesis(node: ParenthesisCstNode, context: Context, reportPairs: boolean): Value | null {
  const { report } = context;
  const { start, end } = nodeSpan(node);
  const span = report.span(start, end);
  const rows = groups<TermCstNode>(node.children.term ?? [], context);
  if (rows.length === 0) {
    report.add('CNN1133', start, end, {});
    return null;
  }
  if (rows.length > 1) {
    const parts = rows.map((row) => context.text.slice(...Object.values(rowSpan(row)) as [number, number]));
    if (rows.length <= 3 && parts.every((part) => /^[1-9]\d{0,8}$/.test(part))) {
      const better = parts.join('x');
      if (reportPairs) report.add('CNN1130', start, end, { better }, { fixes: [report.fix(`write ${better}`, start, end, better)] });
      return { kind: 'size', parts: parts.map(Number), text: better, span };
    }
    const comma = node.children.term?.some((t) => t.children.Comma);
    if (comma) report.add('CNN1126', start, end, { text: '`,`', where: 'into arithmetic', hint: 'several values stand in brackets: [1, 2]' });
  }
  const tree = expression(rows[0], context);
  return tree && { kind: 'expression', expression: tree, span };
}

function toList(node: ListCstNode, context: Context): Value {
  const { report } = context;
  const { start, end } = nodeSpan(node);
  const items: Value[] = [];
  for (const row of groups<ItemCstNode>(node.children.item ?? [], context)) {
    for (let i = 0; i < row.length; i++) {
      const sign = row[i].children.sign && signToken(row[i].children.sign![0]);
      const setting = row[i].children.setting?.[0];
      if (setting) {
        const span = nodeSpan(setting);
        report.add('CNN1126', span.start, span.end, { text: excerpt(context, span), where: 'into a list' });
        continue;
      }
      const following = row[i + 1]?.children.value?.[0];
      const signed = isSign(sign, following, context);
      if (sign && !signed) {
        looseSign(sign, context);
        continue;
      }
      const value = sign ? toValue(following!, sign, context) : toValue(row[i].children.value![0], undefined, context);
      if (sign) i++;
      if (!value) continue;
      const previous = row[i - (sign ? 2 : 1)];
      if (previous?.children.value) {
        const at = nodeSpan(previous).end;
        report.add('CNN1127', value.span.start, value.span.end, { where: 'list' }, { fixes: [report.fix('add the comma', at, at, ',')] });
      }
      items.push(value);
    }
  }
  return { kind: 'list', items, span: report.span(start, end) };
}

/** `word` with its values as the language writes them: what a call at the beginning of a statement should have been. */
export function asStatement(word: string, args: readonly Value[], options: readonly Option[], context: Context): string {
  const write = (value: Value): string => {
    const text = context.text.slice(value.span.start, value.span.end);
    if (value.kind === 'size') return value.text;
    return value.kind === 'expression' && !text.startsWith('(') ? `(${text})` : text.replace(/^['“„](.*)['“”]$/, '"$1"');
  };
  return [word, ...args.map(write), ...options.map((o) => `${o.name.text}=${write(o.value)}`)].join(' ');
}

