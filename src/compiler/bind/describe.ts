/** How values and types are spoken of in messages. */
import type { Value } from '../syntax/ast.ts';
import type { Param, ParamType, Word } from '../vocabulary/types.ts';
import { spellNumber } from '../vocabulary/params.ts';

/** A list in words: "a, b or c". */
export const oneOf = (items: readonly string[], joiner = 'or'): string =>
  items.length <= 1 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${joiner} ${items[items.length - 1]}`;

const kinds: Readonly<Record<string, string>> = { optimizer: 'an optimizer', loss: 'a loss', metric: 'a metric' };

/** What a parameter takes: "a whole number", "a size such as 3x3". */
export function describeType(type: ParamType): string {
  switch (type.kind) {
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'fraction':
      return 'a fraction such as .25 or 25%';
    case 'shift':
      return 'a fraction of the size such as .2, or pixels such as 10px';
    case 'size2':
      return 'a size such as 3x3';
    case 'bytes':
      return 'an amount such as 10MB or 2GB';
    case 'rate':
      return 'a number or a schedule such as cosine_decay(.001, steps=1000)';
    case 'imageSize':
      return 'a size such as 150x150';
    case 'range':
      return 'a range such as .8..1.2';
    case 'choice':
      return oneOf(type.of);
    case 'switch':
      return 'on or off';
    case 'string':
      return 'a text in quotes';
    case 'words':
      return 'a list of names such as [cat, dog]';
    case 'numbers':
      return 'a list of numbers such as [.5, .5, .5]';
    case 'integers':
      return `whole numbers such as ${type.like}`;
    case 'sides':
      return 'a number, a height x width, or [top, bottom, left, right]';
    case 'regularizer':
      return 'a regularizer such as l2(.01)';
    case 'constraint':
      return 'a constraint such as max_norm(2)';
    case 'initializer':
      return 'an initializer such as he_normal';
    case 'activation':
      return 'an activation such as relu';
    case 'name':
      return 'a name';
    case 'any':
      return 'a value';
    case 'use':
      return kinds[type.group] ?? `a ${type.group}`;
  }
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly exclusiveMin?: boolean;
  readonly exclusiveMax?: boolean;
}

/** What a number should have been: "between 0 and 180", "above 0", "at least 1"; a far end that was kept is not mentioned. */
export function describeBounds(type: Bounds, found: number): string {
  const number = (n: number): string => (Math.abs(n) < 1000 ? spellNumber(n) : n.toLocaleString('en-US'));
  const low = type.min === undefined ? null : `${type.exclusiveMin ? 'above' : 'at least'} ${number(type.min)}`;
  const high = type.max === undefined ? null : `${type.exclusiveMax ? 'below' : 'at most'} ${number(type.max)}`;
  if (low === null || high === null || (type.max ?? 0) > 1000) return (type.min !== undefined && found <= type.min ? low : high) ?? low ?? 'a finite number';
  return type.exclusiveMin || type.exclusiveMax ? `${low} and ${high}` : `between ${number(type.min ?? 0)} and ${number(type.max ?? 0)}`;
}

/** Whether the word alone says which value is meant: a setting with one value. */
export const isOnlyValue = (word: Word, param: Param): boolean =>
  word.group !== 'layer' && param.position !== undefined && word.params.filter((p) => p.position !== undefined).length === 1;

/** A value as written, for messages. */
export function show(value: Value): string {
  switch (value.kind) {
    case 'string':
      return JSON.stringify(value.value);
    case 'call':
      return `${value.name.text}(…)`;
    case 'list':
      return value.items.length > 3 ? `[${value.items.slice(0, 3).map(show).join(', ')}, …]` : `[${value.items.map(show).join(', ')}]`;
    case 'expression':
      return '(…)';
    default:
      return value.text;
  }
}
