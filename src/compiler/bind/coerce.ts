/**
 * A written value as the type its parameter has: percentages to fractions, `5` to 5x5, `10px`, words to choices.
 * Reports what does not fit; where the meaning is plain all the same, the value is returned too, so that nothing else breaks.
 */
import type { Value } from '../syntax/ast.ts';
import type { Param, ParamType, ParamValue, Word } from '../vocabulary/types.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Report } from './report.ts';
import { replace } from './report.ts';
import { describeBounds, describeType, isOnlyValue, show } from './describe.ts';
import { coerceActivation, coerceConstraint, coerceInitializer, coerceRegularizer } from './functions.ts';
import { isUnknown } from './resolve.ts';
import { coerceSchedule } from './schedule.ts';
import { spellNumber } from '../vocabulary/params.ts';

export interface Place {
  readonly report: Report;
  /** The word the value belongs to, as written, and what it means. */
  readonly owner: string;
  readonly word: Word;
  /** Names in scope, for suggestions. */
  readonly names: () => readonly string[];
}

const maxWindow = 4096;
const maxImage = 16_384;
/** Of a list of whole numbers: more elements than any tensor has. */
const most = 2 ** 31;

const trueWords = ['True', 'true', 'yes', 'TRUE'];
const falseWords = ['False', 'false', 'no', 'FALSE', 'None'];

/** undefined: does not fit, and was reported. */
export function coerce(value: Value, param: Param, place: Place): ParamValue | undefined {
  const type = param.type;
  if (type.kind === 'any') return { written: value };
  if (isUnknown(value)) return { classes: true, unknown: true };
  switch (type.kind) {
    case 'integer': {
      if (value.kind === 'word' && value.text === 'classes' && place.word.group === 'layer') return { classes: true };
      const n = value.kind === 'number' || (value.kind === 'quantity' && value.unit === 'count') ? value.value : undefined;
      if (n === undefined || !Number.isInteger(n)) return wrong(value, param, place);
      return bounded(n, value, type, param, place);
    }
    case 'number': {
      const n = plainNumber(value) ?? (type.max !== undefined && type.max <= 1 ? percentage(value) : undefined);
      return n === undefined ? wrong(value, param, place) : bounded(n, value, type, param, place);
    }
    case 'rate': {
      if (value.kind === 'call') return coerceSchedule(value, param, place);
      const n = plainNumber(value);
      return n === undefined ? wrong(value, param, place) : bounded(n, value, { kind: 'number', min: 0, exclusiveMin: true }, param, place);
    }
    case 'fraction': {
      const n = plainNumber(value) ?? percentage(value);
      return n === undefined ? wrong(value, param, place) : bounded(n, value, type, param, place);
    }
    case 'bytes':
      return value.kind === 'quantity' && value.unit === 'bytes' && value.value >= 1 ? value.value : wrong(value, param, place);
    case 'shift':
      return shift(value, param, place);
    case 'size2':
      return size(value, 2, maxWindow, param, place);
    case 'imageSize':
      return size(value, 3, maxImage, param, place);
    case 'range':
      return range(value, param, place);
    case 'choice':
      return choice(value, type.of, param, place);
    case 'switch':
      return onOff(value, param, place);
    case 'string':
      return text(value, param, place);
    case 'name':
      return value.kind === 'word' ? value.text : value.kind === 'string' ? value.value : wrong(value, param, place);
    case 'words':
      return names(value, param, place);
    case 'numbers':
      return numbers(value, param, place);
    case 'integers':
      return integers(value, type.min, param, place);
    case 'sides':
      return sides(value, param, place);
    case 'initializer':
      return coerceInitializer(value, param, place);
    case 'regularizer':
      return coerceRegularizer(value, param, place);
    case 'constraint':
      return coerceConstraint(value, param, place);
    case 'activation':
      return coerceActivation(value, param, place);
    case 'use':
      return wrong(value, param, place);
  }
}

/** True, and reported, where a bare word is probably a slip of a name in scope. */
export function reportName(value: Value, place: Place): boolean {
  const suggestion = value.kind === 'word' && !value.unknown ? (suggest(value.text, place.names())?.word ?? null) : null;
  if (suggestion === null) return false;
  place.report.add('CNN1220', value.span, { name: show(value), suggestion }, { fixes: [replace(`write ${suggestion}`, value.span, suggestion)] });
  return true;
}

export function wrong(value: Value, param: Param, place: Place): undefined {
  if (reportName(value, place)) return undefined;
  place.report.add('CNN1008', value.span, { owner: place.owner, param: param.name, only: isOnlyValue(place.word, param), expected: describeType(param.type), found: show(value) });
  return undefined;
}

const plainNumber = (value: Value): number | undefined =>
  value.kind === 'number' ? value.value : value.kind === 'ratio' && value.denominator !== 0 ? value.numerator / value.denominator : undefined;

const percentage = (value: Value): number | undefined => (value.kind === 'percent' ? value.value / 100 : undefined);

function bounded(n: number, value: Value, type: Extract<ParamType, { kind: 'integer' | 'number' | 'fraction' }>, param: Param, place: Place): number | undefined {
  const limits = type.kind === 'integer' ? { ...type, exclusiveMin: false, exclusiveMax: false } : { exclusiveMin: false, exclusiveMax: false, ...type };
  const low = limits.min === undefined || (limits.exclusiveMin ? n > limits.min : n >= limits.min);
  const high = limits.max === undefined || (limits.exclusiveMax ? n < limits.max : n <= limits.max);
  if (low && high && Number.isFinite(n)) return n;
  // A person who writes `validation 25` means 25 %.
  const percent = type.kind === 'fraction' && value.kind === 'number' && n > 1 && n < 100 ? `${spellNumber(n)}%` : null;
  place.report.add(
    'CNN1009',
    value.span,
    { owner: place.owner, param: param.name, only: isOnlyValue(place.word, param), bounds: describeBounds(limits, n), found: show(value), percent },
    percent === null ? {} : { fixes: [replace(`write ${percent}`, value.span, percent)] },
  );
  return percent === null ? undefined : n / 100;
}

function shift(value: Value, param: Param, place: Place): ParamValue | undefined {
  if (value.kind === 'pixels') {
    if (value.value >= 0) return { amount: value.value, unit: 'pixels' };
    return wrong(value, param, place);
  }
  const n = plainNumber(value) ?? percentage(value);
  if (n === undefined) return wrong(value, param, place);
  if (n >= 0 && n <= 1) return { amount: n, unit: 'fraction' };
  const pixels = n > 1 && value.kind === 'number' ? `${spellNumber(n)}px` : null;
  place.report.add(
    'CNN1009',
    value.span,
    { owner: place.owner, param: param.name, only: isOnlyValue(place.word, param), bounds: 'a fraction of the size from 0 to 1, or pixels', found: show(value), percent: pixels },
    pixels === null ? {} : { fixes: [replace(`write ${pixels}`, value.span, pixels, false)] },
  );
  return pixels === null ? undefined : { amount: n, unit: 'pixels' };
}

function size(value: Value, most: 2 | 3, limit: number, param: Param, place: Place): ParamValue | undefined {
  const parts = value.kind === 'size' ? value.parts : value.kind === 'number' && Number.isInteger(value.value) ? [value.value, value.value] : null;
  if (parts === null || parts.length < 2 || parts.length > most) return wrong(value, param, place);
  if (parts.every((n) => n >= 1 && n <= limit)) return parts;
  place.report.add('CNN1009', value.span, { owner: place.owner, param: param.name, only: isOnlyValue(place.word, param), bounds: `between 1 and ${limit}`, found: show(value), percent: null });
  return undefined;
}

/** `.8..1.2`, or a fraction f for 1-f..1+f. */
function range(value: Value, param: Param, place: Place): ParamValue | undefined {
  const n = plainNumber(value) ?? percentage(value);
  const pair = value.kind === 'range' ? [value.low, value.high] : n !== undefined ? [1 - n, 1 + n] : null;
  if (pair === null) return wrong(value, param, place);
  if (pair[0] > 0 && pair[0] <= pair[1] && pair[1] <= 100) return pair;
  place.report.add('CNN1009', value.span, { owner: place.owner, param: param.name, only: isOnlyValue(place.word, param), bounds: 'above 0 and in ascending order', found: show(value), percent: null });
  return undefined;
}

function choice(value: Value, of: readonly string[], param: Param, place: Place): ParamValue | undefined {
  const written = value.kind === 'word' ? value.text : value.kind === 'string' ? value.value : null;
  if (written === null) return wrong(value, param, place);
  const flagged = param.flags?.[written];
  const meant = of.includes(written) ? written : typeof flagged === 'string' ? flagged : of.find((item) => item === written.toLowerCase().replace(/[ -]/g, '_'));
  if (meant === undefined) return wrong(value, param, place);
  if (value.kind === 'string' || (meant !== written && flagged === undefined)) respell(value, meant, place);
  return meant;
}

function onOff(value: Value, param: Param, place: Place): ParamValue | undefined {
  if (value.kind === 'word' && (value.text === 'on' || value.text === 'off')) return value.text === 'on';
  const meant =
    value.kind === 'word' ? (trueWords.includes(value.text) ? true : falseWords.includes(value.text) ? false : undefined) : value.kind === 'number' && (value.value === 0 || value.value === 1) ? value.value === 1 : undefined;
  if (meant === undefined) return wrong(value, param, place);
  respell(value, meant ? 'on' : 'off', place);
  return meant;
}

/** The meaning is plain, the spelling is another language's. */
export function respell(value: Value, word: string, place: Place): void {
  place.report.add('CNN1002', value.span, { written: show(value), word }, { fixes: [replace(`write ${word}`, value.span, word)] });
}

function text(value: Value, param: Param, place: Place): ParamValue | undefined {
  if (value.kind === 'string') return value.value;
  if (value.kind !== 'word') return wrong(value, param, place);
  const quoted = JSON.stringify(value.text);
  place.report.add(
    'CNN1008',
    value.span,
    { owner: place.owner, param: param.name, only: isOnlyValue(place.word, param), expected: describeType(param.type), found: value.text },
    { fixes: [replace(`write ${quoted}`, value.span, quoted)] },
  );
  return value.text;
}

function names(value: Value, param: Param, place: Place): ParamValue | undefined {
  if (value.kind !== 'list' || value.items.length === 0) return wrong(value, param, place);
  const list: string[] = [];
  const seen = new Set<string>();
  for (const item of value.items) {
    const name = item.kind === 'string' ? item.value : item.kind === 'word' || item.kind === 'number' ? item.text : null;
    if (name === null || name === '') return wrong(item, param, place);
    if (seen.has(name)) {
      place.report.add('CNN1017', item.span, { what: 'class', name });
      return undefined;
    }
    seen.add(name);
    list.push(name);
  }
  return list;
}

/** `[2, 1, 3]`, `7x7x64` or one number. */
function integers(value: Value, min: number, param: Param, place: Place): ParamValue | undefined {
  const list = value.kind === 'size' ? value.parts : value.kind === 'list' ? value.items.map((item) => plainNumber(item)) : [plainNumber(value)];
  const whole = list.filter((n): n is number => n !== undefined && Number.isInteger(n) && n >= min && n <= most);
  return whole.length === list.length && list.length > 0 && list.length <= 8 ? whole : wrong(value, param, place);
}

/** One number for all sides, height x width, or each side: [top, bottom, left, right]. */
function sides(value: Value, param: Param, place: Place): ParamValue | undefined {
  const list = value.kind === 'size' ? value.parts : value.kind === 'list' ? value.items.map((item) => plainNumber(item)) : [plainNumber(value)];
  const whole = list.filter((n): n is number => n !== undefined && Number.isInteger(n));
  if (whole.length !== list.length || ![1, 2, 4].includes(list.length)) return wrong(value, param, place);
  if (whole.every((n) => n >= 0 && n <= maxWindow)) return whole.length === 4 ? whole : [whole[0], whole[0], whole[whole.length - 1], whole[whole.length - 1]];
  place.report.add('CNN1009', value.span, { owner: place.owner, param: param.name, only: isOnlyValue(place.word, param), bounds: `between 0 and ${maxWindow}`, found: show(value), percent: null });
  return undefined;
}

function numbers(value: Value, param: Param, place: Place): ParamValue | undefined {
  const items = value.kind === 'list' ? value.items : [value];
  const list: number[] = [];
  for (const item of items) {
    const n = plainNumber(item);
    if (n === undefined) return wrong(item, param, place);
    list.push(n);
  }
  return list.length > 0 ? list : wrong(value, param, place);
}
