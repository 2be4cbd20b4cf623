/** Helpers that write parameters and words down, so that a default is stated once: as a value, from which its spelling follows. */
import type { Param, ParamType, ParamValue } from './types.ts';

type More = Omit<Param, 'name' | 'type' | 'doc'>;

/** A parameter. `default` is spelled from `value` unless it is given in words ("the size of the window"). */
export const param = (name: string, type: ParamType, doc: string, more: More = {}): Param => ({
  name,
  type,
  doc,
  ...(more.value !== undefined ? { default: spell(more.value, type) } : {}),
  ...more,
});

/** A parameter that the language has and this version cannot run yet. */
export const later = (name: string, doc: string, keras?: readonly string[]): Param => ({ name, type: { kind: 'number' }, doc, later: true, ...(keras ? { keras } : {}) });

/** A number as the language writes it: `.001`, `1e-7`, `32`. */
export function spellNumber(value: number): string {
  const text = String(value);
  return text.replace(/^(-?)0\./, '$1.');
}

/** A value in the language's own spelling. */
export function spell(value: ParamValue, type: ParamType): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string') return type.kind === 'string' ? JSON.stringify(value) : value;
  if (typeof value === 'number') {
    if (type.kind === 'fraction' && value > 0 && Number.isInteger(Math.round(value * 1e6) / 1e4)) return `${Math.round(value * 100)}%`;
    return spellNumber(value);
  }
  if (Array.isArray(value)) {
    if (type.kind === 'range') return `${spellNumber(value[0] as number)}..${spellNumber(value[1] as number)}`;
    if (type.kind === 'size2' || type.kind === 'imageSize') return value.join('x');
    if (type.kind === 'sides' && value.every((n) => n === value[0])) return String(value[0]);
    return `[${value.join(', ')}]`;
  }
  if ('unit' in value) return value.unit === 'pixels' ? `${spellNumber(value.amount)}px` : spellNumber(value.amount);
  if ('initializer' in value) return value.initializer.kind;
  if ('regularizer' in value) return value.regularizer === null ? 'none' : 'orthogonal' in value.regularizer ? `orthogonal_regularizer(${spellNumber(value.regularizer.orthogonal)}, mode=${value.regularizer.mode})` : `l1_l2(l1=${spellNumber(value.regularizer.l1)}, l2=${spellNumber(value.regularizer.l2)})`;
  if ('constraint' in value) return value.constraint?.kind ?? 'none';
  if ('schedule' in value) return value.schedule.kind;
  if ('lines' in value) return value.lines.map((entry) => `${entry.name} ${spellNumber(entry.value)}`).join('; ');
  if ('activation' in value) return value.activation ?? 'none';
  return 'classes';
}

/** `name=` of every layer. */
export const layerName = param('name', { kind: 'string' }, 'Names the layer in summaries, exports and weights; inside a `repeat` it gets a counter.');
