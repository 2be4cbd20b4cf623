/**
 * Did-you-mean. Distance is optimal string alignment (Damerau–Levenshtein without moving a part twice) over names without case and
 * underscores; a suggestion must be near for its length, so that short words are not matched by chance.
 */

export interface Suggestion {
  /** The word of the language. */
  readonly word: string;
  /** The spelling of another tool that led there: `MaxPooling2D`. */
  readonly alias?: string;
  /** 0: written in another tool's spelling or with other capitals; otherwise the number of slips. */
  readonly distance: number;
}

/** Without capitals and underscores. */
export const normalise = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** How many slips a name of this length may have. */
export const allowedSlips = (length: number): number => (length < 3 ? 0 : length < 6 ? 1 : length < 10 ? 2 : 3);

/** Number of inserted, deleted, changed and swapped neighbouring characters from `a` to `b`; `limit + 1` as soon as it is more than `limit`. */
export function distance(a: string, b: string, limit = Infinity): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let value = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, beforePrevious[j - 2] + 1);
      current.push(value);
      best = Math.min(best, value);
    }
    if (best > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return Math.min(previous[b.length], limit + 1);
}

/**
 * The word that was most likely meant, or null. `aliases` maps spellings of Keras and of habit to words of the language
 * (`MaxPooling2D` → `pool`); they are matched with and without their `2D`. Of equally near ones the first is taken, words before aliases.
 */
export function suggest(written: string, words: Iterable<string>, aliases: ReadonlyMap<string, string> = new Map()): Suggestion | null {
  const wanted = normalise(written);
  if (wanted === '' || written.length > 64) return null;
  const slips = allowedSlips(wanted.length);
  let best: Suggestion | null = null;
  const consider = (spelling: string, suggestion: Omit<Suggestion, 'distance'>) => {
    const name = normalise(spelling);
    for (const form of name.endsWith('2d') ? [name, name.slice(0, -2)] : [name]) {
      const d = distance(wanted, form, slips);
      if (d <= slips && d < (best?.distance ?? Infinity)) best = { ...suggestion, distance: d };
    }
  };
  const all = [...words];
  for (const word of all) consider(word, { word });
  for (const [alias, word] of aliases) consider(alias, { word, alias });
  if (best) return best;
  const longer = all.filter((word) => wanted.length >= 4 && normalise(word).startsWith(wanted));
  return longer.length === 1 ? { word: longer[0], distance: longer[0].length - written.length } : null;
}
