/**
 * The data pass of `cnnc check`: counts, pictures that cannot be decoded, copies and near copies across parts, classes with few
 * pictures, sizes that do not suit. Nothing is decoded at full size, and what was found out of a file is kept as long as it does not change.
 */
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { DataFacts, DataPlan } from '../../compiler/model/program.ts';
import { cacheFolder } from '../files/cache-folder.ts';
import type { OpenOptions, PartName } from './dataset.ts';
import { factsOf, probe, spanOf } from './find.ts';
import { lookAt } from './fingerprint.ts';
import type { Look } from './fingerprint.ts';
import { nearCopies } from './near-copies.ts';
import { pick, selectSamples, splitInput, turnedPictures } from './select.ts';
import type { Selected } from './select.ts';
import { countOf, splitSamples } from './split.ts';
import type { Parts } from './split.ts';
import { reportSplit } from './split-report.ts';
import { classCounts, sizesOf, unsuitedSizes } from './survey-report.ts';
import type { Size } from './survey-report.ts';

export interface Survey {
  /** Of the samples that can be used. */
  readonly facts: DataFacts;
  readonly parts: Readonly<Record<PartName, number>>;
  readonly corrupt: readonly { readonly path: string; readonly reason: string }[];
  /** The smallest and the largest by area, as stored; null where the source has one size. */
  readonly sizes: { readonly smallest: Size; readonly largest: Size } | null;
  /** Errors that training would stop for, and warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/** How the program trains, where that matters: null if it is not known. */
export interface Training {
  readonly batch: number;
  /** Classes are weighed or drawn evenly. */
  readonly balanced: boolean;
}

/** Pictures smaller than this, in pixels, are alike by chance (digits). */
const leastSide = 48;

/** Rejects with DiagnosticError for a source that cannot be read at all. */
export async function surveyData(plan: DataPlan, options: OpenOptions, training: Training | null): Promise<Survey> {
  if (plan.source.kind === 'synthetic') return surveyDrawn(plan, await probe(plan, options), training);
  const span = spanOf(plan.source);
  const cache = plan.cache ? (options.cacheFolder ?? cacheFolder()) : null;
  const asked = await selectSamples(plan, options, cache);
  const { pixels } = asked.found;
  const looks = pixels.kind === 'files' ? await lookAt(pixels.root, pixels.paths, cache, options) : null;

  const corrupt = (looks ?? []).flatMap(({ reason }, i) => (reason === null ? [] : [{ path: asked.found.describe(i), reason }]));
  const diagnostics: Diagnostic[] = [...asked.found.warnings];
  if (corrupt.length > 0) diagnostics.push(diagnostic(plan.onCorrupt === 'error' ? 'CNN4059' : 'CNN4060', span, { count: corrupt.length, total: asked.found.count, files: corrupt.slice(0, 10) }));
  const kept = looks ? looks.flatMap(({ reason }, i) => (reason === null ? [i] : [])) : null;
  const selected = kept && corrupt.length > 0 ? pick(asked, kept) : asked;
  const seen = looks && kept ? kept.map((i) => looks[i]) : null;
  const { found } = selected;
  const facts = factsOf(found);

  const input = splitInput(selected, plan);
  const parts = splitSamples(input);
  diagnostics.push(...reportSplit({ ...input, parts, classes: found.labels.classes, describe: found.describe, span }));
  const sizes = (seen ?? []).map(({ width, height }) => [width, height] as const);
  if (seen) {
    const turned = turnedPictures(found, sizes, plan);
    diagnostics.push(...nearAcross(selected, seen, parts, plan), ...turned, ...unsuitedSizes(found, sizes, plan, turned.length > 0));
  }
  diagnostics.push(...classCounts(facts, plan, training), ...largeBatch(parts.train.length, plan, training));
  return { facts, parts: { train: parts.train.length, validation: parts.validation.length, test: parts.test.length }, corrupt, sizes: sizesOf(sizes), diagnostics };
}

/** What the tool draws itself is sound; only its number may be wrong. */
function surveyDrawn(plan: DataPlan, facts: DataFacts, training: Training | null): Survey {
  const count = Math.min(facts.count, plan.limit ?? facts.count);
  const test = plan.split.test ? countOf(plan.split.test, count) : 0;
  const validation = plan.split.validation ? countOf(plan.split.validation, count - test) : 0;
  const parts = { train: count - test - validation, validation, test };
  return { facts: { ...facts, count }, parts, corrupt: [], sizes: null, diagnostics: [...classCounts(facts, plan, training), ...largeBatch(parts.train, plan, training)] };
}

function nearAcross({ found, hashes }: Selected, looks: readonly Look[], parts: Parts, plan: DataPlan): Diagnostic[] {
  const names: readonly PartName[] = ['train', 'validation', 'test'];
  const partOf = new Uint8Array(found.count);
  names.forEach((name, part) => parts[name].forEach((i) => (partOf[i] = part)));
  // Exact copies are CNN4011's: of each content one is compared.
  const first = new Map(hashes.map((hash, i) => [hash, i] as const).reverse());
  const pairs = nearCopies(looks.map(({ small, width, height }, i) => (Math.min(width, height) < leastSide || first.get(hashes[i]) !== i ? null : small)), partOf);
  const between: readonly (readonly [PartName, PartName])[] = [['train', 'test'], ['train', 'validation'], ['validation', 'test']];
  return between.flatMap(([a, b]) => {
    const both = pairs.flatMap(([i, j]) => (names[partOf[i]] === a && names[partOf[j]] === b ? [[i, j] as const] : names[partOf[j]] === a && names[partOf[i]] === b ? [[j, i] as const] : []));
    if (both.length === 0) return [];
    const examples = both.slice(0, 3).map(([i, j]) => [found.describe(i), found.describe(j)] as const);
    return [diagnostic('CNN4093', spanOf(plan.source), { count: new Set(both.map(([, j]) => j)).size, parts: [a, b], examples, total: both.length })];
  });
}

/** An explicit batch is CNN2207's. */
const largeBatch = (train: number, plan: DataPlan, training: Training | null): Diagnostic[] =>
  training !== null && train > 0 && training.batch > train ? [diagnostic('CNN4096', spanOf(plan.source), { batch: training.batch, pictures: train })] : [];

