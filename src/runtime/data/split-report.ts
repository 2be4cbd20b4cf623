/** What is to be said about parts: empty ones, classes that a part lacks, copies on both sides. */
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { Span } from '../../compiler/source/source.ts';
import type { PartName } from './dataset.ts';
import { tiedGroups } from './groups.ts';
import { countOf, type SplitInput, type Parts } from './split.ts';

export interface ReportInput extends SplitInput {
  readonly parts: Parts;
  readonly classes: readonly string[];
  readonly describe: (index: number) => string;
  readonly span: Span;
}

/** Samples of the same content; `indices` ascending. */
export interface Copies {
  readonly hash: string;
  readonly indices: readonly number[];
}

export function findCopies(hashes: readonly string[]): Copies[] {
  const byHash = new Map<string, number[]>();
  hashes.forEach((hash, i) => {
    const list = byHash.get(hash);
    if (list) list.push(i);
    else byHash.set(hash, [i]);
  });
  return [...byHash].filter(([, indices]) => indices.length > 1).map(([hash, indices]) => ({ hash, indices }));
}

export function reportSplit(input: ReportInput): Diagnostic[] {
  const copies = findCopies(input.hashes);
  const cramped = crampedGroups(input);
  const impossible = cramped.find((d) => d.severity === 'error');
  if (impossible) return [impossible];
  return [...emptyParts(input), ...cramped, ...groupsAcross(input), ...lackingClasses(input), ...copiesAcross(input, copies), ...copiesInClasses(input, copies)];
}

const wanted = (input: ReportInput): readonly (readonly [PartName, number])[] =>
  (['test', 'validation'] as const).flatMap((part) => (input.split[part] && !input.part.includes(part === 'test' ? 2 : 1) ? [[part, input.split[part]] as const] : []));

/** A part that the groups leave empty, or far from its size. */
function crampedGroups(input: ReportInput): Diagnostic[] {
  const { groups, hashes, parts, span, split } = input;
  if (!groups) return [];
  const tied = tiedGroups(groups, hashes, split.duplicates === 'together').of;
  const sizes = new Map<number, number>();
  for (const group of tied) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const smallest = [...sizes.values()].reduce((a, b) => Math.min(a, b));
  return wanted(input).flatMap(([part, fraction]) => {
    const from = part === 'test' ? hashes.length - (input.part.includes(1) ? parts.validation.length : 0) : parts.train.length + parts.validation.length;
    const asked = countOf(fraction, from);
    const count = parts[part].length;
    if (asked === 0 || Math.abs(count - asked) <= Math.max(1, asked / 4)) return [];
    return [diagnostic(count === 0 ? 'CNN4124' : 'CNN4125', span, { part, fraction, asked, count, groups: sizes.size, smallest })];
  });
}

/** Parts that the data brings may share groups. */
function groupsAcross({ groups, parts, part, span }: ReportInput): Diagnostic[] {
  if (!groups || part.every((p) => p === 0)) return [];
  const of = (name: PartName): Set<string> => new Set(Array.from(parts[name], (i) => groups[i]));
  const train = of('train');
  return (['test', 'validation'] as const).flatMap((name) => {
    const both = [...of(name)].filter((group) => train.has(group));
    return both.length === 0 ? [] : [diagnostic('CNN4126', span, { part: name, count: both.length, example: both[0] })];
  });
}

function emptyParts(input: ReportInput): Diagnostic[] {
  const count = input.hashes.length;
  const empty = wanted(input).filter(([part]) => input.parts[part].length === 0);
  if (empty.length > 0) return empty.map(([part, fraction]) => diagnostic('CNN4062', input.span, { part, fraction, count }));
  return input.parts.train.length === 0 ? [diagnostic('CNN4062', input.span, { part: 'train', fraction: null, count })] : [];
}

function lackingClasses(input: ReportInput): Diagnostic[] {
  const { classOf, classes, parts, span } = input;
  if (classOf === null) return [];
  const total = classes.map(() => 0);
  for (let i = 0; i < input.hashes.length; i++) total[classOf[i]]++;
  return wanted(input).flatMap(([part, fraction]) => {
    if (parts[part].length === 0) return [];
    const there = new Set(Array.from(parts[part], (i) => classOf[i]));
    const lacking = classes.map((name, label) => ({ name, label, count: total[label] })).filter(({ label, count }) => count > 0 && !there.has(label));
    if (lacking.length === 0) return [];
    return [diagnostic('CNN4063', span, { part, fraction, total: lacking.length, classes: lacking.slice(0, 5).map(({ name, count }) => ({ name, count })) })];
  });
}

function copiesAcross(input: ReportInput, copies: readonly Copies[]): Diagnostic[] {
  const partOf = new Map<number, PartName>();
  for (const name of ['train', 'validation', 'test'] as const) for (const i of input.parts[name]) partOf.set(i, name);
  const pairs: readonly (readonly [PartName, PartName])[] = [['train', 'test'], ['train', 'validation'], ['validation', 'test']];
  return pairs.flatMap(([a, b]) => {
    const both = copies.filter(({ indices }) => indices.some((i) => partOf.get(i) === a) && indices.some((i) => partOf.get(i) === b));
    if (both.length === 0) return [];
    const first = (part: PartName): string => input.describe(both[0].indices.find((i) => partOf.get(i) === part) as number);
    return [diagnostic('CNN4011', input.span, { count: both.length, parts: [a, b], example: [first(a), first(b)], brought: input.part.some((p) => p !== 0) || input.split.by === 'order' })];
  });
}

function copiesInClasses({ classOf, describe, span }: ReportInput, copies: readonly Copies[]): Diagnostic[] {
  if (classOf === null) return [];
  const mixed = copies.filter(({ indices }) => indices.some((i) => classOf[i] !== classOf[indices[0]]));
  if (mixed.length === 0) return [];
  const { indices } = mixed[0];
  const other = indices.find((i) => classOf[i] !== classOf[indices[0]]) as number;
  return [diagnostic('CNN4064', span, { count: mixed.length, example: [describe(indices[0]), describe(other)] })];
}
