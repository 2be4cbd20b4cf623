/**
 * What a written value stands for: names become what they name and arithmetic its result, each keeping the place where it is
 * written, so that everything after reads plain values. A value that is known only later (the data's classes, a parameter of a
 * cell that nothing uses) or was reported becomes an `unknown` word.
 */
import type { Option, Statement, Value } from '../syntax/ast.ts';
import type { Span } from '../source/source.ts';
import { spellNumber } from '../vocabulary/params.ts';
import { evaluate } from './evaluate.ts';
import { findValue } from './scope.ts';
import type { NamedValue, Scope } from './scope.ts';

export const isUnknown = (value: Value): boolean => value.kind === 'word' && value.unknown === true;
const unknown = (span: Span): Value => ({ kind: 'word', text: '?', unknown: true, span });
const number = (value: number, span: Span): Value => ({ kind: 'number', value, integer: Number.isInteger(value), text: spellNumber(value), span });

/** `keeps`: bare words that mean something here already, before names are looked at (flags, choices). */
export function resolveStatement(statement: Statement, scope: Scope, keeps: (word: string) => boolean): Statement {
  const values = statement.values.map((value) => (value.kind === 'word' && keeps(value.text) ? value : resolveValue(value, scope)));
  return { ...statement, values, options: resolveOptions(statement.options, scope, keeps) };
}

const resolveOptions = (options: readonly Option[], scope: Scope, keeps: (word: string) => boolean): readonly Option[] =>
  options.map((option) => (option.value.kind === 'word' && keeps(option.value.text) ? option : { ...option, value: resolveValue(option.value, scope) }));

export function resolveValue(value: Value, scope: Scope): Value {
  switch (value.kind) {
    case 'word': {
      const found = findValue(scope, value.text);
      return found ? { ...valueOf(found, scope, value.span), span: value.span } : value;
    }
    case 'expression': {
      const result = evaluate(value.expression, scope);
      return result === null ? unknown(value.span) : number(result, value.span);
    }
    case 'list':
      return { ...value, items: value.items.map((item) => resolveValue(item, scope)) };
    case 'call': {
      const call = { ...value, args: value.args.map((arg) => resolveValue(arg, scope)), options: resolveOptions(value.options, scope, () => false) };
      return value.name.text === 'size' ? sizeOf(call, scope) : call;
    }
    default:
      return value;
  }
}

/** `size(h, w)`, `size(h, w, channels)`. */
function sizeOf(call: Extract<Value, { kind: 'call' }>, scope: Scope): Value {
  if (call.args.some(isUnknown)) return unknown(call.span);
  const parts = call.args.map((arg) => (arg.kind === 'number' ? arg.value : NaN));
  const fits = (parts.length === 2 || parts.length === 3) && call.options.length === 0 && parts.every((n) => Number.isInteger(n) && n >= 1);
  if (fits) return { kind: 'size', parts, text: parts.join('x'), span: call.span };
  scope.env.report.add('CNN1226', call.span, { parts: call.args.map((arg) => ('text' in arg ? arg.text : '…')) });
  return unknown(call.span);
}

/** What a name stands for; `at` is where it is asked for. */
export function valueOf(named: NamedValue, asked: Scope, at: Span): Value {
  const { env } = asked;
  env.used.add(named);
  if (typeof named.state === 'object') return named.state.value;
  if (named.state === 'busy') {
    env.report.add('CNN1221', named.name.span, { what: 'value', names: [named.name.text] }, { related: [{ span: at, label: 'its own value is needed here' }] });
    return unknown(named.name.span);
  }
  named.state = 'busy';
  const value = named.written ? resolveValue(named.written, named.scope ?? asked) : unknown(named.name.span);
  named.state = { value };
  return value;
}
