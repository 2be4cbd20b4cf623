/** Reads the values of one use of a word by parameter name, defaults filled in (types.ts, `Given`). */
import type { Given, ParamValue, Word } from './types.ts';

/**
 * `values` are those written; `classes` replaces the word `classes` where it stands for a number.
 * Asking for a missing or differently typed value throws: bind checks types before.
 */
export function given(word: Word, values: ReadonlyMap<string, ParamValue>, classes: number | null = null): Given {
  const value = (name: string): ParamValue => {
    const found = values.get(name) ?? word.params.find((p) => p.name === name)?.value;
    if (found === undefined) throw new Error(`${word.word} has no value for ${name}`);
    return found;
  };
  const wrong = (name: string): never => {
    throw new Error(`${word.word}: the value of ${name} has another type`);
  };
  return {
    has: (name) => values.has(name),
    number(name) {
      const v = value(name);
      if (typeof v === 'number') return v;
      if (typeof v === 'object' && 'classes' in v && !v.unknown && classes !== null) return classes;
      return wrong(name);
    },
    flag(name) {
      const v = value(name);
      return typeof v === 'boolean' ? v : wrong(name);
    },
    text(name) {
      const v = value(name);
      return typeof v === 'string' ? v : wrong(name);
    },
    size(name) {
      const v = value(name);
      return Array.isArray(v) && typeof v[0] === 'number' && typeof v[1] === 'number' ? [v[0], v[1]] : wrong(name);
    },
    shift(name) {
      const v = value(name);
      return typeof v === 'object' && 'unit' in v ? v : wrong(name);
    },
    numbers(name) {
      const v = value(name);
      return Array.isArray(v) ? v.filter((item): item is number => typeof item === 'number') : wrong(name);
    },
    texts(name) {
      const v = value(name);
      return Array.isArray(v) ? v.filter((item): item is string => typeof item === 'string') : wrong(name);
    },
    rate(name) {
      const v = value(name);
      return typeof v === 'number' ? v : typeof v === 'object' && 'schedule' in v ? v.schedule : wrong(name);
    },
    entries(name) {
      const v = values.get(name);
      return v === undefined ? [] : typeof v === 'object' && 'lines' in v ? v.lines : wrong(name);
    },
    maybe(name) {
      const v = values.get(name);
      return v === undefined ? null : typeof v === 'number' ? v : wrong(name);
    },
    sides(name) {
      const v = value(name);
      return Array.isArray(v) && v.length === 4 ? [Number(v[0]), Number(v[1]), Number(v[2]), Number(v[3])] : wrong(name);
    },
    initializer(name) {
      const v = value(name);
      return typeof v === 'object' && 'initializer' in v ? v.initializer : wrong(name);
    },
    regularizer(name) {
      if (!values.has(name)) return null;
      const v = value(name);
      return typeof v === 'object' && 'regularizer' in v ? v.regularizer : wrong(name);
    },
    constraint(name) {
      if (!values.has(name)) return null;
      const v = value(name);
      return typeof v === 'object' && 'constraint' in v ? v.constraint : wrong(name);
    },
    activation(name) {
      if (!values.has(name)) return null;
      const v = value(name);
      return typeof v === 'object' && 'activation' in v ? v.activation : wrong(name);
    },
  };
}
