/** Names of files and classes that may have been meant. */
import { allowedSlips, distance } from '../../compiler/diagnostics/suggest.ts';

/** The nearest first, at most `most` of them. */
export function nearNames(wanted: string, names: readonly string[], most = 3): readonly string[] {
  const limit = allowedSlips(wanted.length);
  return names
    .map((name) => ({ name, slips: distance(wanted.toLowerCase(), name.toLowerCase(), limit) }))
    .filter(({ slips }) => slips <= limit)
    .sort((a, b) => a.slips - b.slips || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}
