/**
 * Parts: the test part first, validation of what remains. Which sample goes where depends on its content and the split seed alone,
 * not on names or on what else is there: each content has its place in an order drawn by Philox, and a part takes from its front.
 * Counts are as Keras's `validation_split`: ⌈fraction · n⌉, shared among classes by largest remainders; every class keeps one
 * sample for training. Exact copies go to one part. With `group=` whole groups move, placed by their names.
 */
import { createHash } from 'node:crypto';
import { draws, Purpose } from '../../compiler/graph/philox.ts';
import type { DataPlan } from '../../compiler/model/program.ts';
import type { PartName } from './dataset.ts';
import { chooseGroups, tiedGroups } from './groups.ts';

export interface SplitInput {
  /** Content of each sample, hex. */
  readonly hashes: readonly string[];
  /** Class of each sample; null where there are none (multi-label, values): then samples are taken at random. */
  readonly classOf: ArrayLike<number> | null;
  /** Part that the source brings: 0 train, 1 validation, 2 test. */
  readonly part: Uint8Array;
  readonly orderPerClass: boolean;
  /** Absent: every sample is by itself. */
  readonly groups?: readonly string[];
  readonly split: DataPlan['split'];
}

export type Parts = Readonly<Record<PartName, Int32Array>>;

export function splitSamples(input: SplitInput): Parts {
  const brought = (part: number): number[] => Array.from(input.part.keys()).filter((i) => input.part[i] === part);
  let train = brought(0);
  let [validation, test] = [brought(1), brought(2)];
  if (test.length === 0 && input.split.test) [test, train] = takeFraction(input, train, input.split.test);
  if (validation.length === 0 && input.split.validation) [validation, train] = takeFraction(input, train, input.split.validation);
  const sorted = (indices: number[]): Int32Array => Int32Array.from(indices).sort();
  return { train: sorted(train), validation: sorted(validation), test: sorted(test) };
}

/** The samples that a limit keeps, ascending: of each part its share, by the order of the split. */
export function limitSamples(input: SplitInput, limit: number): number[] {
  const { part, hashes } = input;
  if (limit >= hashes.length) return [...hashes.keys()];
  const kept: number[] = [];
  const present = [0, 1, 2].map((p) => Array.from(part.keys()).filter((i) => part[i] === p));
  const shares = largestRemainders(present.map((indices) => (limit * indices.length) / hashes.length), limit, present.map((indices) => indices.length));
  present.forEach((indices, p) => {
    if (indices.length === 0) return;
    for (const stratum of strata(input, indices, shares[p], 0)) {
      const order = input.split.by === 'order' ? stratum.indices : inSplitOrder(input, stratum.indices);
      kept.push(...order.slice(0, stratum.quota));
    }
  });
  return kept.sort((a, b) => a - b);
}

/** How many of n a fraction is; never all of them. */
export const countOf = (fraction: number, n: number): number => Math.min(Math.ceil(fraction * n - 1e-9), Math.max(0, n - 1));

function takeFraction(input: SplitInput, indices: readonly number[], fraction: number): [number[], number[]] {
  const taken = new Set<number>();
  if (input.groups) takeNamedGroups(input, input.groups, strata(input, indices, countOf(fraction, indices.length), 1), taken);
  else for (const { indices: among, quota } of strata(input, indices, countOf(fraction, indices.length), 1)) {
    if (input.split.by === 'order') for (const i of among.slice(among.length - quota)) taken.add(i);
    else takeGroups(input, among, quota, taken);
  }
  return [indices.filter((i) => taken.has(i)), indices.filter((i) => !taken.has(i))];
}

/** Whole named groups in the order that the seed gives to their names; quotas are met as well as it goes. */
function takeNamedGroups({ hashes, split }: SplitInput, groups: readonly string[], among: readonly Stratum[], taken: Set<number>): void {
  const tied = tiedGroups(groups, hashes, split.duplicates === 'together');
  const members = new Map<number, { readonly members: number[]; readonly counts: number[] }>();
  among.forEach(({ indices }, s) => {
    for (const i of indices) {
      const group = members.get(tied.of[i]) ?? { members: [], counts: among.map(() => 0) };
      members.set(tied.of[i], group);
      group.members.push(i);
      group.counts[s]++;
    }
  });
  const placed = [...members].map(([number, group]) => ({ number, group, hash: createHash('sha256').update(tied.names[number]).digest('hex') }));
  const ordered = placed
    .map((one) => ({ ...one, place: placeOf(one.hash, 0, split.seed) }))
    .sort((a, b) => a.place - b.place || a.number - b.number)
    .map(({ group }) => group);
  for (const group of chooseGroups(ordered, among.map(({ quota }) => quota))) for (const i of group.members) taken.add(i);
}

/** Whole groups of copies from the front of the order, leaving out those that are too large for what is still to be taken. */
function takeGroups(input: SplitInput, among: readonly number[], quota: number, taken: Set<number>): void {
  let left = quota;
  for (const group of groupsOf(input, inSplitOrder(input, among))) {
    if (left === 0) return;
    if (group.length > left) continue;
    for (const i of group) taken.add(i);
    left -= group.length;
  }
}

function groupsOf({ hashes, split }: SplitInput, ordered: readonly number[]): number[][] {
  if (split.duplicates === 'allow') return ordered.map((i) => [i]);
  const groups: number[][] = [];
  // Copies are neighbours in the order: their place is that of their content.
  ordered.forEach((i, at) => (at > 0 && hashes[ordered[at - 1]] === hashes[i] ? groups[groups.length - 1].push(i) : groups.push([i])));
  return groups;
}

interface Stratum {
  readonly indices: readonly number[];
  readonly quota: number;
}

/** Shares `total` among the classes, leaving at least `keep` in each; one stratum of all where classes do not matter. */
function strata(input: SplitInput, indices: readonly number[], total: number, keep: number): Stratum[] {
  const { classOf, split, orderPerClass } = input;
  const perClass = classOf !== null && (split.by === 'stratified' || (split.by === 'order' && orderPerClass));
  if (!perClass) return [{ indices, quota: total }];
  const byClass = new Map<number, number[]>();
  const home = homes(input, indices, classOf);
  for (const i of indices) {
    const label = home.get(input.hashes[i]) ?? classOf[i];
    const list = byClass.get(label);
    if (list) list.push(i);
    else byClass.set(label, [i]);
  }
  const lists = [...byClass.keys()].sort((a, b) => a - b).map((label) => byClass.get(label) as number[]);
  const quotas = largestRemainders(lists.map((list) => (total * list.length) / indices.length), total, lists.map((list) => Math.max(0, list.length - keep)));
  return lists.map((list, c) => ({ indices: list, quota: quotas[c] }));
}

/** Copies that lie in several classes count for the first, so that they stay together. */
function homes({ hashes, split }: SplitInput, indices: readonly number[], classOf: ArrayLike<number>): Map<string, number> {
  const home = new Map<string, number>();
  if (split.duplicates === 'allow' || split.by === 'order') return home;
  for (const i of indices) if (!home.has(hashes[i])) home.set(hashes[i], classOf[i]);
  return home;
}

/** Hamilton's method: whole parts first, then one each by the largest remainder, nobody above its most. */
function largestRemainders(exact: readonly number[], total: number, most: readonly number[]): number[] {
  const counts = exact.map((x, i) => Math.min(Math.floor(x + 1e-9), most[i]));
  let left = total - counts.reduce((a, b) => a + b, 0);
  const order = exact.map((x, i) => ({ i, rest: x - Math.floor(x + 1e-9) })).sort((a, b) => b.rest - a.rest || a.i - b.i);
  for (let gave = true; left > 0 && gave; ) {
    gave = false;
    for (const { i } of order) {
      if (left === 0 || counts[i] >= most[i]) continue;
      counts[i]++;
      left--;
      gave = true;
    }
  }
  return counts;
}

/** Sorted by the place that the seed gives to each content; copies stand together, unless they are to be parted: then each has its own place. */
function inSplitOrder({ hashes, split }: SplitInput, indices: readonly number[]): number[] {
  const copies = new Map<string, number>();
  const copyNumber = (hash: string): number => {
    if (split.duplicates === 'together') return 0;
    const number = copies.get(hash) ?? 0;
    copies.set(hash, number + 1);
    return number;
  };
  return indices
    .map((i) => ({ i, hash: hashes[i], place: placeOf(hashes[i], copyNumber(hashes[i]), split.seed) }))
    .sort((a, b) => a.place - b.place || (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : a.i - b.i))
    .map(({ i }) => i);
}

function placeOf(hash: string, copy: number, seed: number): number {
  const random = draws(seed, Purpose.split, parseInt(hash.slice(0, 8), 16) ^ Math.imul(copy, 0x9e3779b9), parseInt(hash.slice(8, 16), 16));
  return random.uint32() * 0x200000 + (random.uint32() >>> 11);
}
