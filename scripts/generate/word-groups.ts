/** The words of the language by what they are, for the grammars. */
import { allWords } from '../../src/compiler/vocabulary/index.ts';
import type { Group } from '../../src/compiler/vocabulary/types.ts';

/** Sorted, each once. */
export const wordsOf = (...groups: readonly Group[]): readonly string[] => [...new Set(allWords.filter((w) => groups.includes(w.group)).map((w) => w.word))].sort();

/** Bare words that set a parameter (`same`, `nesterov`), and the words of choices. */
export const flags = (): readonly string[] => {
  const all = allWords.flatMap((w) => w.params.flatMap((p) => [...Object.keys(p.flags ?? {}), ...(p.type.kind === 'choice' ? p.type.of : [])]));
  return [...new Set(['on', 'off', ...all])].filter((w) => /^[a-z_]\w*$/i.test(w)).sort();
};
