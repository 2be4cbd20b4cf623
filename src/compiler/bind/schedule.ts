/** `lr=cosine_decay(.001, steps=1000)`: a learning rate that follows the step. */
import type { Value } from '../syntax/ast.ts';
import type { Param, ParamValue } from '../vocabulary/types.ts';
import { schedules } from '../vocabulary/index.ts';
import { given } from '../vocabulary/given.ts';
import { bindArguments } from './arguments.ts';
import type { BoundArguments } from './arguments.ts';
import type { Place } from './coerce.ts';
import { respell } from './coerce.ts';
import { lookUp } from './lookup.ts';

type Call = Extract<Value, { kind: 'call' }>;

export function coerceSchedule(value: Call, _param: Param, place: Place): ParamValue | undefined {
  const { report } = place;
  const written = value.name.text;
  const found = lookUp(written, 'schedule');
  if ((found.kind !== 'word' && found.kind !== 'alias') || !Object.hasOwn(schedules, found.word.word)) {
    report.add('CNN1001', value.name.span, { what: 'schedule', word: written, suggestion: found.kind === 'unknown' ? found.suggestion : null, keras: null });
    return undefined;
  }
  if (found.kind === 'alias') respell({ kind: 'word', text: written, span: value.name.span }, found.word.word, place);
  const bound = bindArguments(found.word, value.args, value.options, value.span, written, report);
  if (!bound.sound || !agree(found.word.word, bound.args, value, place)) return undefined;
  const args = new Map([...bound.args].map(([name, arg]) => [name, arg.value]));
  return { schedule: schedules[found.word.word as keyof typeof schedules].build(given(found.word, args)) };
}

/** What must agree within a schedule. */
function agree(word: string, args: BoundArguments['args'], value: Call, { report }: Place): boolean {
  const before = report.errors;
  if (word === 'piecewise') {
    const [boundaries, values] = ['boundaries', 'values'].map((name) => (args.get(name)?.value ?? []) as readonly number[]);
    const ascending = boundaries.every((b, i) => Number.isInteger(b) && b >= 0 && (i === 0 || b > boundaries[i - 1]));
    if (values.length !== boundaries.length + 1 || !ascending || values.some((v) => !(v >= 0)))
      report.add('CNN1243', value.span, { boundaries: boundaries.length, values: values.length, ascending, negative: values.some((v) => !(v >= 0)) });
  }
  if (word === 'cosine_decay' && args.has('warmup_steps') !== args.has('warmup_target')) {
    const given = args.has('warmup_steps') ? 'warmup_steps' : 'warmup_target';
    report.add('CNN1244', args.get(given)?.whole ?? value.span, { given, missing: given === 'warmup_steps' ? 'warmup_target' : 'warmup_steps' });
  }
  return report.errors === before;
}
