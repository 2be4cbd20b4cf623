/**
 * `split group=`: pictures of one group (a patient, a scene) go to one part. A group is named by a column of a table or by a part
 * of the picture's path, marked with stars: `*_` is all up to the first `_`, a star and a slash the folder below the class.
 * Texts between stars are looked for from left to right, each where it first comes; nothing is tried again, so a path is read once.
 */
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Span } from '../../compiler/source/source.ts';

/** The texts of the stars, joined; null where the path is not of this form. What follows the pattern's last text does not matter. */
export function groupOf(path: string, pattern: string): string | null {
  const [first, ...texts] = pattern.split('*');
  if (!path.startsWith(first)) return null;
  let at = first.length;
  const found: string[] = [];
  for (const [i, text] of texts.entries()) {
    // A star at the end takes the rest.
    const end = text === '' && i === texts.length - 1 ? path.length : path.indexOf(text, at);
    if (end < 0) return null;
    found.push(path.slice(at, end));
    at = end + text.length;
  }
  return found.join('*');
}

/** The group of each path. @param shown the same pictures as people know them. Throws CNN4123. */
export function namedGroups(paths: readonly string[], shown: readonly string[], pattern: string, span: Span): readonly string[] {
  const groups = paths.map((path) => groupOf(path, pattern));
  const without = groups.flatMap((group, i) => (group === null ? [i] : []));
  if (without.length > 0) throw new DiagnosticError([diagnostic('CNN4123', span, { group: pattern, count: without.length, total: paths.length, example: shown[without[0]] })]);
  return groups.map(String);
}

export const isPattern = (group: string): boolean => group.includes('*');

/** Groups as numbers by sample; exact copies tie their groups together where copies stay together. */
export function tiedGroups(groups: readonly string[], hashes: readonly string[], together: boolean): { readonly of: Int32Array; readonly names: readonly string[] } {
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  };
  const of = Int32Array.from(groups, numberOf);
  const parent = Int32Array.from({ length: numbers.size }, (_, i) => i);
  const root = (group: number): number => {
    while (parent[group] !== group) group = parent[group] = parent[parent[group]];
    return group;
  };
  if (together) {
    const first = new Map<string, number>();
    hashes.forEach((hash, i) => {
      const before = first.get(hash);
      if (before === undefined) first.set(hash, of[i]);
      else {
        const [a, b] = [root(before), root(of[i])].sort((x, y) => x - y);
        parent[b] = a;
      }
    });
  }
  return { of: of.map(root), names: [...numbers.keys()] };
}

export interface Group {
  /** Samples. */
  readonly members: readonly number[];
  /** How many of each stratum. */
  readonly counts: readonly number[];
}

/** Above this many groups chance has evened them out already. */
const fewGroups = 1500;

/**
 * Which groups make a part. Groups come in the order given; each is taken if that brings the part nearer to its quota in each
 * stratum (the sum of squared differences); the first one whatever its size. Then taken and other ones change places where that is nearer still. What training
 * would lose of a stratum altogether is never taken.
 */
export function chooseGroups(groups: readonly Group[], quotas: readonly number[]): Set<Group> {
  const have = quotas.map(() => 0);
  const all = quotas.map((_, s) => groups.reduce((sum, { counts }) => sum + counts[s], 0));
  const away = (change: (s: number) => number): number => quotas.reduce((sum, quota, s) => sum + (have[s] + change(s) - quota) ** 2, 0);
  const leaves = (change: (s: number) => number): boolean => all.every((n, s) => n === 0 || have[s] + change(s) < n);
  const taken = new Set<Group>();
  for (const group of groups) {
    const change = (s: number): number => group.counts[s];
    if (away(change) >= away(() => 0) || !leaves(change)) continue;
    taken.add(group);
    for (const s of have.keys()) have[s] += group.counts[s];
  }
  // One group that is too large is better than an empty part.
  if (taken.size === 0 && quotas.some((quota) => quota > 0)) {
    const change = (group: Group) => (s: number): number => group.counts[s];
    const nearest = groups.filter((group) => leaves(change(group))).reduce<Group | null>((a, b) => (a === null || away(change(b)) < away(change(a)) ? b : a), null);
    return new Set(nearest ? [nearest] : []);
  }
  if (groups.length > fewGroups) return taken;
  for (const group of groups) {
    if (!taken.has(group)) continue;
    let best: { readonly other: Group; readonly away: number } | null = null;
    for (const other of groups) {
      if (taken.has(other)) continue;
      const change = (s: number): number => other.counts[s] - group.counts[s];
      const distance = away(change);
      if (distance < (best?.away ?? away(() => 0)) && leaves(change)) best = { other, away: distance };
    }
    if (!best) continue;
    taken.delete(group);
    taken.add(best.other);
    for (const s of have.keys()) have[s] += best.other.counts[s] - group.counts[s];
  }
  return taken;
}
