/** Lines of a block that hold a name and its number: `class_weight { "black cat" 2; dog 1 }`. */
import type { Statement } from '../syntax/ast.ts';
import type { Span } from '../source/source.ts';
import { show } from './describe.ts';
import type { Report } from './report.ts';
import { isUnknown, resolveStatement } from './resolve.ts';
import type { Scope } from './scope.ts';

export interface Entry {
  readonly name: string;
  readonly value: number;
  readonly span: Span;
}

/** Each name once, each with one number from 0 up; what is not so is reported and left out. */
export function bindEntries(owner: Statement, scope: Scope, report: Report): readonly Entry[] {
  const entries: Entry[] = [];
  for (const line of owner.blocks.flatMap((block) => block.statements)) {
    const { text: name, span } = line.word;
    const { values, options, blocks } = resolveStatement(line, scope, { params: [] });
    const [value, more] = values;
    const wrong = more ?? options[0]?.value ?? value;
    const n = value?.kind === 'number' ? value.value : value?.kind === 'ratio' ? value.numerator / value.denominator : NaN;
    if (value === undefined) report.add('CNN1241', span, { owner: owner.word.text, name: shown(line), found: null });
    else if (isUnknown(value)) continue;
    else if (more || options.length > 0 || blocks.length > 0 || !(n >= 0 && Number.isFinite(n))) report.add('CNN1241', wrong?.span ?? span, { owner: owner.word.text, name: shown(line), found: wrong ? show(wrong) : 'a block' });
    else if (entries.some((entry) => entry.name === name)) report.add('CNN1017', span, { what: 'class', name });
    else entries.push({ name, value: n, span });
  }
  return entries;
}

const shown = ({ word }: Statement): string => (word.quoted ? JSON.stringify(word.text) : word.text);
