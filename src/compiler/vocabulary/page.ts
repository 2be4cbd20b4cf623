/** A word of the language as a page for people: `cnnc explain`, docs/vocabulary.md. Everything comes from its definition. */
import type { Param, ParamType, Word } from './types.ts';

/** The values a parameter takes, in the language's own spelling. */
export function typeText(type: ParamType): string {
  switch (type.kind) {
    case 'integer':
      return `a whole number${bounds(type.min, type.max)}`;
    case 'number':
      return `a number${bounds(type.min, type.max, type.exclusiveMin, type.exclusiveMax)}`;
    case 'fraction':
      return `a fraction such as .25 or 25%${bounds(type.min, type.max, false, type.exclusiveMax)}`;
    case 'shift':
      return 'a fraction of the size, or pixels such as 10px';
    case 'size2':
      return 'a size such as 5x5, or 5 for both';
    case 'bytes':
      return 'an amount such as 10MB or 2GB';
    case 'rate':
      return 'a number above 0, or a schedule such as `cosine_decay(.001, steps=1000)`';
    case 'imageSize':
      return 'height x width (x channels), such as 150x150 or 150x150x3';
    case 'range':
      return 'a range such as .8..1.2';
    case 'choice':
      return type.of.map((c) => `\`${c}\``).join(', ');
    case 'switch':
      return '`on` or `off`';
    case 'string':
      return 'a string';
    case 'name':
      return 'a name, as a word or a string';
    case 'any':
      return 'any value';
    case 'words':
      return 'words or strings';
    case 'numbers':
      return 'numbers';
    case 'integers':
      return `whole numbers such as ${type.like}`;
    case 'sides':
      return 'one number, height x width such as 1x2, or [top, bottom, left, right]';
    case 'initializer':
      return 'an initializer';
    case 'regularizer':
      return 'a regularizer, or `none`';
    case 'constraint':
      return 'a constraint, or `none`';
    case 'activation':
      return 'an activation, or `none`';
    case 'use':
      return `a word of the group ${type.group}, with its options`;
  }
}

function bounds(min?: number, max?: number, exclusiveMin?: boolean, exclusiveMax?: boolean): string {
  const low = min === undefined ? '' : exclusiveMin ? `above ${min}` : `from ${min}`;
  const high = max === undefined ? '' : exclusiveMax ? `below ${max}` : min === undefined ? `up to ${max}` : `to ${max}`;
  return low || high ? `, ${[low, high].filter(Boolean).join(exclusiveMin || exclusiveMax ? ' and ' : ' ')}` : '';
}

/** `conv FILTERS [SIZE] name=…`: how a word is written. */
export function usage(word: Word): string {
  const positional = word.params.filter((p) => p.position !== undefined && !p.later).sort((a, b) => a.position! - b.position!);
  return [word.word, ...positional.map((p) => (p.required ? p.name.toUpperCase() : `[${p.name.toUpperCase()}]`) + (p.rest ? '…' : ''))].join(' ');
}

const places: Readonly<Record<string, string>> = { top: 'the program itself' };

/** Markdown. `level` is that of the heading. */
export function wordPage(word: Word, level = 1): string {
  const later = (of: { readonly later?: boolean }) => (of.later ? ' *(not in this version yet)*' : '');
  const params = word.params.map((p: Param) => {
    const flags = p.flags ? ` Flags: ${Object.keys(p.flags).map((f) => `\`${f}\``).join(', ')}.` : '';
    const standard = p.required ? ' Required.' : p.default === undefined ? '' : ` Default: ${p.default}.`;
    const takes = p.later ? '' : ` Takes ${typeText(p.type)}.${standard}${flags}`;
    return `* \`${p.name}${p.position === undefined ? '=' : ''}\`: ${p.doc}${takes}${later(p)}`;
  });
  return [
    `${'#'.repeat(level)} \`${word.word}\` (${word.group})${later(word)}`,
    word.doc + (word.details ? `\n\n${word.details}` : ''),
    word.later ? '' : `Written \`${usage(word)}\` in ${word.in.map((place) => places[place] ?? `\`${place}\``).join(', ')}.`,
    params.join('\n'),
    word.example && !word.later ? `\`\`\`cnn\n${word.example}\n\`\`\`` : '',
    [word.source ? `Meaning: ${word.source}.` : '', word.keras?.length ? `Also understood: ${word.keras.map((k) => `\`${k}\``).join(', ')}.` : ''].filter(Boolean).join(' '),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
