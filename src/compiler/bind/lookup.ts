/** Finds what a word means in its place: the language's own word, an old spelling, a word of another place, or nothing. */
import type { Word } from '../vocabulary/types.ts';
import { aliases, plainSpelling, words, wordsIn } from '../vocabulary/index.ts';
import { suggest } from '../diagnostics/suggest.ts';

export type Found =
  | { readonly kind: 'word'; readonly word: Word }
  /** `Conv2D`: understood, and written otherwise here. */
  | { readonly kind: 'alias'; readonly word: Word }
  /** It means something, elsewhere. */
  | { readonly kind: 'elsewhere'; readonly word: Word }
  | { readonly kind: 'unknown'; readonly suggestion: string | null; /** Keras's name of the suggestion, when that is what the spelling resembles. */ readonly keras: string | null };

const inPlace = (place: string) => (word: Word) => word.in.includes(place);
/** A word that runs is preferred to one for later. */
const best = (list: readonly Word[] | undefined): Word | undefined => list?.find((word) => !word.later) ?? list?.[0];

export function lookUp(text: string, place: string, more: () => readonly string[] = () => []): Found {
  return find(text, place) ?? { kind: 'unknown', ...nearest(text, place, more()) };
}

/** The word that a spelling means in its place, if it means one there; without looking for what it may have been meant to be. */
export function meaningOf(text: string, place: string): Word | null {
  const found = find(text, place);
  return found && found.kind !== 'elsewhere' ? found.word : null;
}

function find(text: string, place: string): Exclude<Found, { kind: 'unknown' }> | null {
  const own = words.get(text) ?? [];
  const here = best(own.filter(inPlace(place)));
  if (here) return { kind: 'word', word: here };
  const spelled = aliases.get(plainSpelling(text)) ?? [];
  const old = best(spelled.filter(inPlace(place)));
  if (old) return { kind: 'alias', word: old };
  const elsewhere = best(own) ?? best(spelled);
  return elsewhere ? { kind: 'elsewhere', word: elsewhere } : null;
}

/** The word of this place, or one of `more`, whose spelling, or old spelling, is nearest. */
function nearest(text: string, place: string, more: readonly string[]): { suggestion: string | null; keras: string | null } {
  const candidates = wordsIn(place).filter((word) => !word.later);
  const old = new Map<string, string>();
  for (const word of candidates) for (const spelling of word.keras ?? []) if (!old.has(spelling)) old.set(spelling, word.word);
  const found = suggest(text, [...candidates.map((word) => word.word), ...more], old);
  const word = candidates.find((candidate) => candidate.word === found?.word);
  return { suggestion: found?.word ?? null, keras: found?.alias === undefined ? null : (word?.keras?.[0] ?? null) };
}
