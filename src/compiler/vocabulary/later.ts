/**
 * Words of the language that this version knows but cannot run yet. Using one is an error of its own,
 * not an unknown word; explain and completion leave them out or say so.
 */
import type { Group, Word } from './types.ts';

const list = (group: Group, section: string, words: Readonly<Record<string, string | readonly [string, ...string[]]>>): readonly Word[] =>
  Object.entries(words).map(([word, entry]) => {
    const [doc, ...keras] = typeof entry === 'string' ? [entry] : entry;
    return { word, group, doc, keras, params: [], in: [section], example: word, later: true, repeats: true };
  });

export const laterWords: readonly Word[] = [
  ...list('structure', 'top', {
    report: 'What the report shows.',
    serve: 'What the page shows.',
  }),
  ...list('augment', 'augment', {
    rand_augment: ['A random choice of changes.', 'RandAugment'],
  }),
];
