/**
 * Values, flags and options of one use of a word, matched with the word's parameters. A bare word is, in this order: a flag,
 * a choice of the next parameter, a name in scope (docs/language.md).
 */
import type { Option, Value } from '../syntax/ast.ts';
import type { Span } from '../source/source.ts';
import type { Param, ParamValue, Word } from '../vocabulary/types.ts';
import { plainSpelling } from '../vocabulary/index.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Arg } from './bound.ts';
import { coerce, reportName } from './coerce.ts';
import type { Place } from './coerce.ts';
import type { Report } from './report.ts';
import { replace } from './report.ts';
import { isOnlyValue, oneOf, show } from './describe.ts';

export interface BoundArguments {
  readonly args: ReadonlyMap<string, Arg>;
  readonly sound: boolean;
}

export type BareWord = Extract<Value, { kind: 'word' }>;

/** `whole` is the place of the use; `owner` the word as written; `names`: those in scope, for suggestions. */
export function bindArguments(word: Word, values: readonly Value[], options: readonly Option[], whole: Span, owner: string, report: Report, names: () => readonly string[] = () => []): BoundArguments {
  const place = { report, owner, word, names };
  const before = report.errors;
  const args = new Map<string, Arg>();
  /** Parameters whose value was refused: not missing. */
  const tried = new Set<string>();
  const positional = word.params.filter((p) => p.position !== undefined).sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  const rest = new Map<string, { values: string[]; span: Span }>();
  let next = 0;
  /** Behind a value that was not understood places mean nothing any more: one slip is reported once. */
  let confused = false;

  const set = (param: Param, value: ParamValue | undefined, span: Span, option: Span) => {
    if (value === undefined) return;
    const earlier = args.get(param.name);
    if (earlier) report.add('CNN1012', option, { owner, param: param.name }, { related: [{ span: earlier.whole, label: 'first here' }] });
    else args.set(param.name, { value, span, whole: option });
  };

  const take = (value: Value): void => {
    while (next < positional.length && args.has(positional[next].name) && !positional[next].rest) next++;
    const param = positional[next];
    if (confused) return;
    if (param === undefined) {
      confused = true;
      report.add('CNN1011', value.span, { owner, found: show(value), most: positional.length });
      return;
    }
    tried.add(param.name);
    if (!param.rest) next++;
    const errors = report.errors;
    const meant = coerce(value, param, place);
    confused = report.errors > errors;
    if (param.rest && typeof meant === 'string') {
      const list = rest.get(param.name);
      if (list) list.values.push(meant);
      else rest.set(param.name, { values: [meant], span: value.span });
    } else set(param, meant, value.span, value.span);
  };

  for (const value of values) {
    if (value.kind !== 'word' || value.unknown) {
      take(value);
      continue;
    }
    const flag = findFlag(word, value.text);
    if (flag) {
      if (flag.param.type.kind === 'switch' && flag.param.keras?.includes(value.text)) report.add('CNN1002', value.span, { written: value.text, word: flag.param.name }, { fixes: [replace(`write ${flag.param.name}`, value.span, flag.param.name)] });
      tried.add(flag.param.name);
      set(flag.param, flag.value, value.span, value.span);
      continue;
    }
    const param = positional.slice(next).find((p) => p.rest || !args.has(p.name));
    if (param && takesWord(word, param, value)) {
      take(value);
      continue;
    }
    if (confused) continue;
    confused = true;
    if (!unknownWord(value, param, place) && param?.required) {
      // It stands where the value was meant to be: what follows is not that value.
      tried.add(param.name);
      next = positional.indexOf(param) + 1;
    }
  }

  for (const option of options) {
    const param = findOption(word, option, owner, report);
    if (!param) continue;
    tried.add(param.name);
    const value = coerce(option.value, param, place);
    if (value !== undefined) set(param, param.rest && typeof value === 'string' ? [value] : value, option.value.span, option.span);
  }

  for (const [name, list] of rest) args.set(name, { value: list.values, span: list.span, whole: list.span });
  for (const param of word.params)
    if (param.required && !args.has(param.name) && !tried.has(param.name) && report.errors === before) report.add('CNN1010', whole, { owner, param: param.name, only: isOnlyValue(word, param), doc: param.doc, example: word.example });
  return { args, sound: report.errors === before };
}

/** `same`, `nesterov`, `restore_best`: a word that sets a parameter by standing there. */
export function findFlag(word: Word, text: string): { readonly param: Param; readonly value: ParamValue } | null {
  for (const param of word.params) {
    if (param.later) continue;
    const value = param.flags && Object.hasOwn(param.flags, text) ? param.flags[text] : undefined;
    if (value !== undefined) return { param, value };
    if (param.type.kind === 'switch' && param.position === undefined && (param.name === text || param.keras?.includes(text))) return { param, value: true };
  }
  return null;
}

/** Whether a bare word can be the value of the parameter; otherwise it is looked at as a word that was not understood. */
export function takesWord(word: Word, param: Param, value: BareWord): boolean {
  const type = param.type;
  switch (type.kind) {
    case 'integer':
      return value.text === 'classes' && word.group === 'layer';
    case 'choice':
    case 'switch':
    case 'string':
    case 'name':
    case 'initializer':
    case 'regularizer':
    case 'constraint':
    case 'activation':
    case 'any':
      return true;
    default:
      return false;
  }
}

/** Reports a word that was not understood; true when it was taken for a slip of a flag or an option. */
function unknownWord(value: BareWord, param: Param | undefined, place: Place): boolean {
  const { word, owner, report } = place;
  const named = word.params.find((p) => p.name === value.text || p.keras?.some((k) => plainSpelling(k) === plainSpelling(value.text)));
  if (named) {
    if (named.later) report.add('CNN1003', value.span, { what: `\`${named.name}=\` of \`${word.word}\`` });
    else report.add('CNN1007', value.span, { owner, word: value.text, suggestion: null, option: named.name, wants: null });
    return true;
  }
  const flags = word.params.flatMap((p) => [...Object.keys(p.flags ?? {}), ...(p.type.kind === 'switch' && p.position === undefined ? [p.name] : [])]);
  const counts = param?.type.kind === 'integer' && word.group === 'layer' ? ['classes'] : [];
  const suggestion = suggest(value.text, [...flags, ...counts])?.word ?? null;
  // Without flags to choose from, the next parameter says best what it would take instead.
  if (param && flags.length === 0 && suggestion === null) {
    coerce(value, param, place);
    return false;
  }
  if (suggestion === null && reportName(value, place)) return true;
  report.add(
    'CNN1007',
    value.span,
    { owner, word: value.text, suggestion, option: null, wants: flags.length > 0 ? oneOf(flags) : null },
    suggestion === null ? {} : { fixes: [replace(`write ${suggestion}`, value.span, suggestion)] },
  );
  return suggestion !== null;
}

function findOption(word: Word, option: Option, owner: string, report: Report): Param | null {
  const name = option.name.text;
  const exact = word.params.find((p) => p.name === name);
  const param = exact ?? word.params.find((p) => p.keras?.some((k) => plainSpelling(k) === plainSpelling(name)) || plainSpelling(p.name) === plainSpelling(name));
  if (!param) {
    const suggestion = suggest(name, word.params.filter((p) => !p.later).map((p) => p.name))?.word ?? null;
    report.add(
      'CNN1006',
      option.name.span,
      { owner, option: name, suggestion, known: word.params.filter((p) => !p.later && p.name !== 'name').map((p) => p.name) },
      suggestion === null ? {} : { fixes: [replace(`write ${suggestion}`, option.name.span, suggestion)] },
    );
    return null;
  }
  if (param.later) {
    report.add('CNN1003', option.name.span, { what: `\`${param.name}=\` of \`${word.word}\`` });
    return null;
  }
  if (!exact) report.add('CNN1002', option.name.span, { written: name, word: param.name }, { fixes: [replace(`write ${param.name}`, option.name.span, param.name)] });
  return param;
}
