/**
 * The gate between a program's own words and generated code. Names of models, classes and layers are untrusted text: whatever
 * they hold, they reach the output only through these functions, as an identifier, a string, a number, a comment or prose.
 */

/** Names that would mean something else as a property. */
const reserved = new Set(['constructor', 'prototype', 'proto', 'toString', 'toLocaleString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable', 'then', 'cell']);

/**
 * A property name in camel case made of ASCII letters and digits, unlike those in `taken`, to which it is added:
 * `conv_1` → `conv1`, `my stem` → `myStem`, `__proto__` → `protoLayer`, `卷积` → `layer`.
 */
export function identifier(text: string, taken: Set<string>): string {
  const parts = text.match(/[A-Za-z0-9]+/g) ?? [];
  const camel = parts.map((part, i) => (i === 0 ? part[0].toLowerCase() : part[0].toUpperCase()) + part.slice(1)).join('');
  const word = /^[A-Za-z]/.test(camel) ? camel : `layer${camel}`;
  const base = (reserved.has(word) ? `${word}Layer` : word).slice(0, 60);
  let name = base;
  for (let n = 2; taken.has(name); n++) name = /\d$/.test(base) ? `${base}x${n}` : `${base}${n}`;
  taken.add(name);
  return name;
}

/** Characters that change how a line reads without being seen, and those that end a line in some languages. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;

/** A string literal. Unseen characters and lone surrogates stand as escapes. */
export const string = (text: string): string => JSON.stringify(text).replace(unseen, escaped);

const escaped = (character: string): string =>
  [...Array(character.length).keys()].map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');

/** A number as a person would write it: `1 / 255`, `0.25`, `1e-7`. Infinity and NaN cannot stand in a program. */
export function number(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`internal error: ${value} cannot be printed`);
  const plain = String(value);
  const inverse = Math.round(1 / value);
  if (plain.length > 10 && Math.abs(inverse) > 1 && 1 / inverse === value) return `1 / ${inverse}`;
  return plain;
}

/** `[1, 2, 3]` */
export const numbers = (values: readonly number[]): string => `[${values.map(number).join(', ')}]`;

/** One number where both are equal, as a person would write a square window. */
export const pair = ([a, b]: readonly [number, number]): string => (a === b ? number(a) : numbers([a, b]));

/** Text inside a comment: on one line, and unable to close it. Long text is cut. */
export function comment(text: string): string {
  const line = text.replace(unseen, ' ').replace(/[\uD800-\uDFFF]/gu, ' ').replaceAll('*/', '* /').replaceAll('/*', '/ *').trim();
  return line.length > 120 ? `${[...line].slice(0, 119).join('')}…` : line;
}

/** Text inside Markdown prose: on one line, nothing of it is markup. */
export const prose = (text: string): string =>
  text.replace(unseen, ' ').replace(/[\uD800-\uDFFF]/gu, ' ').replace(/\s+/g, ' ').trim().replace(/[\\`*_{}[\]<>()#+\-.!|~&$:@/]/g, (c) => (/[<>&@:/]/.test(c) ? `&#${c.charCodeAt(0)};` : `\\${c}`));

/** A shape with its batch: `[n, 150, 150, 3]`. */
export const shape = (dimensions: readonly number[]): string => `[${['n', ...dimensions].join(', ')}]`;

/** The name of a package: lower-case letters, digits and single hyphens. */
export function packageName(text: string): string {
  const name = text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  return name && !/^(node-modules|favicon-ico)$/.test(name) ? name : 'model';
}
