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
    return `[${value.join(', ')}]`;
  }
  if ('unit' in value) return value.unit === 'pixels' ? `${spellNumber(value.amount)}px` : spellNumber(value.amount);
  if ('initializer' in value) return value.initializer.kind;
  if ('activation' in value) return value.activation ?? 'none';
  return 'classes';
}

/** `name=` of every layer. */
export const layerName = param('name', { kind: 'string' }, 'Names the layer in summaries, exports and weights; inside a `repeat` it gets a counter.');

/** Options of layers with weights that a later version runs. */
export const laterWeights = [
  later('kernel_regularizer', 'Penalty on the kernel: `l2(.01)`.'),
  later('bias_regularizer', 'Penalty on the bias.'),
  later('activity_regularizer', 'Penalty on the output.'),
  later('kernel_constraint', 'Bound on the kernel: `max_norm(2)`.'),
  later('bias_constraint', 'Bound on the bias.'),
  later('trainable', 'Whether the layer is trained.'),
];
