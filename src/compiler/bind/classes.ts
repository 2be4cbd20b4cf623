/** How many classes there are, as far as anything tells: the data itself, its settings, or `classes` at the top. */
import type { DataFacts } from '../model/program.ts';
import { read } from './bound.ts';
import type { Use } from './bound.ts';

export interface ClassSources {
  readonly facts: DataFacts | null;
  /** `synthetic … classes=4` */
  readonly source: Use | null;
  /** `classes [cat, dog]` */
  readonly listed: Use | null;
  /** `classes 10` */
  readonly classes: Use | null;
}

/** What the data or its section says; null: neither does. */
export function foundClasses({ facts, source, listed }: ClassSources): number | null {
  if (facts) return facts.classes.length;
  if (listed?.sound) return read(listed).texts('names').length;
  return source?.word.word === 'synthetic' && source.sound ? read(source).number('classes') : null;
}

export const countOf = (from: ClassSources): number | null => foundClasses(from) ?? (from.classes?.sound ? read(from.classes).number('count') : null);
