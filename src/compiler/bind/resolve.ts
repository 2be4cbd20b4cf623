/**
 * What a written value stands for: names become what they name and arithmetic its result, each keeping the place where it is
 * written, so that everything after reads plain values. A value that is known only later (the data's classes, a parameter of a
 * cell that nothing uses) or was reported becomes an `unknown` word.
 */
import type { Option, Statement, Value } from '../syntax/ast.ts';
import type { Span } from '../source/source.ts';
import type { Word } from '../vocabulary/types.ts';
import { spellNumber } from '../vocabulary/params.ts';
import { show } from './describe.ts';
import { evaluate } from './evaluate.ts';
import { findValue } from './scope.ts';
import type { NamedValue, Scope } from './scope.ts';

export const isUnknown = (value: Value): boolean => value.kind === 'word' && value.unknown === true;
const unknown = (span: Span): Value => ({ kind: 'word', text: '?', unknown: true, span });
const number = (value: number, span: Span): Value => ({ kind: 'number', value, integer: Number.isInteger(value), text: spellNumber(value), span });

/** `word`: what the statement is a use of, with its parameters. Bare words that mean something to it stay as they are: flags, choices, names that it gives or takes. */
export function resolveStatement(statement: Statement, scope: Scope, word: Pick<Word, 'params'>): Statement {
  const isName = word.params.some(({ type, position }) => type.kind === 'name' && position !== undefined);
  const values = statement.values.map((value) => (value.kind === 'word' && (isName || means(word, value.text)) ? value : resolveAs(value, scope, word)));
  const options = statement.options.map((option) => (option.value.kind === 'word' && isChoice(word, option, option.value.text) ? option : { ...option, value: resolveAs(option.value, scope, word) }));
  return { ...statement, values, options };
}

/** Whether a bare word means something to the word itself: a flag, a choice. */
const means = (word: Pick<Word, 'params'>, text: string): boolean =>
  word.params.some(({ name, type, flags, position }) => (flags && Object.hasOwn(flags, text)) || (type.kind === 'switch' && position === undefined && name === text) || (type.kind === 'choice' && type.of.includes(text)));

/** Whether a bare word is one of the values of an option; in `bias=bias` the second one is a name. */
function isChoice({ params }: Pick<Word, 'params'>, { name }: Option, text: string): boolean {
  const param = params.find((p) => p.name === name.text || p.keras?.includes(name.text));
  return param !== undefined && (param.type.kind === 'name' || (param.type.kind === 'choice' && param.type.of.includes(text)) || (param.flags !== undefined && Object.hasOwn(param.flags, text)));
}

/** In `classes [cat, dog]` the words are names of classes, whatever else is called so. */
const resolveAs = (value: Value, scope: Scope, word: Pick<Word, 'params'>): Value => (value.kind === 'list' && word.params.some(({ type }) => type.kind === 'words') ? value : resolveValue(value, scope));

export function resolveValue(value: Value, scope: Scope): Value {
  switch (value.kind) {
    case 'word': {
      const found = findValue(scope, value.text);
      if (!found && scope.env.lost.has(value.text)) return unknown(value.span);
      return found ? { ...valueOf(found, scope, value.span), span: value.span } : value;
    }
    case 'expression': {
      const result = evaluate(value.expression, scope);
      return result === null ? unknown(value.span) : number(result, value.span);
    }
    case 'list': {
      const items = value.items.map((item) => resolveInner(item, 'list', scope));
      return items.some(isUnknown) ? unknown(value.span) : { ...value, items };
    }
    case 'call': {
      const call = { ...value, args: value.args.map((arg) => resolveInner(arg, 'call', scope)), options: value.options.map((option) => ({ ...option, value: resolveInner(option.value, 'call', scope) })) };
      if ([...call.args, ...call.options.map((option) => option.value)].some(isUnknown)) return unknown(value.span);
      return value.name.text === 'size' ? sizeOf(call, scope) : call;
    }
    default:
      return value;
  }
}

/** A name inside of a list or a call stands for something plain: lists of lists of lists would grow beyond all bounds. */
function resolveInner(value: Value, within: 'list' | 'call', scope: Scope): Value {
  const resolved = resolveValue(value, scope);
  if (value.kind !== 'word' || (resolved.kind !== 'list' && resolved.kind !== 'call')) return resolved;
  scope.env.report.add('CNN1272', value.span, { name: value.text, found: show(resolved), within });
  return unknown(value.span);
}

/** `size(h, w)`, `size(h, w, channels)`. */
function sizeOf(call: Extract<Value, { kind: 'call' }>, scope: Scope): Value {
  const parts = call.args.map((arg) => (arg.kind === 'number' ? arg.value : NaN));
  const fits = (parts.length === 2 || parts.length === 3) && call.options.length === 0 && parts.every((n) => Number.isInteger(n) && n >= 1);
  if (fits) return { kind: 'size', parts, text: parts.join('x'), span: call.span };
  scope.env.report.add('CNN1226', call.span, { parts: call.args.map((arg) => ('text' in arg ? arg.text : '…')) });
  return unknown(call.span);
}

/** Values that need values that need values: more than a person follows, less than the stack holds. */
const longestChain = 200;

/** What a name stands for; `at` is where it is asked for. */
export function valueOf(named: NamedValue, asked: Scope, at: Span): Value {
  const { env } = asked;
  const { report, asking } = env;
  env.used.add(named);
  if (named.value) return named.value;
  const begun = asking.indexOf(named);
  if (begun >= 0) {
    const names = [...asking.slice(begun), named].map(({ name }) => name.text);
    report.add('CNN1221', named.name.span, { what: 'value', names }, { related: [{ span: at, label: names.length > 2 ? `\`${names[names.length - 2]}\` needs it here` : 'it is needed here' }] });
    return unknown(named.name.span);
  }
  if (asking.length >= longestChain) {
    report.add('CNN1270', named.name.span, { what: 'value', limit: longestChain });
    return unknown(named.name.span);
  }
  asking.push(named);
  named.value = named.written ? resolveValue(named.written, named.scope ?? asked) : unknown(named.name.span);
  asking.pop();
  return named.value;
}
