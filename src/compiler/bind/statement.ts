/** One statement of a section: its word found in its place, its values bound. */
import type { Option, Statement, Value } from '../syntax/ast.ts';
import type { Span } from '../source/source.ts';
import type { Group, Word } from '../vocabulary/types.ts';
import type { Arg, Use } from './bound.ts';
import { bindArguments } from './arguments.ts';
import { describeType, show } from './describe.ts';
import { bindEntries } from './entries.ts';
import { lookUp } from './lookup.ts';
import type { Report } from './report.ts';
import { isUnknown, resolveStatement } from './resolve.ts';
import { namesInSight } from './scope.ts';
import type { Scope } from './scope.ts';
import { replace } from './report.ts';

/** From the word to the last value or option before the blocks. */
export function headSpan(statement: Statement): Span {
  let { end } = statement.word.span;
  for (const { span } of statement.values) end = Math.max(end, span.end);
  for (const { span, trailing } of statement.options) if (!trailing) end = Math.max(end, span.end);
  return { file: statement.span.file, start: statement.word.span.start, end };
}

export type Identified = { readonly kind: 'word'; readonly word: Word } | { readonly kind: 'elsewhere'; readonly word: Word } | { readonly kind: 'none' };

/** What the statement's word means in `place`; reports what it should have been. `what` names the kind of word expected: "layer", "setting of fit"; `more` are names that would do, too. */
export function identify(statement: Statement, place: string, what: string, report: Report, more: () => readonly string[] = () => []): Identified {
  const { text, span } = statement.word;
  const found = lookUp(text, place, more);
  switch (found.kind) {
    case 'alias':
      if (!found.word.later) report.add('CNN1002', span, { written: text, word: found.word.word }, { fixes: [replace(`write ${found.word.word}`, span, found.word.word)] });
      return laterOr(found.word, span, report);
    case 'word':
      return laterOr(found.word, span, report);
    case 'elsewhere':
      report.add('CNN1004', span, { written: text, word: found.word.word, group: found.word.group, place, belongs: found.word.in[0] });
      return { kind: 'elsewhere', word: found.word };
    case 'unknown': {
      const { suggestion } = found;
      report.add('CNN1001', span, { what, word: text, suggestion, keras: found.keras }, suggestion === null ? {} : { fixes: [replace(`write ${suggestion}`, span, suggestion)] });
      return { kind: 'none' };
    }
  }
}

function laterOr(word: Word, span: Span, report: Report): Identified {
  if (!word.later) return { kind: 'word', word };
  report.add('CNN1003', span, { what: `\`${word.word}\`` });
  return { kind: 'none' };
}

/** A use of a known word, its names resolved. Blocks are checked against what the word takes, and bound by the caller. */
export function bindUse(word: Word, written: Statement, scope: Scope): Use {
  const { report } = scope.env;
  const before = report.errors;
  const statement = resolveStatement(written, scope, word);
  const owner = statement.word.text;
  const names = (): readonly string[] => namesInSight(scope, 'values');
  checkBlocks(word, statement, report);
  const entries = word.blocks === 'entries' && statement.blocks.length > 0 ? bindEntries(statement, scope, report) : null;
  let uses: readonly Use[] = [];
  const group = word.params[0]?.type.kind === 'use' ? word.params[0].type.group : null;
  let args: ReadonlyMap<string, Arg> = new Map();
  if (group !== null) uses = bindUses(group, word, statement, report, names);
  else args = bindArguments(word, statement.values, statement.options, headSpan(statement), owner, report, names).args;
  if (entries) args = new Map([...args, ['weights', { value: { lines: entries.map(({ name, value }) => ({ name, value })) }, span: statement.blocks[0].span, whole: statement.blocks[0].span }]]);
  // Outside of the network nothing is left for later.
  const open = word.group !== 'layer' && word.group !== 'structure' && [...args.values()].some(({ value }) => typeof value === 'object' && 'classes' in value);
  return { word, statement, span: headSpan(statement), args, uses, sound: report.errors === before && !open };
}

function checkBlocks(word: Word, statement: Statement, report: Report): void {
  const [first, second] = statement.blocks;
  const expected = word.blocks === undefined ? null : word.blocks === 'settings' || word.blocks === 'entries' ? 'settings' : 'cell';
  if (!first) {
    if (expected !== null && !word.blockOptional) report.add('CNN1014', headSpan(statement), { owner: word.word, expected, found: null, example: word.example });
    return;
  }
  const wrong = statement.blocks.find((block) => block.kind !== expected);
  if (wrong) report.add('CNN1014', { ...wrong.span, end: wrong.span.start + 1 }, { owner: word.word, expected, found: wrong.kind, example: word.example });
  else if (second && word.blocks !== 'cells') report.add('CNN1014', { ...second.span, end: second.span.start + 1 }, { owner: word.word, expected, found: 'second', example: word.example });
}

const kinds: Readonly<Record<string, string>> = { optimizer: 'optimizer', loss: 'loss', metric: 'metric' };

/** `optimizer adam lr=.01`, `metrics accuracy top_k(3)`: each word with the values of its call; the statement's options go to those that have them. */
function bindUses(group: Group, outer: Word, statement: Statement, report: Report, names: () => readonly string[]): readonly Use[] {
  const param = outer.params[0];
  const heads = param.rest ? statement.values : statement.values.slice(0, 1);
  const more = param.rest ? [] : statement.values.slice(1);
  if (heads.length === 0) report.add('CNN1010', headSpan(statement), { owner: statement.word.text, param: kinds[group], only: false, doc: param.doc, example: outer.example });
  const found: { readonly value: Value; readonly word: Word }[] = [];
  for (const value of heads) {
    const word = headWord(value, group, statement, report);
    if (word) found.push({ value, word });
  }
  const has = (word: Word, option: Option): boolean => word.params.some((p) => p.name === option.name.text || p.keras?.includes(option.name.text));
  return found.map(({ value, word }, i) => {
    const before = report.errors;
    const options = found.length === 1 ? statement.options : statement.options.filter((o) => has(word, o) || (i === 0 && !found.some((f) => has(f.word, o))));
    const call = value.kind === 'call' ? value : null;
    const { args } = bindArguments(word, [...(call?.args ?? []), ...more], [...(call?.options ?? []), ...options], value.span, word.word, report, names);
    // What is known in the network only was reported where it is named.
    const open = [...args.values()].some((arg) => typeof arg.value === 'object' && 'classes' in arg.value);
    return { word, statement, span: value.span, args, uses: [], sound: report.errors === before && !open };
  });
}

/** The optimizer, loss or metric that a value names. */
function headWord(value: Value, group: Group, statement: Statement, report: Report): Word | null {
  if (isUnknown(value)) return null;
  const text = value.kind === 'word' ? value.text : value.kind === 'call' ? value.name.text : value.kind === 'string' ? value.value : null;
  if (text === null) {
    report.add('CNN1008', value.span, { owner: statement.word.text, param: kinds[group], only: true, expected: `the name of ${describeType({ kind: 'use', group })}`, found: show(value) });
    return null;
  }
  const span = value.kind === 'call' ? value.name.span : value.span;
  const identified = identify({ ...statement, word: { text, span } }, group, kinds[group], report);
  if (identified.kind !== 'word') return null;
  if (value.kind === 'string' && identified.word.word === text) report.add('CNN1002', span, { written: show(value), word: text }, { fixes: [replace(`write ${text}`, span, text)] });
  return identified.word;
}
